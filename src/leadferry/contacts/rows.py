"""The contact table, in bulk. Plain SQL for writing: the ORM's bulk methods cost many times as much."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection

from leadferry.contacts.models import Contact
from leadferry.contacts.reading import FIELDS
from leadferry.contacts.record import BIRTHDAY, CREATED, MODIFIED, Record

COLUMNS = (*FIELDS, "custom", "anonymous_stated")
INSERT = f"""
INSERT INTO contacts_contact (site_id, key, {", ".join(COLUMNS)})
VALUES (%s, %s, {", ".join("%s" for _ in COLUMNS)})
"""
UPDATE = f"""
UPDATE contacts_contact SET {", ".join(f"{name} = %s" for name in COLUMNS)} WHERE id = %s
"""


def ids(site_id: int, keys: Collection[str]) -> dict[str, int]:
    """The ids of those contacts of the site that exist, by key."""
    return dict(Contact.objects.filter(site_id=site_id, key__in=keys).values_list("key", "pk"))


def fetch(site_id: int, keys: Collection[str]) -> dict[str, tuple[int, Record]]:
    """Id and stored values of those contacts of the site that exist, by key."""
    found = Contact.objects.filter(site_id=site_id, key__in=keys).values_list("key", "pk", *COLUMNS)
    return {key: (pk, record) for key, pk, *record in found}


def insert(site_id: int, records: Mapping[str, Record]) -> Iterable[int]:
    """Add contacts by key; gives their ids."""
    if not records:
        return ()
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [(site_id, key, *_stored(record)) for key, record in records.items()])
    return ids(site_id, records.keys()).values()


def update(records: Mapping[int, Record]) -> None:
    """Overwrite contacts by id."""
    if records:
        with connection.cursor() as cursor:
            cursor.executemany(UPDATE, [(*_stored(record), pk) for pk, record in records.items()])


def _stored(record: Record) -> list[Any]:
    stored: list[Any] = record.copy()
    stored[BIRTHDAY] = connection.ops.adapt_datefield_value(stored[BIRTHDAY])
    stored[CREATED] = connection.ops.adapt_datetimefield_value(stored[CREATED])
    stored[MODIFIED] = connection.ops.adapt_datetimefield_value(stored[MODIFIED])
    return stored
