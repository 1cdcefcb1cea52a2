"""Addresses of the settings."""

from leadferry.console.web.pages import page_path
from leadferry.console.web.settings import views

PAGES = [
    page_path("settings/", views.index, "settings"),
    page_path("settings/effects/", views.effects, "settings-effects"),
    page_path("settings/template/", views.template, "settings-template"),
]
