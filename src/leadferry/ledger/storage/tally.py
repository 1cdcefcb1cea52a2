"""How many contacts of a site stand how, counted in sets. Costs seconds where there are millions."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from leadferry.core.state import RELEASING, State

Rows = list[tuple[Any, ...]]

_CONTACTS = "SELECT count(*) FROM contacts_contact WHERE site_id = %s"
_FEW = "SELECT count(*) FROM (SELECT 1 FROM contacts_contact LIMIT %s) AS found"
_DUE = """
SELECT l.contact_id IS NOT NULL, COALESCE(l.state, 0), COALESCE(l.lead_id, '') <> '', d.causes,
    CASE WHEN (%s OR NOT c.anonymous) AND d.score >= %s THEN 1 ELSE 0 END, count(*)
FROM contacts_due d
JOIN contacts_contact c ON c.id = d.contact_id
LEFT JOIN ledger_link l ON l.contact_id = d.contact_id
WHERE d.site_id = %s GROUP BY 1, 2, 3, 4, 5
"""
_LINKED = """
SELECT site_id, state, lead_id <> '', count(*) FROM ledger_link WHERE site_id IN ({sites}) GROUP BY 1, 2, 3
"""
# Who was released and waits for the next run is not held back any more.
_CAUSES = """
SELECT l.code, count(*) FROM ledger_link l
LEFT JOIN contacts_due d ON d.contact_id = l.contact_id
WHERE l.site_id = %s AND l.state IN (%s, %s) AND (COALESCE(d.causes, 0) & %s) = 0
GROUP BY l.code ORDER BY 2 DESC, 1 LIMIT %s
"""


def contacts(site_id: int) -> int:
    """All contacts of the site."""
    return int(_asked(_CONTACTS, [site_id])[0][0])


def fewer_than(number: int) -> bool:
    """Whether all sites together have fewer contacts than `number`; reads at most so many."""
    return int(_asked(_FEW, [number])[0][0]) < number


def due(site_id: int, *, minimum: int, anonymous_too: bool) -> Rows:
    """Rows of (is a link there, state, has a lead, causes, qualifies, contacts) of who is due."""
    return _asked(_DUE, [anonymous_too, minimum, site_id])


def linked(site_ids: Sequence[int]) -> Rows:
    """Rows of (site, state, has a lead, contacts); one walk over the links of all `site_ids`."""
    places = ", ".join(["%s"] * len(site_ids))
    return _asked(_LINKED.format(sites=places), site_ids) if site_ids else []


def causes(site_id: int, *, at_most: int) -> Rows:
    """Rows of (code, contacts held back by it), the most frequent first."""
    held = [int(State.BLOCKED), int(State.INVALID)]
    return _asked(_CAUSES, [site_id, *held, int(RELEASING), at_most])


def _asked(statement: str, parameters: Sequence[Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
