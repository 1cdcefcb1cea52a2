"""The editor of a contact."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django import forms
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from leadferry.contacts.models import Contact
from leadferry.contacts.reading import PREFIX
from leadferry.core.contact import CONTACT_FIELDS, MAX_INTEGER, MAX_KEY, MAX_NOTES, MAX_TEXT, FieldKind

WORKED_OUT = frozenset({"created", "modified"})
LABELS = {"email": "E-mail", "zip": "ZIP", "address1": "Address 1", "address2": "Address 2"}
NEW_CUSTOM = ("new_name", "new_value")
STATED = {None: "", True: "yes", False: "no"}
ANONYMOUS = (("", "worked out: who has neither name nor e-mail"), ("yes", "yes"), ("no", "no"))


class ContactForm(forms.Form):
    """Every field that people may set, and the custom ones; a new contact has a key, too.

    When a contact was created and modified is worked out; so is who is anonymous, unless that is stated.
    """

    def __init__(self, contact: Contact | None, posted: Any = None) -> None:
        self._custom: Mapping[str, Any] = orjson.loads(contact.custom) if contact and contact.custom else {}
        super().__init__(posted, initial=self._initial(contact) if contact else None)
        if contact is None:
            self.fields["key"] = _text(
                "Key", MAX_KEY, required=True, help_text="The website's own identifier; it stays as it is."
            )
        self.fields.update({name: _field(name) for name in CONTACT_FIELDS if name not in WORKED_OUT})
        self.fields.update({f"{PREFIX}{name}": _text(f"Custom: {name}", MAX_TEXT) for name in self._custom})
        self.fields["new_name"] = _text("New custom field: name", 100)
        self.fields["new_value"] = _text("New custom field: value", MAX_TEXT)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new_value") and not given.get("new_name"):
            self.add_error("new_name", "Give the field a name.")
        return given

    def changes(self) -> dict[str, object]:
        """What was altered, by column as in an import; an empty value clears."""
        return dict(self._changes())

    def _changes(self) -> Iterator[tuple[str, object]]:
        for name in self.changed_data:
            value = self.cleaned_data[name]
            if name.startswith(PREFIX):
                yield name, _as_before(self._custom[name.removeprefix(PREFIX)], value)
            elif name == "new_name":
                yield f"{PREFIX}{value}", self.cleaned_data["new_value"]
            elif name not in ("key", *NEW_CUSTOM):
                yield name, value

    def blame(self, field: str, reason: str) -> None:
        """Mark the field at fault."""
        self.add_error(
            field if field in self.fields else None,
            f"{field}: allowed is {reason}" if field and field not in self.fields else reason,
        )

    def _initial(self, contact: Contact) -> dict[str, Any]:
        named = {name: getattr(contact, name) for name in CONTACT_FIELDS}
        named["anonymous"] = STATED[contact.anonymous_stated]
        return named | {f"{PREFIX}{name}": _text_of(value) for name, value in self._custom.items()}


def _field(name: str) -> forms.Field:
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    if name == "anonymous":
        return forms.ChoiceField(
            label=label, required=False, choices=ANONYMOUS, widget=UnfoldAdminSelectWidget
        )
    match CONTACT_FIELDS[name]:
        case FieldKind.DATE:
            widget = UnfoldAdminDateWidget(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(label=label, required=False, widget=widget)
        case FieldKind.BOOLEAN:
            return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget)
        case FieldKind.INTEGER:
            return forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=MAX_INTEGER,
                widget=UnfoldAdminIntegerFieldWidget,
            )
    if name == "notes":
        return _text(label, MAX_NOTES, widget=UnfoldAdminTextareaWidget)
    return _text(label, MAX_TEXT)


def _text(label: str, longest: int, **rest: Any) -> forms.CharField:
    wanted = {"required": False, "widget": UnfoldAdminTextInputWidget, **rest}
    return forms.CharField(label=label, max_length=longest, **wanted)


def _text_of(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_before(before: object, text: str) -> object:
    """The text as the kind of value that the custom field had, where it is one."""
    if isinstance(before, bool):
        return {"true": True, "false": False}.get(text.lower(), text)
    if isinstance(before, int | float) and text:
        return _number(text)
    return text


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            found = kind(text)
        except ValueError:
            continue
        return found if math.isfinite(found) else text
    return text
