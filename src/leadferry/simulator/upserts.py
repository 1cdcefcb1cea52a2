"""Rows matched by a key: which row has it, and what to do when none, several, or a deleted one does."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from leadferry.simulator import errors
from leadferry.simulator.drafts import Draft, Result
from leadferry.simulator.errors import RowError
from leadferry.simulator.ids import canonical
from leadferry.simulator.rows import Saver
from leadferry.simulator.schema import Field
from leadferry.simulator.shapes import Json, Row
from leadferry.simulator.wire import Call


def key_of(writer: Saver, name: str) -> Field:
    """The field that rows are matched by; 404 in the platform's words when it cannot be one."""
    found = writer.schema.seen(name)
    if found is None or not found.is_key:
        text = f"Provided external ID field does not exist or is not accessible: {name}"
        raise errors.not_found(text)
    return found


def upsert(writer: Saver, key: Field, drafts: Sequence[Draft]) -> list[Result]:
    """Each draft saved over the row that holds its key, or as a new one."""
    held = _held(writer, key, drafts)
    times = Counter(_normal(key, draft) for draft in drafts)
    seen: set[Any] = set()
    results = []
    for draft in drafts:
        value = _normal(key, draft)
        repeated = times[value] > 1 and (value in seen or writer.org.settings.repeated_key == "all")
        seen.add(value)
        if repeated and value is not None:
            results.append(Result(errors=(_repeated(key, value),)))
        else:
            results.append(_upserted(writer, key, draft, held.get(value, [])))
    return results


def _normal(key: Field, draft: Draft) -> Json:
    """A draft's key as it is compared: by case only where the field is case-sensitive."""
    value = canonical(draft.id or "") if key.type == "id" else draft.values.get(key.name)
    return value.casefold() if isinstance(value, str) and not key.minds_case else value


def _held(writer: Saver, key: Field, drafts: Sequence[Draft]) -> dict[Any, list[Row]]:
    values = {_normal(key, draft) for draft in drafts} - {None}
    rows = writer.org.store.holders(writer.schema.sobject, writer.org.sql_of(key), values)
    found: dict[Any, list[Row]] = {}
    for row in rows:
        value = row[key.name]
        folded = value.casefold() if isinstance(value, str) and not key.minds_case else value
        found.setdefault(folded, []).append(row)
    return found


def _repeated(key: Field, value: Json) -> RowError:
    text = f"Duplicate external id specified: {value}"
    return RowError(code="DUPLICATE_VALUE", message=text, fields=(key.name,))


def _upserted(writer: Saver, key: Field, draft: Draft, holders: Sequence[Row]) -> Result:
    refusal = _keyless(key, draft)
    if refusal:
        return Result(errors=(refusal,))
    living = [row for row in holders if not row["IsDeleted"]]
    if len(living) > 1:
        return Result(errors=(several(key, living),))
    if not living and holders and writer.org.settings.deleted_key != "insert":
        return _met_in_the_bin(writer, holders[-1], draft)
    result = writer.update(living[0], draft) if living else writer.insert(draft)
    return result if result.errors else Result(id=result.id, created=not living)


def _keyless(key: Field, draft: Draft) -> RowError | None:
    if key.type == "id":
        return None
    if draft.id is not None:
        text = "The Id field should not be specified in the sobject data."
        return RowError(code="INVALID_FIELD", message=text, fields=("Id",))
    if draft.values.get(key.name) is None:
        text = f"{key.name} not specified"
        return RowError(code="MISSING_ARGUMENT", message=text, fields=(key.name,))
    return None


def several(key: Field, holders: Sequence[Row]) -> RowError:
    """More than one living row has the key."""
    listed = ", ".join(row["Id"] for row in holders)
    text = f"{key.label}: more than one record found for external id field: [{listed}]"
    return RowError(code="DUPLICATE_EXTERNAL_ID", message=text, fields=(key.name,))


def _met_in_the_bin(writer: Saver, row: Row, draft: Draft) -> Result:
    """What nobody has documented, as the setting `deleted_key` has it."""
    if writer.org.settings.deleted_key == "error":
        return Result(errors=(errors.DELETED,))
    result = writer.update(row | {"IsDeleted": False}, draft)
    return result if result.errors else Result(id=result.id, created=False)


def held_by_id(call: Call, sobject: str, id_: object) -> Row | RowError:
    """The living row with that id, or why there is none."""
    known = canonical(id_) if isinstance(id_, str) else None
    if known is None:
        return RowError(code="MALFORMED_ID", message=f"malformed id {id_}", fields=("Id",))
    row = call.org.store.get(sobject, known)
    if row is None:
        return RowError(code="INVALID_CROSS_REFERENCE_KEY", message="invalid cross reference id")
    return errors.DELETED if row["IsDeleted"] else row
