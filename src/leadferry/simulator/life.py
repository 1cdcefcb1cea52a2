"""What people do to leads in the organization: convert, delete, restore, merge; and the rules they set up."""

import re
from typing import Any

from leadferry.simulator.errors import ControlError
from leadferry.simulator.ids import canonical
from leadferry.simulator.org import Org
from leadferry.simulator.shapes import Row

_MOST_LISTED = 2000


def leads(org: Org, said: dict[str, Any]) -> list[Row]:
    """GET leads?field=&value=&limit=: all leads with all fields, deleted ones too, oldest first."""
    rows = org.store.select("Lead")
    if "field" in said:
        found = org.leads.find(str(said["field"]))
        if found is None:
            raise ControlError(f"Lead has no field {said['field']}")
        rows = [row for row in rows if str(row.get(found.name)) == str(said.get("value"))]
    limit = str(said.get("limit", ""))
    return rows[: int(limit)] if limit.isdigit() else rows


def _row(org: Org, id_: str) -> Row:
    known = canonical(id_)
    row = org.store.get("Lead", known) if known else None
    if row is None:
        raise ControlError(f"there is no lead {id_}")
    return row


def _touched(org: Org, row: Row, changes: Row) -> Row:
    stamp = org.stamp()
    changed = {**row, **changes, "LastModifiedDate": stamp, "SystemModstamp": stamp}
    org.store.update(changed)
    return changed


def convert(org: Org, said: dict[str, Any], id_: str) -> Row:
    """POST leads/ID/convert: an account, a contact and an opportunity take its place."""
    changes: Row = {
        f"Converted{name}Id": org.store.next_id(name) for name in ("Account", "Contact", "Opportunity")
    }
    changes |= {
        "IsConverted": True,
        "Status": "Closed - Converted",
        "ConvertedDate": org.now().date().isoformat(),
    }
    return _touched(org, _row(org, id_), changes)


def delete(org: Org, said: dict[str, Any], id_: str) -> Row:
    """POST leads/ID/delete {"hard": false}: into the recycle bin, or out of the organization."""
    row = _row(org, id_)
    if said.get("hard"):
        org.store.erase(row["Id"])
        return row
    return _touched(org, row, {"IsDeleted": True})


def undelete(org: Org, said: dict[str, Any], id_: str) -> Row:
    """POST leads/ID/undelete: back from the bin, unless somebody else has its unique value by now."""
    row = _row(org, id_)
    for field in org.leads:
        value = row.get(field.name)
        if field.unique and value is not None:
            holders = org.store.holders("Lead", org.sql_of(field), [value])
            if any(not other["IsDeleted"] and other["Id"] != row["Id"] for other in holders):
                raise ControlError(f"DUPLICATE_VALUE: another lead has the same {field.name}")
    return _touched(org, row, {"IsDeleted": False, "MasterRecordId": None})


def merge(org: Org, said: dict[str, Any], id_: str) -> Row:
    """POST leads/ID/merge {"winner": id}: the loser goes to the bin and names the winner."""
    winner = _row(org, str(said.get("winner", "")))
    loser = _row(org, id_)
    if winner["Id"] == loser["Id"]:
        raise ControlError("a lead cannot be merged into itself")
    _touched(org, winner, {})
    return _touched(org, loser, {"IsDeleted": True, "MasterRecordId": winner["Id"]})


def list_rules(org: Org, said: dict[str, Any]) -> list[dict[str, Any]]:
    return list(org.store.documents("rule").values())


def add_rule(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    """POST rules {"name", "field", "pattern", "message", "at_field"}: refuses leads whose field matches."""
    found = org.leads.find(str(said.get("field", "")))
    if found is None or not said.get("message"):
        raise ControlError("a validation rule needs a field of Lead, a pattern and a message")
    try:
        pattern = re.compile(str(said.get("pattern", ""))).pattern
    except re.error as error:
        raise ControlError(f"the pattern is no regular expression: {error}") from None
    rule: dict[str, Any] = {
        "name": str(said.get("name") or f"rule{org.store.count_up('rule')}"),
        "field": found.name,
        "pattern": pattern,
        "message": str(said["message"]),
        "at_field": bool(said.get("at_field", True)),
    }
    org.store.put("rule", rule["name"], rule)
    return rule


def drop_rule(org: Org, said: dict[str, Any], name: str) -> dict[str, str]:
    org.store.drop("rule", name)
    return {"removed": name}


def add_owner(org: Org, said: dict[str, Any]) -> dict[str, str]:
    """POST owners {"name", "type": "User" | "Queue"}: somebody who can own leads."""
    kinds = {"User": "User", "Queue": "Group"}
    sobject = kinds.get(str(said.get("type", "User")))
    if sobject is None:
        raise ControlError("type is User or Queue")
    stamp = org.stamp()
    body = {"Id": org.store.next_id(sobject), "Name": str(said.get("name", "Owner")), "IsDeleted": False}
    org.store.insert(
        sobject, {**body, "CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp}
    )
    return {"id": str(body["Id"])}
