"""Addresses of the mapping editor."""

from leadferry.console.web.mapping import organization, views
from leadferry.console.web.pages import page_path

PAGES = [
    page_path("mapping/", views.index, "mapping"),
    page_path("mapping/preview/", views.preview, "mapping-preview"),
    page_path("mapping/read/", organization.read_again, "mapping-read"),
    page_path("mapping/key/", organization.create_key, "mapping-key"),
]
