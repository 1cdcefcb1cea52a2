"""The orders of the list: each is one walk along an index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection

from leadferry.contacts.folded import folded
from leadferry.core.contact import MAX_INTEGER

LARGEST_ID = 2**63

Mark = tuple[Any, int]
"""A place in an order: what the contact there is ordered by, and its id."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """`rank` is what contacts `c` (of totals: `t`) are ordered by; equal ones by id, which goes the same way
    unless `total`: then points go down and ids up."""

    name: str
    rank: Callable[[], str]
    down: bool = False
    total: bool = False
    kind: type = str

    @property
    def id_down(self) -> bool:
        return self.down and not self.total


def _column(name: str) -> Callable[[], str]:
    return lambda: f"c.{name}"


def _folded(name: str) -> Callable[[], str]:
    return lambda: folded(f"c.{name}", connection.vendor)


ORDERS: Mapping[str, Order] = {
    order.name: order
    for down in (False, True)
    for order in (
        Order(name="-created" if down else "created", rank=_column("created"), down=down, kind=datetime),
        Order(name="-key" if down else "key", rank=_column("key"), down=down),
        *(
            Order(name=f"-{column}" if down else column, rank=_folded(column), down=down)
            for column in ("last_name", "first_name", "email")
        ),
    )
} | {"-score": Order(name="-score", rank=lambda: "t.points", down=True, total=True, kind=int)}
"""By name; a minus for the greatest first. Contacts without points are not in the order of points."""
DEFAULT = "-created"


def written(mark: Mark) -> str:
    """The mark for an address."""
    rank, contact_id = mark
    return orjson.dumps([rank.isoformat() if isinstance(rank, datetime) else rank, contact_id]).decode()


def read(text: str, order: Order) -> Mark | None:
    """The mark of an address; None when it is none of this order."""
    try:
        rank, contact_id = orjson.loads(text)
        if type(contact_id) is not int or not 0 <= contact_id < LARGEST_ID:
            return None
        return _rank(rank, order.kind), contact_id
    except (ValueError, TypeError):
        return None


def _rank(given: Any, kind: type) -> Any:
    """Raises ValueError or TypeError."""
    if kind is datetime:
        moment = datetime.fromisoformat(given)
        return connection.ops.adapt_datetimefield_value(moment.replace(tzinfo=moment.tzinfo or UTC))
    if not isinstance(given, kind):
        raise TypeError
    if (isinstance(given, int) and abs(given) > MAX_INTEGER) or (isinstance(given, str) and "\0" in given):
        raise ValueError
    return given
