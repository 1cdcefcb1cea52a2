"""Steps along an order of contacts: through all of a site, or through the few that an index finds.

A step looks at a bounded number of contacts, whatever is wanted, so that it takes a bounded time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from leadferry.contacts.models import Site
from leadferry.engine.listing.conditions import FEW, Condition
from leadferry.engine.listing.sorting import Mark, Order

COUNTED = 10_000
"""How far all contacts of a site are counted."""
_JOINS = """
LEFT JOIN ledger_link l ON l.contact_id = c.id
LEFT JOIN contacts_due d ON d.contact_id = c.id
"""
_TOTAL = "LEFT JOIN scoring_total t ON t.contact_id = c.id AND t.score_id = %s"


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where to walk: a site, in an order, by its score (0: none); only who fulfils all of these counts."""

    site: Site
    order: Order
    score_id: int
    conditions: Sequence[Condition]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Marks of contacts found, in order; where the step ended, None when nothing comes after it."""

    found: list[Mark]
    end: Mark | None


def narrow(way: Way) -> Condition | None:
    """The condition whose index finds the fewest contacts, if these are FEW."""
    counted = [(count, each) for each in way.conditions if each.found and (count := _count(each)) <= FEW]
    return min(counted, key=lambda pair: pair[0], default=(0, None))[1]


def few(way: Way, by: Condition, after: Mark | None, *, size: int) -> Step:
    """The next `size` among those whom the index of `by` finds."""
    past, marked = _past(way.order, after)
    found = _among(way, by.found, by.found_parameters, past, marked, size)
    return Step(found=found, end=found[-1] if len(found) == size else None)


def wide(way: Way, after: Mark | None, *, window: int, size: int) -> Step:
    """The first `size` of the next `window` contacts in order."""
    walked, values = _walked(way, after, window)
    found = _among(way, f"SELECT id FROM ({walked}) AS walked", values, "1 = 1", [], size)
    if len(found) == size:
        return Step(found=found, end=found[-1])
    order = _ordered(way.order, "rank", "id")
    last = f"SELECT rank, id FROM ({walked}) AS walked ORDER BY {order} LIMIT 1 OFFSET %s"
    return Step(found=found, end=next(iter(_marks(last, [*values, window - 1])), None))


def count(way: Way, by: Condition | None) -> int | None:
    """How many fulfil everything, all of a site up to COUNTED + 1; None where nobody can tell at once."""
    if by is not None:
        statement = f"SELECT count(*), 0 {_from(way, by.found)}"
        return int(_marks(statement, [way.score_id, *by.found_parameters, way.site.pk, *_values(way)])[0][0])
    if way.conditions or way.order.total:
        return None
    statement = (
        "SELECT count(*), 0 FROM (SELECT 1 FROM contacts_contact WHERE site_id = %s LIMIT %s) AS counted"
    )
    return int(_marks(statement, [way.site.pk, COUNTED + 1])[0][0])


def _among(
    way: Way, ids: str, values: Sequence[Any], past: str, marked: Sequence[Any], size: int
) -> list[Mark]:
    """The first `size` in order of the contacts with these ids who fulfil everything and come `past`."""
    rank = way.order.rank()
    order = _ordered(way.order, rank, "c.id")
    statement = f"SELECT {rank}, c.id {_from(way, ids)} AND {past} ORDER BY {order} LIMIT %s"
    return _marks(statement, [way.score_id, *values, way.site.pk, *_values(way), *marked, size])


def _from(way: Way, ids: str) -> str:
    # PostgreSQL expects few elements in an array, and so looks each up; else it may read the whole table.
    # + keeps SQLite off the indexes of the site, along which it would read all its contacts.
    among = f"= ANY(ARRAY({ids}))" if connection.vendor == "postgresql" else f"IN ({ids})"
    joined = f"FROM contacts_contact c {_JOINS} {_total(way)}"
    return f"{joined} WHERE c.id {among} AND +c.site_id = %s AND {_all(way)}"


def _total(way: Way) -> str:
    # In the order of points there are only contacts that have some.
    return _TOTAL.replace("LEFT JOIN", "JOIN") if way.order.total else _TOTAL


def _count(each: Condition) -> int:
    statement = f"SELECT count(*), 0 FROM (SELECT * FROM ({each.found}) AS found LIMIT {FEW + 1}) AS counted"
    return int(_marks(statement, list(each.found_parameters))[0][0])


def _walked(way: Way, after: Mark | None, window: int) -> tuple[str, list[Any]]:
    """Rank and id of the next contacts in order. Past a mark two walks, so that many equals cost nothing."""
    order = way.order
    rank, contact_id = order.rank(), "t.contact_id" if order.total else "c.id"
    source = "scoring_total t" if order.total else "contacts_contact c"
    scope = "t.score_id = %s" if order.total else "c.site_id = %s"
    scoped = way.score_id if order.total else way.site.pk
    start = f"SELECT {rank} AS rank, {contact_id} AS id FROM {source} WHERE {scope}"
    rest = f" ORDER BY {_ordered(order, rank, contact_id)} LIMIT {window}"
    if after is None:
        return start + rest, [scoped]
    less, less_id = ("<" if order.down else ">"), ("<" if order.id_down else ">")
    same = f"{start} AND {rank} = %s AND {contact_id} {less_id} %s ORDER BY {contact_id}"
    same += f"{' DESC' if order.id_down else ''} LIMIT {window}"
    beyond = f"{start} AND {rank} {less} %s{rest}"
    both = f"SELECT * FROM ({same}) AS same UNION ALL SELECT * FROM ({beyond}) AS beyond"
    walked = f"SELECT rank, id FROM ({both}) AS both_ ORDER BY {_ordered(order, 'rank', 'id')} LIMIT {window}"
    return walked, [scoped, *after, scoped, after[0]]


def _past(order: Order, after: Mark | None) -> tuple[str, list[Any]]:
    if after is None:
        return "1 = 1", []
    rank, less = order.rank(), "<" if order.down else ">"
    less_id = "<" if order.id_down else ">"
    text = f"({rank} {less} %s OR {rank} = %s AND c.id {less_id} %s)"
    return text, [after[0], after[0], after[1]]


def _ordered(order: Order, rank: str, contact_id: str) -> str:
    return f"{rank}{' DESC' if order.down else ''}, {contact_id}{' DESC' if order.id_down else ''}"


def _all(way: Way) -> str:
    return " AND ".join(each.text for each in way.conditions) or "1 = 1"


def _values(way: Way) -> list[Any]:
    return [value for each in way.conditions for value in each.parameters]


def _marks(statement: str, values: list[Any]) -> list[Mark]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(rank, contact_id) for rank, contact_id in cursor.fetchall()]
