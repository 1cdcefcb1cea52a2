"""Addresses of the scores."""

from leadferry.console.web.pages import page_path
from leadferry.console.web.scores import editing, views

PAGES = [
    page_path("scores/", views.index, "scores"),
    page_path("scores/recalculate/", editing.recalculate, "scores-recalculate"),
    page_path("scores/new/", editing.add, "scores-new"),
    page_path("scores/<int:score_id>/", views.detail, "scores-detail"),
    page_path("scores/<int:score_id>/contacts/", views.contacts, "scores-contacts"),
    page_path("scores/<int:score_id>/contacts/<int:contact_id>/", views.points, "scores-points"),
    page_path("scores/<int:score_id>/rules/new/<slug:kind>/", editing.add_rule, "scores-rule-new"),
    page_path("scores/<int:score_id>/rules/<int:rule_id>/", editing.edit_rule, "scores-rule"),
    page_path(
        "scores/<int:score_id>/rules/<int:rule_id>/<slug:action>/", editing.act_rule, "scores-rule-act"
    ),
    page_path("scores/<int:score_id>/<slug:action>/", editing.act, "scores-act"),
]
