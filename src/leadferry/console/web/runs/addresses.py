"""Addresses of the runs."""

from leadferry.console.web.pages import page_path
from leadferry.console.web.runs import views

PAGES = [
    page_path("runs/", views.index, "runs"),
    page_path("runs/execute/", views.execute, "runs-execute"),
    page_path("runs/<int:run_id>/", views.detail, "runs-detail"),
    page_path("runs/<int:run_id>/cancel/", views.cancel, "runs-cancel"),
]
