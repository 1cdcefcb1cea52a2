"""Marks contacts as due: something touched them since a run last looked."""

from collections.abc import Iterable

from django.db import connection

# ON CONFLICT keeps the score: only scoring sets it. A fresh cause ends the wait for the next try.
MARK = """
INSERT INTO contacts_due (contact_id, site_id, score, causes, version, not_before)
{rows}
ON CONFLICT (contact_id) DO UPDATE SET
    causes = contacts_due.causes | excluded.causes, version = contacts_due.version + 1, not_before = 0
"""


def mark(site_id: int, contact_ids: Iterable[int], cause: int) -> None:
    """Mark these contacts of one site as due because of `cause` (bits of ``core.state.Cause``).

    Belongs into the transaction of the change that it announces.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            ids = "SELECT id, %s, 0, %s, 1, 0 FROM unnest(%s::bigint[]) AS marked (id)"
            cursor.execute(MARK.format(rows=ids), [site_id, cause, list(contact_ids)])
        else:
            row = MARK.format(rows="VALUES (%s, %s, 0, %s, 1, 0)")
            cursor.executemany(row, [(contact_id, site_id, cause) for contact_id in contact_ids])
