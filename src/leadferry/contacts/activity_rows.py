"""The activity table, in bulk; inserting tells what was new."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import orjson
from django.db import connection

SQLITE_KNOWN = """
SELECT a.contact_id, a.digest FROM json_each(%s) AS new
JOIN contacts_activity a
    ON a.contact_id = json_extract(new.value, '$[0]') AND a.digest = json_extract(new.value, '$[1]')
"""
SQLITE = """
INSERT INTO contacts_activity (site_id, contact_id, kind, at, url, title, value, digest)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
POSTGRESQL = """
INSERT INTO contacts_activity (contact_id, site_id, kind, at, url, title, value, digest)
SELECT contact_id, %s, kind, at, url, title, value, digest
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::bigint[])
     AS new (contact_id, kind, at, url, title, value, digest)
ON CONFLICT (contact_id, digest) DO NOTHING RETURNING contact_id
"""


class NewActivity(NamedTuple):
    """What a contact did."""

    kind: str
    at: datetime
    url: str
    title: str
    value: str

    def digest(self) -> int:
        """The same signed 64 bits for an exact repetition, and in practice for nothing else."""
        # NUL parts the texts; none of them can contain one.
        text = "\0".join((self.kind, self.at.isoformat(), self.url, self.title, self.value))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


Activities = Mapping[tuple[int, int], NewActivity]
"""By contact id and digest."""


def insert(site_id: int, activities: Activities) -> list[int]:
    """Add activities unless they are there; the contact id of each that was added.

    Belongs into a transaction that holds the site.
    """
    if not activities:
        return []
    if connection.vendor == "postgresql":
        return _insert_into_postgresql(site_id, activities)
    return _insert_into_sqlite(site_id, activities)


def _insert_into_postgresql(site_id: int, activities: Activities) -> list[int]:
    rows = ((contact_id, *activity, digest) for (contact_id, digest), activity in activities.items())
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL, [site_id, *columns])
        return [contact_id for (contact_id,) in cursor.fetchall()]


def _insert_into_sqlite(site_id: int, activities: Activities) -> list[int]:
    # Row by row: for a statement over many rows SQLite keeps every page that it alters twice in memory.
    stored = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_KNOWN, [orjson.dumps(list(activities)).decode()])
        known = set(cursor.fetchall())
        new = {owner: activity for owner, activity in activities.items() if owner not in known}
        cursor.executemany(
            SQLITE,
            [
                (site_id, contact_id, kind, stored(at), url, title, value, digest)
                for (contact_id, digest), (kind, at, url, title, value) in new.items()
            ],
        )
    return [contact_id for contact_id, _ in new]
