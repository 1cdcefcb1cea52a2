"""Addresses of the dashboard."""

from leadferry.console.web.dashboard import views
from leadferry.console.web.pages import page_path

PAGES = [page_path("", views.index, "dashboard")]
