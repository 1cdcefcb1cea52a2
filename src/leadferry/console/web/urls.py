"""Addresses of the console. A page of a site is added to PAGES by `page_path`."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from leadferry.console.web import signing_in, switching
from leadferry.console.web.audit import addresses as audit
from leadferry.console.web.contacts import addresses as contacts
from leadferry.console.web.dashboard import addresses as dashboard
from leadferry.console.web.events import addresses as events
from leadferry.console.web.mapping import addresses as mapping
from leadferry.console.web.organization import addresses as organization
from leadferry.console.web.people import addresses as people
from leadferry.console.web.quarantined import addresses as quarantined
from leadferry.console.web.runs import addresses as runs
from leadferry.console.web.scheduled import addresses as scheduled
from leadferry.console.web.scores import addresses as scores
from leadferry.console.web.settings import addresses as settings
from leadferry.console.web.site import console

PAGES = [
    *contacts.PAGES,
    *dashboard.PAGES,
    *events.PAGES,
    *quarantined.PAGES,
    *runs.PAGES,
    *scheduled.PAGES,
    *scores.PAGES,
    *mapping.PAGES,
    *organization.PAGES,
    *people.PAGES,
    *audit.PAGES,
    *settings.PAGES,
]

urlpatterns = [
    path("", switching.home, name="home"),
    path("switch/", switching.switch, name="switch"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/<str:token>/", signing_in.by_link, name="sign-in-link"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    *PAGES,
    path("admin/", console.urls),
]
