"""One field as describe tells it, with every key of API v59."""

from typing import Any

from leadferry.simulator.schema import Field

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
