"""What changed and what was deleted in a span of time."""

from datetime import datetime, timedelta
from typing import Any

from leadferry.simulator.collections import known_object
from leadferry.simulator.errors import bad_request
from leadferry.simulator.values import moment, timestamp
from leadferry.simulator.wire import Answer, Call

_STAMP = "json_extract(body, '$.SystemModstamp')"
_UPDATED_BACK = timedelta(days=30)
_DELETED_BACK = timedelta(days=15)


def updated(call: Call, sobject: str) -> Answer:
    """GET sobjects/Lead/updated?start=&end=: ids; at most 30 days back, seconds ignored."""
    name = known_object(call, sobject)
    start, end = _span(call, _UPDATED_BACK)
    rows = call.org.store.select(name, f"deleted = 0 AND {_STAMP} >= ? AND {_STAMP} < ?", (start, end))
    return Answer(body={"ids": [row["Id"] for row in rows], "latestDateCovered": end})


def deleted(call: Call, sobject: str) -> Answer:
    """GET sobjects/Lead/deleted?start=&end=: ids and times; at most 15 days back."""
    name = known_object(call, sobject)
    start, end = _span(call, _DELETED_BACK)
    rows = call.org.store.select(name, f"deleted = 1 AND {_STAMP} >= ? AND {_STAMP} < ?", (start, end))
    body: dict[str, Any] = {
        "deletedRecords": [{"deletedDate": row["SystemModstamp"], "id": row["Id"]} for row in rows],
        "earliestDateAvailable": timestamp(call.org.now() - _DELETED_BACK),
        "latestDateCovered": end,
    }
    return Answer(body=body)


def _span(call: Call, back: timedelta) -> tuple[str, str]:
    start, end = (_minute(call, name) for name in ("start", "end"))
    if end <= start:
        raise bad_request(
            "INVALID_REPLICATION_DATE", "endDate must be at least one minute greater than startDate"
        )
    if start < call.org.now() - back - timedelta(minutes=1):
        raise bad_request("INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
    return timestamp(start), timestamp(end)


def _minute(call: Call, name: str) -> datetime:
    # An unescaped plus of the offset arrives as a blank.
    text = call.query.get(name, "").replace(" ", "+")
    try:
        return moment(text).replace(second=0, microsecond=0)
    except ValueError:
        raise bad_request("MALFORMED_QUERY", f"{name} is not a date and time: {text}") from None
