"""The sections of the console, as the sidebar shows them. A section appears once its page has an address."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from leadferry.console.people.models import Role
from leadferry.console.people.roles import role_of
from leadferry.console.web.pages import REMEMBERED

Item = tuple[str, str, str, Role]
GROUPS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "",
        (
            ("Dashboard", "dashboard", "monitoring", Role.VIEWER),
            ("Contacts", "contacts", "group", Role.VIEWER),
            ("Scores", "scores", "military_tech", Role.VIEWER),
        ),
    ),
    (
        "Replication",
        (
            ("Settings", "settings", "tune", Role.VIEWER),
            ("Mapping", "mapping", "conversion_path", Role.VIEWER),
            ("Organization", "organization", "cloud", Role.VIEWER),
        ),
    ),
    (
        "What happened",
        (
            ("Runs", "runs", "history", Role.VIEWER),
            ("Quarantine", "quarantine", "block", Role.VIEWER),
            ("Event log", "events", "list_alt", Role.VIEWER),
            ("Scheduled tasks", "tasks", "schedule", Role.VIEWER),
        ),
    ),
    (
        "Administration",
        (
            ("People", "people", "badge", Role.ADMINISTRATOR),
            ("Audit", "audit", "fact_check", Role.ADMINISTRATOR),
        ),
    ),
)
"""Title, name of the address, icon (Material Symbols), the role it takes."""


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar for who asks: links to the site that they work on, the section they are in marked."""
    return [{"title": title, "items": list(_items(request, items))} for title, items in GROUPS]


def account(request: HttpRequest) -> list[dict[str, str]]:
    """The links below the person's name."""
    return [
        {"title": "Your profile", "link": reverse("profile", args=[None])},
        {"title": "Change password", "link": reverse("admin:password_change")},
    ]


def _items(request: HttpRequest, items: tuple[Item, ...]) -> Iterator[dict[str, Any]]:
    code = request.session.get(REMEMBERED)
    role = role_of(request.user, getattr(request, "site", None)) or Role.VIEWER
    here = request.resolver_match.view_name if request.resolver_match else ""
    for title, name, icon, needed in items:
        try:
            link = reverse(name, args=[code])
        except NoReverseMatch:
            continue
        if role >= needed:
            # Addresses below a section are named after it: tasks, tasks-edit.
            yield {"title": title, "icon": icon, "link": link, "active": here.partition("-")[0] == name}
