"""What is wanted, as conditions on the row of a contact, each with the index that finds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from leadferry.contacts.folded import folded
from leadferry.contacts.models import Site
from leadferry.core.qualify import Threshold
from leadferry.core.state import RELEASING
from leadferry.engine.listing.wanted import NOT_REPLICATED, REPLICATED, Wanted

FEW = 5_000
"""Contacts found by an index that are looked at together."""
_BOUND = f"LIMIT {FEW + 1}"
LAST = "\U0010ffff"
"""Nothing that begins with a text comes after the text and this."""
PHONES = ("business_phone", "mobile_phone", "home_phone", "fax")
WHOLE = ("status", "owner", "country", "state", "city")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`text` holds for a contact `c`, its link `l`, due mark `d` and total `t`.

    `found` selects the ids of those for whom it holds, and maybe of others, by an index; empty: none.
    """

    text: str
    parameters: tuple[Any, ...] = ()
    found: str = ""
    found_parameters: tuple[Any, ...] = ()


def conditions(site: Site, wanted: Wanted, threshold: Threshold) -> list[Condition]:
    """All that has to hold. An exact status `replicated` or `outdated` is only narrowed down by it."""
    return [
        *_texts(site, wanted),
        *_created(site, wanted),
        *_replication(site, wanted.replication, threshold),
    ]


def _texts(site: Site, wanted: Wanted) -> Iterator[Condition]:
    if wanted.search:
        yield _search(site, wanted.search)
    for word in wanted.name.split()[:4]:
        yield _either(site, [_begins(column, word) for column in ("last_name", "first_name")])
    if wanted.email:
        yield _either(site, [_begins("email", wanted.email)])
    for column in WHOLE:
        if value := getattr(wanted, column):
            same = f"{folded(f'c.{column}', connection.vendor)} = LOWER(%s) AND c.{column} > ''"
            yield _either(site, [(same, (value,))])
    if wanted.phone:
        part = f"%{_escaped(wanted.phone)}%"
        any_of = " OR ".join(f"c.{column} LIKE %s ESCAPE '#'" for column in PHONES)
        yield Condition(text=f"({any_of})", parameters=(part,) * len(PHONES))


Part = tuple[str, tuple[Any, ...]]


def _search(site: Site, text: str) -> Condition:
    starts = [_begins(column, text) for column in ("email", "last_name", "first_name")]
    return _either(site, [("c.key = %s", (text,)), *starts])


def _begins(column: str, text: str) -> Part:
    stored = folded(f"c.{column}", connection.vendor)
    return f"{stored} >= LOWER(%s) AND {stored} < LOWER(%s)", (text, text + LAST)


def _either(site: Site, parts: list[Part]) -> Condition:
    """One of the parts holds; each of them is one walk along an index."""
    walks = [
        f"SELECT c.id FROM contacts_contact c WHERE c.site_id = %s AND {text} {_BOUND}" for text, _ in parts
    ]
    return Condition(
        text="(" + " OR ".join(f"({text})" for text, _ in parts) + ")",
        parameters=tuple(value for _, values in parts for value in values),
        found=_union(walks),
        found_parameters=tuple(value for _, values in parts for value in (site.pk, *values)),
    )


def _union(walks: list[str]) -> str:
    # Each walk ends by itself, because to unite them a database first goes every one to its end.
    return " UNION ".join(f"SELECT * FROM ({walk}) AS walk" for walk in walks)


def _escaped(text: str) -> str:
    return text.replace("#", "##").replace("%", "#%").replace("_", "#_")


def _created(site: Site, wanted: Wanted) -> Iterator[Condition]:
    parts: list[Part] = []
    if wanted.created_from:
        parts.append(("c.created >= %s", (_midnight(wanted.created_from),)))
    if wanted.created_to and wanted.created_to < date.max:
        parts.append(("c.created < %s", (_midnight(wanted.created_to + timedelta(days=1)),)))
    if parts:
        text = " AND ".join(text for text, _ in parts)
        yield _either(site, [(text, tuple(value for _, values in parts for value in values))])


def _midnight(day: date) -> Any:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return connection.ops.adapt_datetimefield_value(midnight)


_LEAD = "COALESCE(l.lead_id, '') <> ''"
_LET_GO = f"(COALESCE(d.causes, 0) & {int(RELEASING)}) <> 0"
_FREE = f"(COALESCE(l.state, 0) IN (0, 1, 2) OR (l.state IN (4, 5) AND {_LET_GO}))"
_TOUCHED = "(l.state <> 1 OR d.causes IS NOT NULL)"
_BY_STATE = (
    "SELECT contact_id FROM ledger_link WHERE site_id = %s AND state >= 2 AND state IN ({states}) " + _BOUND
)
_BY_DUE = "SELECT contact_id FROM contacts_due WHERE site_id = %s " + _BOUND
_HELD = {
    "blocked": ("l.state = 4 AND NOT " + _LET_GO, "4"),
    "invalid": ("l.state = 5 AND NOT " + _LET_GO, "5"),
    "retrying": ("l.state IN (3, 8)", "3, 8"),
    "converted": ("l.state = 6", "6"),
    "suppressed": ("l.state = 7", "7"),
}


def _replication(site: Site, replication: str, threshold: Threshold) -> Iterator[Condition]:
    """As `core.state.shown_status` decides it, in terms of what is stored."""
    waits = f"NOT ({_LEAD}) AND {_FREE}"
    match replication:
        case "":
            return
        case held if held in _HELD:
            text, states = _HELD[held]
            by_state = _BY_STATE.format(states=states)
            yield Condition(text=text, found=by_state, found_parameters=(site.pk,))
        case _ if replication == REPLICATED:
            yield Condition(text=_LEAD)
        case _ if replication == NOT_REPLICATED:
            yield Condition(text=f"NOT ({_LEAD})")
        case "replicated":
            yield Condition(text=f"{_LEAD} AND l.state IN (1, 2)")
        case "outdated":
            found = _union([_BY_STATE.format(states="2, 4, 5"), _BY_DUE])
            text = f"{_LEAD} AND {_FREE} AND {_TOUCHED}"
            yield Condition(text=text, found=found, found_parameters=(site.pk, site.pk))
        case "pending":
            text, values = _qualifies(threshold)
            text = f"{waits} AND {text}"
            yield Condition(text=text, parameters=values, found=_BY_DUE, found_parameters=(site.pk,))
        case "not_eligible":
            text, values = _qualifies(threshold)
            yield Condition(text=f"{waits} AND NOT {text}", parameters=values)


def _qualifies(threshold: Threshold) -> Part:
    """As `core.qualify.qualifies`."""
    anonymous = "1 = 1" if threshold.include_anonymous else "NOT c.anonymous"
    if threshold.score_name is None:
        return f"({anonymous})", ()
    return f"({anonymous} AND COALESCE(t.points, 0) >= %s)", (threshold.minimum,)
