"""The filter of the list: simple, advanced, and its state in the address."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from leadferry.engine.listing.sorting import DEFAULT, ORDERS
from leadferry.engine.listing.wanted import NOT_REPLICATED, REPLICATED, STATUSES, Wanted

CLASS = {"class": "lf-select"}
REPLICATION = [
    ("", "all"),
    (REPLICATED, "replicated into Salesforce leads"),
    (NOT_REPLICATED, "not replicated into Salesforce leads"),
    *((status, f"status: {status.replace('_', ' ')}") for status in STATUSES),
]
SORTED = {
    "-created": "newest first",
    "created": "oldest first",
    "last_name": "last name",
    "first_name": "first name",
    "email": "e-mail",
    "key": "key",
    "-score": "best score first",
    "-last_name": "last name, from the end",
    "-first_name": "first name, from the end",
    "-email": "e-mail, from the end",
    "-key": "key, from the end",
}
TEXTS = ("search", "name", "email", "status", "phone", "owner", "country", "state", "city")


def _text(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput(attrs=CLASS))


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **CLASS}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class ContactFilter(forms.Form):
    """Product description, section 2: simple and advanced filter."""

    SIMPLE = ("search", "name", "email", "status", "replication")
    ADVANCED = ("phone", "owner", "country", "state", "city", "created_from", "created_to")

    search = _text("Search (key, e-mail or name)")
    name = _text("Name begins with")
    email = _text("E-mail begins with")
    status = _text("Status")
    replication = forms.ChoiceField(
        label="Replication", required=False, choices=REPLICATION, widget=forms.Select(attrs=CLASS)
    )
    phone = _text("Any phone contains")
    owner = _text("Owner")
    country = _text("Country")
    state = _text("State")
    city = _text("City")
    created_from = _day("Created from")
    created_to = _day("Created to")
    order = forms.ChoiceField(
        label="Order", required=False, choices=list(SORTED.items()), widget=forms.Select(attrs=CLASS)
    )

    def wanted(self) -> Wanted:
        """What is asked for; a field that makes no sense is left out and marked."""
        given = self._given()
        return Wanted(**{name: value for name, value in given.items() if name != "order" and value})

    def sorted_by(self) -> str:
        order = str(self._given().get("order") or "")
        return order if order in ORDERS else DEFAULT

    def advanced(self) -> bool:
        """Whether the advanced part says something, so that it has to be seen."""
        return any(self._given().get(name) or name in self.errors for name in self.ADVANCED)

    def query(self) -> str:
        """The filter for an address."""
        return urlencode({name: value for name, value in self._given().items() if value})

    @property
    def simple_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.SIMPLE, "order")]

    @property
    def advanced_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ADVANCED]

    def _given(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
