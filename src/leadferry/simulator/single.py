"""Calls about one row: create, read, change, delete, and upsert by an external id."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from leadferry.simulator import errors
from leadferry.simulator.collections import deleted, known_object
from leadferry.simulator.drafts import Result
from leadferry.simulator.errors import ApiError, RefusedRowError, RowError, bad_request
from leadferry.simulator.query import shown
from leadferry.simulator.rows import Saver, saver
from leadferry.simulator.schema import Field
from leadferry.simulator.shapes import Row
from leadferry.simulator.upserts import held_by_id, key_of, upsert
from leadferry.simulator.values import moment
from leadferry.simulator.wire import Answer, Call

_LAST_WITHOUT_BODY = 45
_MOST_MATCHES = 1
# The one ending that the REST guide names: its servers take such an address for that of a file.
_FILE_LIKE = ".inc"


def create_row(call: Call, sobject: str) -> Answer:
    """POST sobjects/Lead: 201."""
    writer = saver(call, known_object(call, sobject))
    [draft] = writer.read_all([call.record()])
    if draft.id is not None:
        raise bad_request("INVALID_FIELD", "The Id field should not be specified in the sobject data.")
    result = _good(call, writer.insert(draft))
    return Answer(status=HTTPStatus.CREATED, body=result.as_json(), rows=1)


def read_row(call: Call, sobject: str, id_: str) -> Answer:
    """GET sobjects/Lead/ID: all visible fields, or those of `fields`."""
    name = known_object(call, sobject)
    row = _living(call, name, id_, gone=errors.not_found())
    headers = {"Last-Modified": _http_date(row)}
    since = call.headers.get("if-modified-since")
    if since and _modified(row) <= parsedate_to_datetime(since):
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Answer(body=shown(call, name, _fields(call, name), row), headers=headers, rows=1)


def read_row_by_key(call: Call, sobject: str, key: str, value: str) -> Answer:
    """GET sobjects/Lead/Key__c/VALUE."""
    writer = saver(call, known_object(call, sobject))
    rows = _holders(writer, key_of(writer, key), value)
    if not rows:
        raise errors.not_found()
    if len(rows) > _MOST_MATCHES:
        return _several(call, sobject, rows)
    return Answer(body=shown(call, writer.schema.sobject, writer.schema.visible(), rows[0]), rows=1)


def _fields(call: Call, sobject: str) -> list[Field]:
    schema = call.org.schemas[sobject]
    asked = [name.strip() for name in call.query.get("fields", "").split(",") if name.strip()]
    found = [schema.seen(name) for name in asked]
    for name, each in zip(asked, found, strict=True):
        if each is None:
            raise bad_request("INVALID_FIELD", f"No such column '{name}' on entity '{sobject}'.")
    return [each for each in found if each] or schema.visible()


def _modified(row: Row) -> datetime:
    return moment(row["LastModifiedDate"]).replace(microsecond=0)


def _http_date(row: Row) -> str:
    return format_datetime(_modified(row).astimezone(UTC), usegmt=True)


def change_row(call: Call, sobject: str, id_: str) -> Answer:
    """PATCH sobjects/Lead/ID: 204."""
    writer = saver(call, known_object(call, sobject))
    [draft] = writer.read_all([call.record()])
    row = _living(
        call, writer.schema.sobject, id_, gone=errors.DELETED.as_request_error(version=call.version)
    )
    unless = call.headers.get("if-unmodified-since")
    if unless and _modified(row) > parsedate_to_datetime(unless):
        raise ApiError(HTTPStatus.PRECONDITION_FAILED, "PRECONDITION_FAILED", "The record was modified")
    _good(call, writer.update(row, draft))
    return Answer(status=HTTPStatus.NO_CONTENT, rows=1)


def delete_row(call: Call, sobject: str, id_: str) -> Answer:
    """DELETE sobjects/Lead/ID: 204, and the row is in the recycle bin."""
    name = known_object(call, sobject)
    _living(call, name, id_, gone=errors.DELETED.as_request_error(version=call.version))
    _good(call, deleted(call, id_))
    return Answer(status=HTTPStatus.NO_CONTENT, rows=1)


def _living(call: Call, sobject: str, id_: str, *, gone: ApiError) -> Row:
    found = held_by_id(call, sobject, id_)
    if isinstance(found, RowError):
        raise gone if found is errors.DELETED else errors.not_found()
    return found


def upsert_row(call: Call, sobject: str, key: str, value: str) -> Answer:
    """PATCH sobjects/Lead/Key__c/VALUE: 201 created, 200 updated (204 up to v45), 300 several."""
    writer = saver(call, known_object(call, sobject))
    field = key_of(writer, key)
    record = call.record()
    if any(name.lower() in ("id", field.name.lower()) for name in record):
        text = f"The {field.name} field should not be specified in the sobject data."
        raise bad_request("INVALID_FIELD", text)
    holders = _holders(writer, field, value)
    if len(holders) > _MOST_MATCHES:
        return _several(call, sobject, holders)
    if not holders and call.query.get("updateOnly", "").lower() == "true":
        raise errors.not_found()
    named: Any = value if field.type != "id" else None
    drafts = writer.read_all([{**record, field.name: named} if named else {**record, "Id": value}])
    [result] = upsert(writer, field, drafts)
    _good(call, result)
    if call.version <= _LAST_WITHOUT_BODY and not result.created:
        return Answer(status=HTTPStatus.NO_CONTENT, rows=1)
    status = HTTPStatus.CREATED if result.created else HTTPStatus.OK
    return Answer(status=status, body=result.as_json(), rows=1)


def _holders(writer: Saver, field: Field, value: str) -> list[Row]:
    """The living rows that have the key; 404 for a value that looks like the name of a file."""
    if value.lower().endswith(_FILE_LIKE):
        raise errors.not_found()
    rows = writer.org.store.holders(writer.schema.sobject, writer.org.sql_of(field), [value])
    return [row for row in rows if not row["IsDeleted"]]


def _several(call: Call, sobject: str, rows: list[Row]) -> Answer:
    """More than one row has the key: their addresses, nothing written."""
    urls = [f"{call.data_path}/sobjects/{sobject}/{row['Id']}" for row in rows]
    return Answer(status=HTTPStatus.MULTIPLE_CHOICES, body=urls)


def _good(call: Call, result: Result) -> Result:
    if result.errors:
        raise RefusedRowError([each.as_request_error(version=call.version) for each in result.errors])
    return result
