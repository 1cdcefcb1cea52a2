"""What an administrator adds to an object: duplicate rules and validation rules."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from leadferry.simulator.errors import RowError
from leadferry.simulator.org import Org
from leadferry.simulator.shapes import Json, Row
from leadferry.simulator.store import column

_RULE = "Standard_Lead_Duplicate_Rule"


def duplicate_errors(
    org: Org, values: Mapping[str, Any], held: Row | None, *, allow_save: bool
) -> list[RowError]:
    """The refusal of a duplicate rule; an alerting one yields to a save that allows it."""
    settings = org.settings
    value = values.get(settings.duplicate_field)
    if (
        settings.duplicate_rule == "off"
        or value is None
        or (allow_save and settings.duplicate_rule == "alert")
    ):
        return []
    if held is not None and held.get(settings.duplicate_field) == value:
        return []
    twins = _twins(org, value, own=held["Id"] if held else None)
    if not twins:
        return []
    detail = _detail(twins, org, allow_save=settings.duplicate_rule == "alert")
    return [RowError(code="DUPLICATES_DETECTED", message=settings.duplicate_message, detail=detail)]


def _twins(org: Org, value: Json, *, own: str | None) -> list[str]:
    where = column(org.settings.duplicate_field, case_sensitive=False)
    rows = org.store.holders("Lead", where, [value])
    return [row["Id"] for row in rows if row["Id"] != own and not row["IsDeleted"]]


def _detail(twins: list[str], org: Org, *, allow_save: bool) -> dict[str, Any]:
    """The `duplicateResult` of a single-row refusal."""
    records = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {
                "attributes": {"type": "Lead", "url": f"/services/data/v67.0/sobjects/Lead/{id_}"},
                "Id": id_,
            },
        }
        for id_ in twins
    ]
    match = {
        "entityType": "Lead",
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": records,
        "rule": "Standard_Lead_Match_Rule_v1_0",
        "size": len(records),
        "success": True,
    }
    return {
        "allowSave": allow_save,
        "duplicateRule": _RULE,
        "duplicateRuleEntityType": "Lead",
        "errorMessage": org.settings.duplicate_message,
        "matchResults": [match],
    }


def validation_errors(rules: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> list[RowError]:
    """The texts of all validation rules that the row breaks: its field matches the rule's expression."""
    return [_broken(rule) for rule in rules if re.search(rule["pattern"], _as_text(row.get(rule["field"])))]


def _as_text(value: Json) -> str:
    return "" if value is None else str(value)


def _broken(rule: Mapping[str, Any]) -> RowError:
    fields = (rule["field"],) if rule.get("at_field", True) else ()
    return RowError(code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message=rule["message"], fields=fields)
