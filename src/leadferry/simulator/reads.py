"""Many rows by id in one call; up to 2,000 by POST."""

from leadferry.simulator.collections import known_object
from leadferry.simulator.errors import bad_request
from leadferry.simulator.ids import canonical
from leadferry.simulator.query import shown
from leadferry.simulator.shapes import Row
from leadferry.simulator.wire import Answer, Call

_MOST = 2000


def read_rows(call: Call, sobject: str) -> Answer:
    """The rows in the order of their ids; null where there is no living row."""
    name = known_object(call, sobject)
    ids, names = _asked(call)
    if not ids or len(ids) > _MOST:
        raise bad_request("EXCEEDED_ID_LIMIT", f"between 1 and {_MOST} ids are allowed")
    schema = call.org.schemas[name]
    fields = [schema.seen(each) for each in names]
    for each, found in zip(names, fields, strict=True):
        if found is None:
            raise bad_request("INVALID_FIELD", f"No such column '{each}' on entity '{name}'.")
    known = [each for each in fields if each]
    rows = [_living(call, name, id_) for id_ in ids]
    body = [shown(call, name, known, row) if row else None for row in rows]
    return Answer(body=body, pretty=True, rows=len(body))


def _asked(call: Call) -> tuple[list[str], list[str]]:
    if call.method == "POST":
        body = call.record()
        return list(body.get("ids", [])), list(body.get("fields", []))
    split = (call.query.get(name, "").split(",") for name in ("ids", "fields"))
    ids, names = ([each.strip() for each in part if each.strip()] for part in split)
    return ids, names


def _living(call: Call, sobject: str, id_: object) -> Row | None:
    known = canonical(id_) if isinstance(id_, str) else None
    row = call.org.store.get(sobject, known) if known else None
    return None if row is None or row["IsDeleted"] else row
