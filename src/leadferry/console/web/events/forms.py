"""The filter of the event log."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from leadferry.ledger.event_log import Wanted
from leadferry.ledger.events import ERROR, INFORMATION, WARNING

SOURCES = (
    "replication",
    "reconciliation",
    "quarantine",
    "contacts",
    "configuration",
    "organization",
    "tasks",
)
CLASS = {"class": "lf-select"}
LOCAL = {"type": "datetime-local", **CLASS}


def _text(label: str, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.TextInput(attrs=CLASS)
    )


def _choice(label: str, values: tuple[str, ...]) -> forms.ChoiceField:
    choices = [("", "any"), *((value, value) for value in values)]
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.Select(attrs=CLASS))


class EventFilter(forms.Form):
    """Product description, section 7: filter by each column, text search. The site stands in the address."""

    type = _choice("Type", (INFORMATION, WARNING, ERROR))
    source = _choice("Source", SOURCES)
    code = _text("Code", 80)
    contact = _text("Contact (key)", 200)
    run = _text("Run", 20)
    user = _text("User", 150)
    since = forms.DateTimeField(
        label="From (UTC)", required=False, widget=forms.DateTimeInput(attrs=LOCAL, format="%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        label="To (UTC)", required=False, widget=forms.DateTimeInput(attrs=LOCAL, format="%Y-%m-%dT%H:%M")
    )
    text = _text("Text in the description", 200)

    def wanted(self, sites: list[str] | None, *, replication_errors: bool) -> Wanted:
        """What is asked for; a field that makes no sense is left out and marked."""
        self.full_clean()
        given: dict[str, Any] = self.cleaned_data
        texts = ("type", "source", "code", "contact", "run", "user", "text")
        return Wanted(
            sites=sites,
            replication_errors=replication_errors,
            since=_instant(given.get("since")),
            until=_instant(given.get("until")),
            **{name: (given.get(name) or "").strip() for name in texts},
        )


def _instant(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=UTC) if given else None
