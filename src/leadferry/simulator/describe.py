"""What the organization says about its objects: global list, Lead's fields, and whether they changed."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from leadferry.simulator.collections import known_object
from leadferry.simulator.errors import not_simulated
from leadferry.simulator.ids import PREFIXES
from leadferry.simulator.schema import Field
from leadferry.simulator.wire import Answer, Call

_SOAP = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
}
_NAME_PARTS = frozenset({"FirstName", "LastName", "Salutation"})
_ADDRESS_PARTS = frozenset(
    {"Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude", "GeocodeAccuracy"}
)
# Keys of a field entry that are the same for every field here (API v59, in full with those of `entry`).
_CONSTANT: dict[str, Any] = {
    "aiPredictionField": False,
    "autoNumber": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "polymorphicForeignKey": False,
    "queryByDistance": False,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "searchPrefilterable": False,
    "writeRequiresMasterRead": False,
}
_ABILITIES = (
    "createable", "updateable", "deletable", "undeletable", "mergeable", "replicateable", "queryable",
    "retrieveable", "searchable", "layoutable", "triggerable", "activateable",
)  # fmt: skip


def entry(field: Field) -> dict[str, Any]:
    """One field as describe tells it, with every key of API v59."""
    return dict(sorted({**_CONSTANT, **_measures(field), **_rights(field), **_relations(field)}.items()))


def _measures(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "soapType": _SOAP.get(field.type, "xsd:string"),
        "length": field.length,
        "byteLength": field.length * 3 if field.type not in ("id", "reference") else field.length,
        "precision": field.precision,
        "scale": field.scale,
        "digits": field.digits,
        "picklistValues": [_choice(value, field) for value in field.values],
        "defaultValue": field.default,
        "extraTypeInfo": _extra(field),
        "compoundFieldName": _compound(field.name),
    }


def _rights(field: Field) -> dict[str, Any]:
    long = field.type == "textarea" and field.length > 255
    return {
        "nillable": field.nillable,
        "createable": field.createable,
        "updateable": field.updateable,
        "defaultedOnCreate": field.defaulted,
        "idLookup": field.is_key,
        "externalId": field.external_id,
        "unique": field.unique,
        "caseSensitive": field.case_sensitive,
        "restrictedPicklist": field.restricted,
        "custom": field.custom,
        "calculated": field.name == "Name",
        "nameField": field.name == "Name",
        "permissionable": field.nillable and (field.createable or field.updateable),
        "aggregatable": not long and field.type not in ("boolean", "address"),
        "filterable": not long and field.type != "address",
        "groupable": not long and field.type not in ("double", "currency", "percent", "datetime", "address"),
        "sortable": not long and field.type != "address",
    }


def _relations(field: Field) -> dict[str, Any]:
    return {
        "referenceTo": list(field.refers_to),
        "relationshipName": field.name.removesuffix("Id") if field.refers_to else None,
        "namePointing": field.name == "OwnerId",
    }


def _choice(value: str, field: Field) -> dict[str, Any]:
    default = value == field.default
    return {"active": True, "defaultValue": default, "label": value, "validFor": None, "value": value}


def _extra(field: Field) -> str | None:
    if field.type == "textarea":
        return "plaintextarea"
    return "personname" if field.name in _NAME_PARTS else None


def _compound(name: str) -> str | None:
    if name in _NAME_PARTS:
        return "Name"
    return "Address" if name in _ADDRESS_PARTS else None


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
