"""Addresses of the quarantine."""

from leadferry.console.web.pages import page_path
from leadferry.console.web.quarantined import views

PAGES = [
    page_path("quarantine/", views.index, "quarantine"),
    page_path("quarantine/unblock/", views.unblock, "quarantine-unblock"),
    page_path("quarantine/cause/<path:cause>/", views.cause, "quarantine-cause"),
]
