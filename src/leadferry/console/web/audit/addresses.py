"""Addresses of the audit."""

from leadferry.console.web.audit import views
from leadferry.console.web.pages import page_path

PAGES = [
    page_path("audit/", views.changes, "audit"),
    page_path("audit/actions/", views.actions, "audit-actions"),
]
