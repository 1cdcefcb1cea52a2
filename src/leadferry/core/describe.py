"""What the org says about its Lead object, reduced to what a mapping needs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

EXTERNAL_ID_LENGTH = 32
_TEXT_TYPES = "string textarea phone url email picklist multipicklist combobox reference id encryptedstring"
TEXT_TYPES = frozenset(_TEXT_TYPES.split())
NUMBER_TYPES = frozenset({"int", "long", "double", "currency", "percent"})

_FIELD_KEYS = {
    "name": "name",
    "label": "label",
    "type": "type",
    "length": "length",
    "precision": "precision",
    "scale": "scale",
    "digits": "digits",
    "nillable": "nillable",
    "createable": "createable",
    "updateable": "updateable",
    "defaultedOnCreate": "defaulted_on_create",
    "externalId": "external_id",
    "unique": "unique",
    "idLookup": "id_lookup",
    "custom": "custom",
    "restrictedPicklist": "restricted_picklist",
}
_PICKLIST_KEYS = ("value", "label", "active")


class BadDescribe(ValueError):
    """What was read is not a describe of an object."""


@dataclass(frozen=True, kw_only=True)
class PicklistEntry:
    """One entry of a picklist: `value` is stored, `label` is shown."""

    value: str
    label: str
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class LeadField:
    """One field of Lead as the org describes it; lengths in characters, digits as in the describe page.

    A `length` of 0 means that no limit is known.
    """

    name: str
    label: str = ""
    type: str = "string"
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted_on_create: bool = False
    external_id: bool = False
    unique: bool = False
    id_lookup: bool = False
    custom: bool = False
    restricted_picklist: bool = False
    picklist: tuple[PicklistEntry, ...] = ()

    @property
    def required(self) -> bool:
        """Whether an insert without it fails (REST guide, describe result)."""
        return self.createable and not self.nillable and not self.defaulted_on_create

    @property
    def is_text(self) -> bool:
        return self.type in TEXT_TYPES

    @property
    def title(self) -> str:
        """How Salesforce calls the field in its messages: the label."""
        return self.label or self.name

    @cached_property
    def choices(self) -> frozenset[str]:
        """The values of the active picklist entries."""
        return frozenset(entry.value for entry in self.picklist if entry.active)


@dataclass(frozen=True, kw_only=True)
class LeadDescribe:
    """The fields of Lead that the connected user can see, by lower-case name."""

    fields: Mapping[str, LeadField]

    def field(self, name: str) -> LeadField | None:
        """The field of that API name in any case, or None: not there, or hidden by field-level security."""
        return self.fields.get(name.lower())

    def required_fields(self) -> tuple[LeadField, ...]:
        return tuple(field for field in self.fields.values() if field.required)

    @cached_property
    def fingerprint(self) -> str:
        """32 hex digits that change when anything a mapping depends on changes."""
        ordered = [repr(self.fields[name]) for name in sorted(self.fields)]
        return blake2b("\n".join(ordered).encode(), digest_size=16).hexdigest()


def reduced(describe: Mapping[str, Any]) -> dict[str, Any]:
    """The describe with only the keys `parse_describe` reads; idempotent. Raises `BadDescribe`."""
    entries = describe.get("fields")
    if not isinstance(entries, list):
        raise BadDescribe("a describe has a list called fields")
    return {"name": describe.get("name", "Lead"), "fields": [_reduced_field(entry) for entry in entries]}


def _reduced_field(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: entry[key] for key in _FIELD_KEYS if key in entry}
    if entry.get("picklistValues"):
        kept["picklistValues"] = [
            {key: choice[key] for key in _PICKLIST_KEYS if key in choice}
            for choice in entry["picklistValues"]
        ]
    return kept


def parse_describe(describe: Mapping[str, Any] | str | bytes) -> LeadDescribe:
    """A describe, whole or reduced, as JSON or as text of JSON. Raises `BadDescribe`."""
    try:
        document = json.loads(describe) if isinstance(describe, str | bytes) else describe
        entries = [_parsed_field(entry) for entry in document["fields"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadDescribe(f"this is not a describe: {error}") from error
    return described(entries)


def described(entries: Iterable[LeadField]) -> LeadDescribe:
    """A describe of these fields."""
    return LeadDescribe(fields={entry.name.lower(): entry for entry in entries})


def _parsed_field(entry: Mapping[str, Any]) -> LeadField:
    values = {ours: entry[theirs] for theirs, ours in _FIELD_KEYS.items() if entry.get(theirs) is not None}
    choices = tuple(_parsed_choice(choice) for choice in entry.get("picklistValues") or ())
    return LeadField(**values, picklist=choices)


def _parsed_choice(choice: Mapping[str, Any]) -> PicklistEntry:
    value = choice["value"]
    return PicklistEntry(value=value, label=choice.get("label") or value, active=choice.get("active", True))


def changed_fields(old: LeadDescribe, new: LeadDescribe) -> set[str]:
    """API names of the fields that were added, removed or altered between two describes."""
    touched = {*old.fields, *new.fields}
    return {
        (new.fields.get(name) or old.fields[name]).name
        for name in touched
        if old.fields.get(name) != new.fields.get(name)
    }


def unfit_as_external_id(field: LeadField) -> Sequence[str]:
    """Why the field cannot hold our external ID, one sentence a reason; empty when it fits.

    Text of 32, unique and external ID (interface description, section 2); writable by the connected user.
    """
    reasons = {
        "It is not a text field.": field.type != "string",
        f"It is shorter than {EXTERNAL_ID_LENGTH} characters.": field.length < EXTERNAL_ID_LENGTH,
        "It is not marked as an external ID.": not field.external_id,
        "It is not marked as unique.": not field.unique,
        "The connected user may not write it.": not (field.createable and field.updateable),
    }
    return [reason for reason, applies in reasons.items() if applies]


def fits_external_id(field: LeadField) -> bool:
    """Whether the field can hold our external ID; `unfit_as_external_id` gives the reasons why not."""
    return not unfit_as_external_id(field)
