"""Activities from outside: each is inserted once, however often it is imported."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice

from django.db import transaction

from leadferry.contacts import rows
from leadferry.contacts.activity_rows import NewActivity
from leadferry.contacts.lock import hold
from leadferry.contacts.merged_activities import insert
from leadferry.contacts.models import Site
from leadferry.contacts.report import Report
from leadferry.contacts.sources import BadFile, ContactSource, Row, Unreadable
from leadferry.core.contact import BadValue, clean_key, clean_text

CHUNK = 4_000
COLUMNS = ("key", "type", "time", "url", "title", "value")
REQUIRED = COLUMNS[:3]
MAX_TYPE = 100
MAX_URL = 2_000
FIRST_YEAR = 1990


def import_activities(
    site: Site,
    source: ContactSource,
    *,
    now: datetime,
    after_chunk: Callable[[Sequence[int]], None],
    on_progress: Callable[[int], None] | None = None,
) -> Report:
    """Take the source's records as activities of the site's contacts; an exact repetition is "unchanged".

    `after_chunk` gets the ids of the contacts that did something new, inside the transaction of their chunk.
    An activity alone makes nobody due; a score that it changes does. Times run from `FIRST_YEAR` to the year
    after `now`. Raises `BadFile` as `import_contacts`.
    """
    _check(source.columns)
    report = Report()
    records = iter(source)
    while chunk := list(islice(records, CHUNK)):
        read = list(_read(chunk, report, last_year=now.year + 1))
        with transaction.atomic():
            hold(site.pk)
            if touched := _store(site.pk, read, report):
                after_chunk(touched)
        if on_progress:
            on_progress(source.done)
    return report.in_order()


def _check(columns: Sequence[str] | None) -> None:
    if columns is None:
        return
    if missing := [name for name in REQUIRED if name not in columns]:
        raise BadFile(f"no column is named {missing[0]}; activities need {', '.join(REQUIRED)}")
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise BadFile(f"column {unknown[0]} is not known; those of activities are {', '.join(COLUMNS)}")


Read = tuple[int, str, NewActivity]


def _read(chunk: Iterable[tuple[int, Row]], report: Report, *, last_year: int) -> Iterator[Read]:
    for line, row in chunk:
        if isinstance(row, Unreadable):
            report.reject(line, None, row.reason)
            continue
        try:
            yield line, clean_key(row.get("key")), _activity(row, last_year)
        except BadValue as fault:
            report.reject(line, None, str(fault))


def _activity(row: Mapping[str, object], last_year: int) -> NewActivity:
    if not row.keys() <= set(COLUMNS):
        raise BadValue(next(name for name in row if name not in COLUMNS), f"one of {', '.join(COLUMNS)}")
    kind = clean_text("type", _given(row, "type"), limit=MAX_TYPE)
    if not kind:
        raise BadValue("type", f"text of 1 to {MAX_TYPE} characters")
    return NewActivity(
        kind=kind,
        at=_time(row.get("time"), last_year),
        url=clean_text("url", _given(row, "url"), limit=MAX_URL),
        title=clean_text("title", _given(row, "title")),
        value=clean_text("value", _given(row, "value")),
    )


def _given(row: Mapping[str, object], name: str) -> object:
    raw = row.get(name)
    return "" if raw is None else raw


def _time(raw: object, last_year: int) -> datetime:
    moment = _moment(raw)
    if moment is None or not FIRST_YEAR <= moment.year <= last_year:
        allowed = f"an ISO 8601 time such as 2026-11-23T10:00:00Z, years {FIRST_YEAR} to {last_year}"
        raise BadValue("time", allowed)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _moment(raw: object) -> datetime | None:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day, tzinfo=UTC)
    try:
        return datetime.fromisoformat(raw.strip()) if isinstance(raw, str) else None
    except ValueError:
        return None


def _store(site_id: int, read: Sequence[Read], report: Report) -> Sequence[int]:
    """Insert what is new; the ids of the contacts that it belongs to, ascending."""
    known = rows.ids(site_id, {key for _, key, _ in read})
    ours: dict[tuple[int, int], NewActivity] = {}
    for line, key, activity in read:
        if key in known:
            ours.setdefault((known[key], activity.digest()), activity)
        else:
            report.reject(line, key, "key: allowed is that of a contact of this site")
    owners = insert(site_id, dict(sorted(ours.items())))  # neighbours in the indexes are written together
    report.created += len(owners)
    report.unchanged += sum(key in known for _, key, _ in read) - len(owners)
    return sorted(set(owners))
