"""The work list: pages of due contacts, best score first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from leadferry.core.batch import batches
from leadferry.core.state import RELEASING
from leadferry.ledger.storage.rows import MOST_PARAMETERS, RowStatement, Selected, among

# What every row of a page ends with; the contact's mapped columns stand first.
TAIL = (
    "d.contact_id, d.score, d.version, d.causes, l.state, l.lead_id, l.fingerprint, "
    "l.tries, l.tried_in, c.key, c.anonymous"
)
TAIL_WIDTH = 11
CONTACT, SCORE, CAUSES = -TAIL_WIDTH, 1 - TAIL_WIDTH, 3 - TAIL_WIDTH
STATE, LEAD_ID, KNOWN, KEY, ANONYMOUS = (place - TAIL_WIDTH for place in (4, 5, 6, 9, 10))

_SELECT = """
SELECT {columns} FROM contacts_due d
JOIN contacts_contact c ON c.id = d.contact_id
LEFT JOIN ledger_link l ON l.contact_id = d.contact_id
WHERE d.site_id = %s AND d.not_before <= %s AND {after}
ORDER BY d.score DESC, d.contact_id LIMIT %s
"""
# Two statements instead of one OR, so that each is one walk along the index.
_SAME_SCORE, _LOWER_SCORE = "d.score = %s AND d.contact_id > %s", "d.score < %s"

_EVER = 2**62

FIRST = 2**31 - 1
"""The score of who is first in line, whatever its points are."""

_TAKE = "DELETE FROM contacts_due WHERE version = %s AND contact_id "
_HOLD = RowStatement(
    text="""UPDATE contacts_due SET not_before = w.until FROM ({rows}) AS w (until, contact_id, version)
    WHERE contacts_due.contact_id = w.contact_id AND contacts_due.version = w.version""",
    types=("bigint", "bigint", "int"),
    single="UPDATE contacts_due SET not_before = %s WHERE contact_id = %s AND version = %s",
)


def pages(site_id: int, selected: Selected, *, now: int, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of due contacts, best score first, at most `size` at a time; no cursor stays open between pages.

    A row is what was `selected` of the contact, followed by TAIL. `now`: epoch seconds; contacts that wait
    for their next try until later are left out.
    """
    same, lower = (_statement(selected, after) for after in (_SAME_SCORE, _LOWER_SCORE))
    parameters = [*selected.parameters, site_id, now]
    score, contact_id = FIRST, 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(same, [*parameters, score, contact_id, size])
            page = cursor.fetchall()
            if len(page) < size:
                cursor.execute(lower, [*parameters, score, size - len(page)])
                page += cursor.fetchall()
            if not page:
                return
            contact_id, score = page[-1][-TAIL_WIDTH : 2 - TAIL_WIDTH]
            yield page


def these(site_id: int, selected: Selected, contact_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Rows as of `pages` for these contacts, those that are still due, whatever they wait for."""
    places = ", ".join(["%s"] * len(contact_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(selected, f"d.contact_id IN ({places})"),
            [*selected.parameters, site_id, _EVER, *contact_ids, len(contact_ids)],
        )
        return list(cursor.fetchall())


def _statement(selected: Selected, after: str) -> str:
    return _SELECT.format(columns=", ".join([*selected.expressions, TAIL]), after=after)


def take(by_version: Mapping[int, Sequence[int]]) -> None:
    """Take contacts, by the version they were read in, off the list; one touched since then stays on it."""
    with connection.cursor() as cursor:
        for version, contact_ids in by_version.items():
            for some in batches(contact_ids, MOST_PARAMETERS - 1):
                condition, parameters = among(some)
                cursor.execute(_TAKE + condition, [version, *parameters])


def hold(rows: Sequence[tuple[int, int, int]]) -> None:
    """Keep contacts (epoch seconds, id, version) on the list, but not before that instant."""
    _HOLD.write(rows)


def waiting(site_id: int, *, at_most: int) -> int:
    """How many contacts of the site are on the list, whatever they wait for; counts up to `at_most`."""
    counted = "SELECT count(*) FROM (SELECT 1 FROM contacts_due WHERE site_id = %s LIMIT %s) AS found"
    with connection.cursor() as cursor:
        cursor.execute(counted, [site_id, at_most])
        return int(cursor.fetchone()[0])


def to_send(site_id: int, *, minimum: int | None, anonymous_too: bool, updates_too: bool) -> int:
    """How many contacts on the list a run would map: they qualify, or their lead is kept updated.

    `minimum`: points needed for a new lead; None when every contact qualifies.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _TO_SEND,
            [site_id, int(RELEASING), updates_too, anonymous_too, -(2**31) if minimum is None else minimum],
        )
        return int(cursor.fetchone()[0])


_TO_SEND = """
SELECT count(*) FROM contacts_due d
JOIN contacts_contact c ON c.id = d.contact_id
LEFT JOIN ledger_link l ON l.contact_id = d.contact_id
WHERE d.site_id = %s AND (COALESCE(l.state, 0) IN (0, 1, 2, 3, 8) OR l.state < 6 AND (d.causes & %s) <> 0)
AND CASE WHEN l.state = 8 THEN TRUE WHEN COALESCE(l.lead_id, '') <> '' THEN %s
    ELSE (%s OR NOT c.anonymous) AND d.score >= %s END
"""
