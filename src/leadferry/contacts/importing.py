"""Contacts from outside: read in chunks, each chunk one transaction, so that a kill loses nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from leadferry.contacts import rows
from leadferry.contacts.activities import import_activities
from leadferry.contacts.due import mark
from leadferry.contacts.erasure import Tombstones
from leadferry.contacts.lock import hold
from leadferry.contacts.models import Site
from leadferry.contacts.reading import ContactReader, Reading
from leadferry.contacts.record import Record, changed, is_only_stated
from leadferry.contacts.report import Rejection, Report
from leadferry.contacts.sources import BadFile, ContactSource, Row, Rows, Unreadable, open_source
from leadferry.core.contact import BadValue
from leadferry.core.state import Cause

__all__ = [
    "BadFile",
    "ContactSource",
    "Rejection",
    "Report",
    "Rows",
    "import_activities",
    "import_contacts",
    "open_source",
]

CHUNK = 1_000


def import_contacts(
    site: Site,
    source: ContactSource,
    *,
    now: datetime,
    after_chunk: Callable[[Sequence[int]], None],
    on_progress: Callable[[int], None] | None = None,
) -> Report:
    """Take the source's records as contacts of the site; the same source twice changes nothing more.

    Contacts that came or changed are marked as due, and `after_chunk` gets their ids, inside the
    transaction of their chunk. `on_progress` gets what `source.done` says. Raises `BadFile` when the source
    cannot be read (on); what was read until then is kept.
    """
    report = Report()
    reader = ContactReader(source.columns)
    for chunk in _chunks(source):
        readings = list(_readings(reader, chunk, report))
        with transaction.atomic():
            hold(site.pk)
            touched = _store(site, readings, report, now=now)
            if touched:
                mark(site.pk, touched, Cause.CONTACT)
                after_chunk(touched)
        if on_progress:
            on_progress(source.done)
    return report.in_order()


def _chunks(source: ContactSource) -> Iterator[list[tuple[int, Row]]]:
    records = iter(source)
    while chunk := list(islice(records, CHUNK)):
        yield chunk


def _readings(reader: ContactReader, chunk: Iterable[tuple[int, Row]], report: Report) -> Iterator[Reading]:
    for line, row in chunk:
        if isinstance(row, Unreadable):
            report.reject(line, None, row.reason)
            continue
        try:
            yield reader.read(line, row)
        except BadValue as fault:
            report.reject(line, _shown_key(row.get("key")), str(fault))


def _shown_key(raw: object) -> str | None:
    return str(raw)[:200] if isinstance(raw, str | int) else None


def _store(site: Site, readings: Sequence[Reading], report: Report, *, now: datetime) -> Sequence[int]:
    """Insert and update; the ids of the contacts that came or changed, ascending."""
    known = rows.fetch(site.pk, {reading.key for reading in readings})
    records = {key: record for key, (_, record) in known.items()}
    touched, restated = _changes(records, Tombstones(site.pk, readings), readings, report, now=now)
    updated = {known[key][0]: record for key, record in touched.items() if key in known}
    rows.update(updated | {known[key][0]: record for key, record in restated.items()})
    created = rows.insert(site.pk, {key: record for key, record in touched.items() if key not in known})
    return sorted([*updated, *created])


def _changes(
    records: dict[str, Record],
    tombstones: Tombstones,
    readings: Iterable[Reading],
    report: Report,
    *,
    now: datetime,
) -> tuple[dict[str, Record], dict[str, Record]]:
    """Count each reading and apply it to `records`, the stored ones by key.

    Gives those that came or changed, and those of whom only was stated what is so.
    """
    touched: dict[str, Record] = {}
    restated: dict[str, Record] = {}
    for reading in readings:
        before = records.get(reading.key)
        try:
            tombstones.refuse(reading)
            after = changed(before, reading, now=now)
        except BadValue as fault:
            report.reject(reading.line, reading.key, str(fault))
            continue
        if after is None or is_only_stated(before, after):
            report.unchanged += 1
            if after is not None:
                (touched if reading.key in touched else restated)[reading.key] = records[reading.key] = after
            continue
        report.created += before is None
        report.updated += before is not None
        restated.pop(reading.key, None)
        records[reading.key] = touched[reading.key] = after
    return touched, restated
