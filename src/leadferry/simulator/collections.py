"""sObject collections: up to 200 rows in one call, one result a row, in the order of the rows."""

from collections.abc import Callable, Iterable
from typing import Any

from leadferry.simulator import errors
from leadferry.simulator.drafts import Draft, Result
from leadferry.simulator.errors import ApiError, RowError, bad_request
from leadferry.simulator.ids import PREFIXES
from leadferry.simulator.rows import Saver, saver
from leadferry.simulator.shapes import Json
from leadferry.simulator.upserts import held_by_id, key_of, upsert
from leadferry.simulator.wire import Answer, Call

_FIRST_WITH_UPSERT = 46


class _RolledBackError(Exception):
    """Carries the results out of a transaction that is undone."""


def upsert_rows(call: Call, sobject: str, key: str) -> Answer:
    """PATCH composite/sobjects/Lead/Key__c: update what has the key, insert the rest; from v46 on."""
    if call.version < _FIRST_WITH_UPSERT:
        raise errors.not_found()
    records, whole = _asked(call)
    _one_type(records, sobject)
    writer = saver(call, known_object(call, sobject))
    found = key_of(writer, key)
    return _answered(call, lambda: upsert(writer, found, writer.read_all(records)), whole=whole)


def create_rows(call: Call) -> Answer:
    """POST composite/sobjects."""
    records, whole = _asked(call)
    rows = _with_types(call, records)
    return _answered(call, lambda: [_inserted(call, row) for row in rows], whole=whole)


def update_rows(call: Call) -> Answer:
    """PATCH composite/sobjects: each row names its id."""
    records, whole = _asked(call)
    rows = _with_types(call, records)
    return _answered(call, lambda: [_updated(call, row) for row in rows], whole=whole)


def delete_rows(call: Call) -> Answer:
    """DELETE composite/sobjects?ids=: into the recycle bin."""
    ids = [each for each in call.query.get("ids", "").split(",") if each]
    _check_number(call, len(ids))
    whole = call.query.get("allOrNone", "false").lower() == "true"
    return _answered(call, lambda: [deleted(call, id_) for id_ in ids], whole=whole)


def known_object(call: Call, sobject: str) -> str:
    """The object's own spelling; 404 when the organization has none of that name."""
    found = next((name for name in call.org.schemas if name.lower() == sobject.lower()), None)
    if found is None:
        raise errors.not_found()
    return found


def _asked(call: Call) -> tuple[list[Any], bool]:
    """The rows of a request, and whether it is all of them or none."""
    body = call.record()
    unknown = set(body) - {"allOrNone", "records"}
    if unknown:
        name = sorted(unknown)[0]
        raise bad_request("JSON_PARSER_ERROR", f'Unrecognized field "{name}" at [line:1, column:2]')
    whole = call.flag(body, "allOrNone")
    records = body.get("records")
    if records is not None and not isinstance(records, list):
        raise bad_request("JSON_PARSER_ERROR", "records has to be an array at [line:1, column:2]")
    _check_number(call, len(records or []))
    return records or [], whole


def _check_number(call: Call, number: int) -> None:
    if number == 0:
        raise bad_request("REQUIRED_FIELD_MISSING", "At least 1 record is required")
    most = call.org.settings.max_rows
    if number > most:
        text = f"record limit reached. cannot submit more than {most} records into this call"
        raise ApiError(call.org.settings.over_limit_status, "EXCEEDED_ID_LIMIT", text)


def _type_of(record: Json) -> str:
    attributes = record.get("attributes") if isinstance(record, dict) else None
    named = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(named, str):
        raise bad_request("INVALID_TYPE", "The entity type of each record is required in its attributes")
    return named


def _one_type(records: Iterable[Any], sobject: str) -> None:
    for record in records:
        named = _type_of(record)
        if named.lower() != sobject.lower():
            text = f"The record type '{named}' does not match the requested type '{sobject}'"
            raise bad_request("INVALID_TYPE", text)


def _with_types(call: Call, records: Iterable[Any]) -> list[tuple[Saver, Draft]]:
    """All rows read before the first is saved: one unreadable value refuses the whole request."""
    writers: dict[str, Saver] = {}
    read = []
    for record in records:
        named = known_object(call, _type_of(record))
        writer = writers.setdefault(named, saver(call, named))
        read += [(writer, draft) for draft in writer.read_all([record])]
    return read


def _answered(call: Call, save: Callable[[], list[Result]], *, whole: bool) -> Answer:
    """The rows' results; with allOrNone (`whole`) the innocent rows of a failed request are told so."""
    results: list[Result] = []
    try:
        with call.org.store.atomic():
            results = save()
            if whole and not all(each.success for each in results):
                raise _RolledBackError
    except _RolledBackError:
        results = [Result(errors=each.errors or (errors.ROLLED_BACK,)) for each in results]
    return Answer(body=[each.as_json() for each in results], pretty=True, rows=len(results))


def _inserted(call: Call, row: tuple[Saver, Draft]) -> Result:
    writer, draft = row
    if draft.id is not None:
        text = "cannot specify Id in an insert call"
        return Result(
            errors=(RowError(code="INVALID_FIELD_FOR_INSERT_UPDATE", message=text, fields=("Id",)),)
        )
    return writer.insert(draft)


def _updated(call: Call, row: tuple[Saver, Draft]) -> Result:
    writer, draft = row
    if draft.id is None:
        return Result(
            errors=(RowError(code="MISSING_ARGUMENT", message="Id not specified in an update call"),)
        )
    found = held_by_id(call, writer.schema.sobject, draft.id)
    if isinstance(found, RowError):
        return Result(errors=(found,))
    return writer.update(found, draft)


def deleted(call: Call, id_: str) -> Result:
    """One row moved to the recycle bin."""
    sobject = next((name for name, prefix in PREFIXES.items() if id_.startswith(prefix)), "Lead")
    found = held_by_id(call, sobject, id_)
    if isinstance(found, RowError):
        return Result(errors=(found,))
    stamp = call.org.stamp()
    call.org.store.update(found | {"IsDeleted": True, "LastModifiedDate": stamp, "SystemModstamp": stamp})
    return Result(id=found["Id"])
