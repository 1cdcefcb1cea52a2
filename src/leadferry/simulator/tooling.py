"""The part of the Tooling API that makes a custom field of Lead."""

from http import HTTPStatus
from typing import Any

from leadferry.simulator import errors
from leadferry.simulator.errors import bad_request, not_simulated
from leadferry.simulator.schema import Field
from leadferry.simulator.wire import Answer, Call

_TYPES = {
    "Text": "string",
    "TextArea": "textarea",
    "LongTextArea": "textarea",
    "Number": "double",
    "Currency": "currency",
    "Percent": "percent",
    "Checkbox": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "Email": "email",
    "Phone": "phone",
    "Url": "url",
}
_LENGTHS = {"email": 80, "phone": 40, "url": 255, "textarea": 255}


def create_field(call: Call) -> Answer:
    """POST tooling/sobjects/CustomField: 201; the field stays hidden until a permission set shows it."""
    body = call.record()
    sobject, _, name = str(body.get("FullName", "")).partition(".")
    metadata = body.get("Metadata")
    if sobject != "Lead":
        raise not_simulated(f"A custom field of {sobject or 'an unnamed object'}")
    if not name.endswith("__c") or not isinstance(metadata, dict):
        raise bad_request("INVALID_FIELD", f"Invalid fullName: {body.get('FullName')}")
    if call.org.leads.find(name) is not None:
        text = f"There is already a field named {name.removesuffix('__c')} on Lead."
        raise bad_request("DUPLICATE_DEVELOPER_NAME", text)
    call.org.put_field(_field(name, metadata))
    id_ = call.org.store.next_id("CustomField")
    call.org.store.put("custom field", id_, name)
    answer = {"id": id_, "success": True, "errors": [], "warnings": [], "infos": []}
    return Answer(status=HTTPStatus.CREATED, body=answer)


def _field(name: str, metadata: dict[str, Any]) -> Field:
    kind = str(metadata.get("type", ""))
    if kind not in _TYPES:
        raise not_simulated(f"A custom field of type {kind or '(none)'}")
    type_ = _TYPES[kind]
    if kind == "Text" and not metadata.get("length"):
        raise bad_request("FIELD_INTEGRITY_EXCEPTION", "You must specify the length for a field of type Text")
    return Field(
        name=name,
        label=str(metadata.get("label", name)),
        type=type_,
        length=int(metadata.get("length") or _LENGTHS.get(type_, 0)),
        precision=int(metadata.get("precision") or 0),
        scale=int(metadata.get("scale") or 0),
        nillable=not metadata.get("required", False),
        external_id=bool(metadata.get("externalId")),
        unique=bool(metadata.get("unique")),
        case_sensitive=bool(metadata.get("caseSensitive")),
        hidden=not metadata.get("required", False),
    )


def delete_field(call: Call, id_: str) -> Answer:
    """DELETE tooling/sobjects/CustomField/ID: 204."""
    name = call.org.store.document("custom field", id_)
    if name is None:
        raise errors.not_found()
    call.org.drop_field(name)
    call.org.store.drop("custom field", id_)
    return Answer(status=HTTPStatus.NO_CONTENT)


def query_fields(call: Call) -> Answer:
    raise not_simulated("A query of the Tooling API")
