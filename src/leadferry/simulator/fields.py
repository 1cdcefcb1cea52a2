"""The control API's hand on Lead's fields: added, altered, hidden, removed."""

from dataclasses import replace
from typing import Any

from leadferry.simulator.errors import ControlError
from leadferry.simulator.org import Org
from leadferry.simulator.schema import Field

_TYPES = frozenset(
    {
        "string", "textarea", "phone", "url", "email", "picklist", "multipicklist", "boolean", "int",
        "double", "currency", "percent", "date", "datetime", "reference",
    }
)  # fmt: skip
_LENGTHS = {"string": 255, "textarea": 255, "email": 80, "phone": 40, "url": 255, "picklist": 255}
_NUMBERS = {"double": (18, 2), "currency": (18, 2), "percent": (18, 2)}
_WORDS = {"required": "nillable"}


def listed(org: Org, said: dict[str, Any]) -> list[dict[str, Any]]:
    """GET fields: all of them, hidden ones too."""
    return [
        {**vars(each), "values": list(each.values), "refers_to": list(each.refers_to)} for each in org.leads
    ]


def put(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    """POST fields {"name", "type", "length", "required", "hidden", "values", ...}: adds or alters a field."""
    name = str(said.get("name", ""))
    found = org.leads.find(name)
    if found is None and not name.endswith("__c"):
        raise ControlError(f"Lead has no field {name}, and a custom one ends in __c")
    changes = _changes(said)
    field = replace(found, **changes) if found else _new(name, changes)
    org.put_field(field)
    return {**vars(field), "values": list(field.values), "refers_to": list(field.refers_to)}


def _changes(said: dict[str, Any]) -> dict[str, Any]:
    """The details as the field's own; `required: true` is `nillable: false`."""
    known = set(Field.__dataclass_fields__) - {"name", "nillable"} | set(_WORDS)
    unknown = set(said) - known - {"name"}
    if unknown:
        raise ControlError(
            f"a field has no {', '.join(sorted(unknown))}; it takes {', '.join(sorted(known))}"
        )
    changes = {name: value for name, value in said.items() if name not in ("name", "required")}
    for name in ("values", "refers_to"):
        if name in changes:
            changes[name] = tuple(changes[name])
    if "required" in said:
        changes["nillable"] = not said["required"]
    if changes.get("type", "string") not in _TYPES:
        raise ControlError(f"type is one of {', '.join(sorted(_TYPES))}")
    return changes


def _new(name: str, changes: dict[str, Any]) -> Field:
    type_ = changes.get("type", "string")
    precision, scale = _NUMBERS.get(type_, (0, 0))
    usual: dict[str, Any] = {
        "label": name.removesuffix("__c").replace("_", " "),
        "type": type_,
        "length": _LENGTHS.get(type_, 0),
        "precision": precision,
        "scale": scale,
        "digits": 9 if type_ == "int" else 0,
        "defaulted": type_ == "boolean",
    }
    return Field(name=name, **{**usual, **changes})


def remove(org: Org, said: dict[str, Any], name: str) -> dict[str, str]:
    """DELETE fields/NAME: a custom field and what describe says of it."""
    found = org.leads.find(name)
    if found is None or not found.custom:
        raise ControlError(f"Lead has no custom field {name}")
    org.drop_field(found.name)
    return {"removed": found.name}
