"""The activity table, in bulk: one statement a chunk, which tells what was new."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import orjson
from django.db import connection

SQLITE = """
INSERT INTO contacts_activity (contact_id, site_id, kind, at, url, title, value, digest)
SELECT json_extract(value, '$[0]'), %s, json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]')
FROM json_each(%s) WHERE true
ON CONFLICT (contact_id, digest) DO NOTHING RETURNING contact_id
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


def insert(site_id: int, activities: Mapping[tuple[int, int], NewActivity]) -> list[int]:
    """Add activities by (contact id, digest) unless they are there; the contact id of each that was added."""
    if not activities:
        return []
    stored = [
        (contact_id, kind, connection.ops.adapt_datetimefield_value(at), url, title, value, digest)
        for (contact_id, digest), (kind, at, url, title, value) in activities.items()
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL, [site_id, *_columns(stored)])
        else:
            cursor.execute(SQLITE, [site_id, orjson.dumps(stored).decode()])
        return [contact_id for (contact_id,) in cursor.fetchall()]


def _columns(stored: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*stored, strict=True)]
