"""Addresses of the organization of a site; its callback is one for all sites, as Salesforce wants it."""

from django.urls import path

from leadferry.console.web.organization import callback, views
from leadferry.console.web.pages import page_path

PAGES = [
    path("organization/callback/", callback.returned, name=callback.NAME),
    page_path("organization/", views.index, "organization"),
    page_path("organization/test/", views.test, "organization-test"),
    page_path("organization/connect/", views.connect, "organization-connect"),
    page_path("organization/disconnect/", views.disconnect, "organization-disconnect"),
    page_path("organization/confirm/", views.confirm, "organization-confirm"),
    page_path("organization/sign-in/<slug:flow>/", views.sign_in, "organization-sign_in"),
]
