"""The sources that a row of the mapping offers, and how one is written in the form.

A source is one text: field:last_name, field:custom.tier, special:score, value:Web (a picklist entry), or one
of TAKES_TEXT, whose text stands beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from leadferry.contacts.models import Contact, Site
from leadferry.core.contact import CONTACT_FIELDS
from leadferry.core.describe import LeadField
from leadferry.core.preflight import takes
from leadferry.core.rule import CUSTOM_PREFIX, SPECIALS

CONSTANT, TEMPLATE, CUSTOM = "constant", "template", "custom"
TAKES_TEXT = {
    CONSTANT: "a constant …",
    TEMPLATE: "a template …",
    CUSTOM: "a custom field by name …",
}
MOST_ENTRIES = 300
CONTACTS_LOOKED_AT = 200
ARROW = "=>"

SPECIAL_LABELS = {
    "company": "company, or the default company",
    "lead_description": "lead description",
    "country": "country",
    "state": "state",
    "score": "score",
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Options of one kind: what is sent and what is read."""

    label: str
    options: tuple[tuple[str, str], ...]


def groups(field: LeadField, customs: Sequence[str], chosen: str) -> list[Group]:
    """What the field may be filled from; contact fields that do not fit its type come last."""
    fitting = [name for name, kind in CONTACT_FIELDS.items() if takes(field, kind)]
    others = [name for name in CONTACT_FIELDS if name not in fitting]
    names = [f"{CUSTOM_PREFIX}{name}" for name in customs]
    if chosen.startswith(f"field:{CUSTOM_PREFIX}") and chosen.removeprefix("field:") not in names:
        names.append(chosen.removeprefix("field:"))
    entries = [entry.value for entry in field.picklist if entry.active][:MOST_ENTRIES]
    made = [
        Group(label="Contact fields", options=tuple(_fields(fitting))),
        Group(label="Custom fields", options=tuple(_fields(names))),
        Group(label="Picklist entries", options=tuple((f"value:{entry}", entry) for entry in entries)),
        Group(label="Special values", options=tuple(_specials())),
        Group(label="Contact fields of another type", options=tuple(_fields(others))),
    ]
    return [group for group in made if group.options]


def _fields(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((f"field:{name}", name.replace("_", " ").replace(".", ": ")) for name in names)


def _specials() -> Iterator[tuple[str, str]]:
    return ((f"special:{name}", SPECIAL_LABELS[name]) for name in SPECIALS)


def custom_names(site: Site) -> list[str]:
    """Names of custom fields that some of the site's contacts have; others may be typed in.

    The first by key, which is the one order that costs nothing however many there are.
    """
    found: QuerySet[Contact] = Contact.objects.filter(site=site).order_by("key")
    some = found.values_list("custom", flat=True)[:CONTACTS_LOOKED_AT]
    return sorted({name for custom in some for name in (custom or {})})


def in_form(raw: Any, field: LeadField) -> dict[str, str]:
    """A source as in the file, as the parts of the form: source, text, values, overflow."""
    table: Mapping[str, Any] = {"field": raw} if isinstance(raw, str) else raw
    parts = {"source": "", "text": "", "values": "", "overflow": str(table.get("overflow", "reject"))}
    parts["values"] = "\n".join(f"{key} {ARROW} {value}" for key, value in table.get("values", {}).items())
    if "template" in table:
        return parts | {"source": TEMPLATE, "text": str(table["template"])}
    if "value" in table:
        return parts | _constant_in_form(table["value"], field)
    kind = "special" if "special" in table else "field"
    return parts | {"source": f"{kind}:{table.get(kind, '')}"}


def _constant_in_form(value: Any, field: LeadField) -> dict[str, str]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in [entry.value for entry in field.picklist if entry.active][:MOST_ENTRIES]:
        return {"source": f"value:{text}", "text": ""}
    return {"source": CONSTANT, "text": text}


def in_file(parts: Mapping[str, str], before: Any) -> Any:
    """The source as in the file. A constant whose text did not change keeps the type that it had `before`."""
    kind, _, name = parts["source"].partition(":")
    text = parts["text"].replace("\r\n", "\n")
    if kind in (CONSTANT, "value"):
        return {"value": _constant(name if kind == "value" else text.strip(), before)}
    source: dict[str, Any] = {kind: name}
    if kind == TEMPLATE:
        source = {"template": text}
    elif kind == CUSTOM:
        source = {"field": CUSTOM_PREFIX + text.strip().removeprefix(CUSTOM_PREFIX)}
    if values := _values(parts["values"]):
        source["values"] = values
    if parts["overflow"] != "reject":
        source["overflow"] = parts["overflow"]
    return source["field"] if set(source) == {"field"} else source


def _constant(text: str, before: Any) -> Any:
    was = before.get("value") if isinstance(before, Mapping) else None
    shown = str(was).lower() if isinstance(was, bool) else str(was)
    return was if was is not None and shown == text else text


def _values(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line.strip()]
    pairs = [line.partition(ARROW) for line in lines]
    return {key.strip(): value.strip() for key, _, value in pairs}
