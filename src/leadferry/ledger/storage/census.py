"""Everybody's external ID for the length of a reconciliation, so that leads find their contact by it.

Kept in a temporary table: the memory of a reconciliation does not grow with the number of contacts.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from leadferry.ledger.storage.rows import RowStatement, contact_columns

_CREATE = "CREATE TEMPORARY TABLE census (external_id text PRIMARY KEY, contact_id bigint, seen integer)"
_DROP = "DROP TABLE IF EXISTS census"
_ADD = RowStatement(
    text="INSERT INTO census (external_id, contact_id, seen) {rows}", types=("text", "bigint", "int")
)
_SEE = RowStatement(
    text="UPDATE census SET seen = 1 WHERE external_id IN ({rows})",
    types=("text",),
    single="UPDATE census SET seen = 1 WHERE external_id = %s",
)
_PAGE = """
SELECT c.id, c.key FROM contacts_contact c WHERE c.site_id = %s AND c.id > %s ORDER BY c.id LIMIT %s
"""
_FOUND = """
SELECT census.external_id, census.contact_id, l.state, l.lead_id, l.fingerprint,
    EXISTS (SELECT 1 FROM contacts_due d WHERE d.contact_id = census.contact_id)
FROM census LEFT JOIN ledger_link l ON l.contact_id = census.contact_id
WHERE census.external_id IN ({places})
"""
_ROWS = """
SELECT {selected} FROM contacts_contact c
LEFT JOIN scoring_score s ON s.site_id = c.site_id AND s.name = %s
LEFT JOIN scoring_total t ON t.contact_id = c.id AND t.score_id = s.id
WHERE c.id IN ({places})
"""
_UNSEEN = """
SELECT census.contact_id, l.lead_id FROM census JOIN ledger_link l ON l.contact_id = census.contact_id
WHERE census.seen = 0 AND l.lead_id <> '' AND l.state <> %s AND census.contact_id > %s
ORDER BY census.contact_id LIMIT %s
"""
PAGE = 2000


def begin() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_CREATE)


def end() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DROP)


def contacts(site_id: int) -> Iterator[list[tuple[int, str]]]:
    """Pages of (contact id, key) of a site."""
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_PAGE, [site_id, after, PAGE])
            page = cursor.fetchall()
            if not page:
                return
            after = page[-1][0]
            yield page


def add(rows: Iterable[tuple[str, int]]) -> None:
    """Register (external id, contact id)."""
    _ADD.write([(external_id, contact_id, 0) for external_id, contact_id in rows])


def see(external_ids: Sequence[str]) -> None:
    """Note that these have a lead in the organization."""
    _SEE.write([(external_id,) for external_id in external_ids])


def found(external_ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """By external id: contact id, and its link's state, lead id, fingerprint, and whether it is due."""
    places = ", ".join(["%s"] * len(external_ids))
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(places=places), list(external_ids))
        return {row[0]: row[1:] for row in cursor.fetchall()}


def rows(contact_ids: Sequence[int], columns: Sequence[str], score: str | None) -> list[tuple[Any, ...]]:
    """(id, points in `score`, the contact's `columns`) of these contacts."""
    if not contact_ids:
        return []
    selected = ", ".join(["c.id", "COALESCE(t.points, 0)", *contact_columns(columns).expressions])
    places = ", ".join(["%s"] * len(contact_ids))
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(selected=selected, places=places), [score or "", *contact_ids])
        return list(cursor.fetchall())


def unseen(suppressed: int) -> Iterator[list[tuple[int, str]]]:
    """Pages of (contact id, lead id) whose lead the organization does not have; a state is left out."""
    after = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_UNSEEN, [suppressed, after, PAGE])
            page = cursor.fetchall()
            if not page:
                return
            after = page[-1][0]
            yield page
