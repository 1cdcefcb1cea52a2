"""Addresses of the event log."""

from leadferry.console.web.events import views
from leadferry.console.web.pages import page_path

PAGES = [
    page_path("events/", views.index, "events"),
    page_path("events/export/<slug:form>/", views.export, "events-export"),
    page_path("events/<int:number>/", views.detail, "events-detail"),
]
