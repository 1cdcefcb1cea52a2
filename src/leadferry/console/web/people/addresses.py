"""Addresses of the people."""

from leadferry.console.web.pages import page_path
from leadferry.console.web.people import profile, views

PAGES = [
    page_path("people/", views.index, "people"),
    page_path("people/add/", views.add, "people-add"),
    page_path("people/<int:user_id>/", views.edit, "people-edit"),
    page_path("people/<int:user_id>/<slug:action>/", views.act, "people-act"),
    page_path("profile/", profile.own, "profile"),
]
