"""The few statements that frame every batch: its claim, its cost, its own row, its run's counts.

Written out because they run for every API call, where building a query costs more than running it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from leadferry.ledger.storage.rows import RowStatement

RENEW = "UPDATE ledger_lease SET expires = %s WHERE site_id = %s AND owner = %s"
SPEND = """
INSERT INTO ledger_spending (site_id, minute, calls) VALUES (%s, %s, %s)
ON CONFLICT (site_id, minute) DO UPDATE SET calls = ledger_spending.calls + excluded.calls
"""
INTEND = """
INSERT INTO ledger_batch (run_id, site_id, number, sent_at, size, contacts)
VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
"""
CLOSE = "UPDATE ledger_batch SET ended_at = %s, contacts = %s WHERE id = %s"
LEARN = "UPDATE ledger_organization SET used = %s, allowed = %s, used_at = %s WHERE site_id = %s"
EVENT = RowStatement(
    text="""INSERT INTO ledger_event
        (time, type, source, code, site, contact, run, "user", description) {rows}""",
    types=("timestamptz", *("text",) * 8),
)


def execute(statement: str, parameters: Sequence[Any]) -> int:
    """Run one statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def insert(statement: str, parameters: Sequence[Any]) -> int:
    """Run one INSERT … RETURNING id; the id."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
