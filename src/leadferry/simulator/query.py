"""GET query and queryAll: pages of records, and the locator of the next page."""

from collections.abc import Iterable
from typing import Any

from leadferry.simulator.describe import attributes
from leadferry.simulator.errors import bad_request
from leadferry.simulator.schema import Field
from leadferry.simulator.shapes import Json, Row
from leadferry.simulator.soql import parse
from leadferry.simulator.tokens import malformed
from leadferry.simulator.wire import Answer, Call

_LARGEST_PAGE = 2000
_SMALLEST_PAGE = 200
_LOCATOR = "0r8bm0"
_LIFE = 2 * 24 * 3600


def query(call: Call) -> Answer:
    """Living records only."""
    return _run(call, bin_too=False)


def query_all(call: Call) -> Answer:
    """Records of the recycle bin included."""
    return _run(call, bin_too=True)


def _run(call: Call, *, bin_too: bool) -> Answer:
    text = call.query.get("q")
    if not text:
        raise malformed("A query string has to be specified")
    wanted = parse(call.org, text)
    where = wanted.where if bin_too else f"+deleted = 0 AND ({wanted.where})"
    if wanted.counts:
        number = call.org.store.number_of(wanted.sobject, where, wanted.values)
        return Answer(body={"totalSize": number, "done": True, "records": []})
    rows = call.org.store.select(wanted.sobject, where, wanted.values, tail=wanted.tail)
    records = [shown(call, wanted.sobject, wanted.fields, row) for row in rows]
    return _page(call, records, start=0, locator=None, name="queryAll" if bin_too else "query")


def next_page(call: Call, locator: str) -> Answer:
    """GET query/LOCATOR-2000; locators live two days."""
    key, _, start = locator.rpartition("-")
    kept = call.org.store.document("locator", key)
    if kept is None or not start.isdigit() or kept["made"] + _LIFE < call.org.seconds():
        raise bad_request("INVALID_QUERY_LOCATOR", "invalid query locator")
    return _page(call, kept["records"], start=int(start), locator=key, name="query")


def _page(call: Call, records: list[Row], *, start: int, locator: str | None, name: str) -> Answer:
    size = _page_size(call)
    page = records[start : start + size]
    body: dict[str, Any] = {"totalSize": len(records), "done": start + size >= len(records)}
    if not body["done"]:
        locator = locator or _kept(call, records)
        body["nextRecordsUrl"] = f"{call.data_path}/{name}/{locator}-{start + size}"
    return Answer(body=body | {"records": page}, rows=len(page))


def _page_size(call: Call) -> int:
    asked = call.option("sforce-query-options", "batchSize")
    return min(max(int(asked), _SMALLEST_PAGE), _LARGEST_PAGE) if asked.isdigit() else _LARGEST_PAGE


def _kept(call: Call, records: list[Row]) -> str:
    locator = f"{_LOCATOR}{call.org.store.count_up('locator'):012d}"
    call.org.store.put("locator", locator, {"made": call.org.seconds(), "records": records})
    return locator


def shown(call: Call, sobject: str, fields: Iterable[Field], row: Row) -> Row:
    """A record with the fields asked for."""
    found: Row = {"attributes": attributes(call, sobject, row["Id"])}
    for field in fields:
        found[field.name] = value_of(field, row)
    return found


def value_of(field: Field, row: Row) -> Json:
    """A stored value as it is answered; whole numbers of int fields stay whole."""
    if field.type == "address":
        return _address(row)
    return row.get(field.name)


def _address(row: Row) -> dict[str, Any] | None:
    parts = ("Street", "City", "State", "PostalCode", "Country", "Latitude", "Longitude", "GeocodeAccuracy")
    values = {name[0].lower() + name[1:]: row.get(name) for name in parts}
    return values if any(value is not None for value in values.values()) else None
