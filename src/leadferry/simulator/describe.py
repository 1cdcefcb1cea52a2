"""What the organization says about its objects: global list, Lead's fields, and whether they changed."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from leadferry.simulator.collections import known_object
from leadferry.simulator.entries import entry
from leadferry.simulator.errors import not_simulated
from leadferry.simulator.ids import PREFIXES
from leadferry.simulator.wire import Answer, Call

_ABILITIES = (
    "createable", "updateable", "deletable", "undeletable", "mergeable", "replicateable", "queryable",
    "retrieveable", "searchable", "layoutable", "triggerable", "activateable",
)  # fmt: skip


def outline(call: Call, sobject: str) -> dict[str, Any]:
    """An object as the global list tells it: everything but fields."""
    base = f"{call.data_path}/sobjects/{sobject}"
    urls = {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"}
    return {
        **dict.fromkeys(_ABILITIES, True),
        "custom": False,
        "customSetting": False,
        "deprecatedAndHidden": False,
        "feedEnabled": sobject == "Lead",
        "hasSubtypes": False,
        "keyPrefix": PREFIXES[sobject],
        "label": sobject,
        "labelPlural": f"{sobject}s",
        "mergeable": sobject == "Lead",
        "name": sobject,
        "urls": urls,
    }


def list_objects(call: Call) -> Answer:
    """GET sobjects."""
    listed = [outline(call, name) for name in sorted(call.org.schemas)]
    return Answer(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})


def show_object(call: Call, sobject: str) -> Answer:
    """GET sobjects/Lead: the outline and the records seen last."""
    name = known_object(call, sobject)
    recent = call.org.store.select(name, "deleted = 0", tail="ORDER BY seq DESC LIMIT 5")
    items = [
        {"attributes": attributes(call, name, row["Id"]), "Id": row["Id"], "Name": row.get("Name")}
        for row in recent
    ]
    return Answer(body={"objectDescribe": outline(call, name), "recentItems": items})


def describe_object(call: Call, sobject: str) -> Answer:
    """GET sobjects/Lead/describe; 304 when nothing changed since `If-Modified-Since`."""
    name = known_object(call, sobject)
    changed = datetime.fromtimestamp(int(call.org.schema_changed()), UTC)
    headers = {"Last-Modified": format_datetime(changed, usegmt=True)}
    since = call.headers.get("if-modified-since")
    if since and _instant(since) >= changed:
        return Answer(status=304, headers=headers)
    master = {
        "active": True, "available": True, "defaultRecordTypeMapping": True, "developerName": "Master",
        "master": True, "name": "Master", "recordTypeId": "012000000000000AAA", "urls": {},
    }  # fmt: skip
    fields = [entry(field) for field in call.org.schemas[name].visible()]
    lists: dict[str, list[str]] = {
        "actionOverrides": [],
        "childRelationships": [],
        "namedLayoutInfos": [],
        "supportedScopes": [],
    }
    body = {
        **outline(call, name),
        **lists,
        "fields": fields,
        "recordTypeInfos": [master],
        "searchLayoutable": True,
    }
    return Answer(body=body, headers=headers)


def _instant(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def attributes(call: Call, sobject: str, id_: str) -> dict[str, str]:
    """The `attributes` of a record in an answer."""
    return {"type": sobject, "url": f"{call.data_path}/sobjects/{sobject}/{id_}"}


def layouts(call: Call, sobject: str) -> Answer:
    raise not_simulated(f"The layout description of {sobject}")
