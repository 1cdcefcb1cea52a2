"""How the contacts of a site stand: their replication status, worked out from what is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from leadferry.contacts.models import Site
from leadferry.core.contact import external_id
from leadferry.core.mapping import parse_mapping
from leadferry.core.outcome import Invalid
from leadferry.core.qualify import qualifies
from leadferry.core.state import Cause, State, shown_status
from leadferry.engine.orders import Order, order
from leadferry.engine.reshaped import columns, holder, width_before
from leadferry.engine.wire_rows import serializer
from leadferry.ledger import organizations
from leadferry.ledger.settings import effective
from leadferry.ledger.storage.rows import contact_columns
from leadferry.scoring.models import Score

PAGE = 2000
_HEAD = (
    "c.id, c.key, c.email, c.anonymous, COALESCE(t.points, 0), COALESCE(d.causes, 0), l.state, l.lead_id, "
    "l.fingerprint, l.replicated_at, l.refused_at, l.code, l.message, l.fields"
)
_WIDTH = 14
_SELECT = """
SELECT {columns} FROM contacts_contact c
LEFT JOIN ledger_link l ON l.contact_id = c.id
LEFT JOIN contacts_due d ON d.contact_id = c.id
LEFT JOIN scoring_total t ON t.contact_id = c.id AND t.score_id = %s
WHERE c.site_id = %s AND {which} ORDER BY c.key LIMIT %s
"""
# + keeps SQLite off the indexes of the site: these few are found by their ids.
_THESE = """
SELECT {columns} FROM contacts_contact c
LEFT JOIN ledger_link l ON l.contact_id = c.id
LEFT JOIN contacts_due d ON d.contact_id = c.id
LEFT JOIN scoring_total t ON t.contact_id = c.id AND t.score_id = %s
WHERE +c.site_id = %s AND c.id IN ({places})
"""
_CHANGED = Cause.CONTACT | Cause.MAPPING | Cause.LEAD_GONE | Cause.SETTINGS | Cause.SCORE


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One contact as the list of contacts shows it."""

    contact_id: int
    key: str
    external_id: str
    email: str
    status: str
    lead_id: str
    score: int
    anonymous: bool
    state: State
    replicated_at: Any
    blocked_at: Any
    code: str
    message: str
    fields: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The line of ``leadferry contacts --json`` (interface description, section 3)."""
        reason = {"code": self.code, "message": self.message, "fields": list(self.fields)}
        return {
            "key": self.key,
            "external_id": self.external_id,
            "email": self.email,
            "status": self.status,
            "lead_id": self.lead_id or None,
            "score": self.score,
            "replicated_at": self.replicated_at,
            "blocked_at": self.blocked_at,
            "reason": reason if self.code else None,
        }


def standings(site: Site, *, status: str | None = None) -> Iterator[Standing]:
    """The contacts by key, with `status` only these; ``not_replicated``: those without a lead."""
    view = _View(site)
    after = ""
    while page := view.rows("c.key > %s", [after]):
        for row in page:
            standing = view.standing(row)
            if status in (None, standing.status) or (status == "not_replicated" and not standing.lead_id):
                yield standing
        after = page[-1][1]


def standing_of(site: Site, key: str) -> Standing | None:
    """One contact, or None when the site has none with that key."""
    view = _View(site)
    rows = view.rows("c.key = %s", [key])
    return view.standing(rows[0]) if rows else None


def standings_of(site: Site, contact_ids: Sequence[int]) -> dict[int, Standing]:
    """These contacts of the site, by id; at most some hundreds."""
    if not contact_ids:
        return {}
    view = _View(site)
    return {row[0]: view.standing(row) for row in view.these(contact_ids)}


def mapped_now(site: Site, contact_id: int) -> dict[str, Any] | Invalid | None:
    """The lead fields that a run would send of the contact now, or why not; None: no such contact."""
    view = _View(site)
    rows = view.these([contact_id])
    return view.mapped(rows[0]) if rows else None


class _View:
    """The site's settings made ready to judge its contacts."""

    def __init__(self, site: Site) -> None:
        settings = effective(site)
        describe = organizations.last_described(site)
        self.site = site
        self.order: Order = order(site, settings, parse_mapping(settings.mapping), describe)
        self._serialize, self._held = serializer(self.order), holder(self.order)
        self._before = width_before(self.order)
        score = Score.objects.filter(site=site, name=settings.replication.score).first()
        self._score_id = score.pk if score else 0
        self._columns = ", ".join([_HEAD, *contact_columns(columns(self.order)).expressions])

    def rows(self, which: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        statement = _SELECT.format(columns=self._columns, which=which)
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._score_id, self.site.pk, *parameters, PAGE])
            return list(cursor.fetchall())

    def these(self, contact_ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """The rows of these contacts, in any order."""
        places = ", ".join(["%s"] * len(contact_ids))
        statement = _THESE.format(columns=self._columns, places=places)
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._score_id, self.site.pk, *contact_ids])
            return list(cursor.fetchall())

    def standing(self, row: tuple[Any, ...]) -> Standing:
        contact_id, key, email, anonymous, points, causes, state, lead_id, known = row[:9]
        replicated_at, refused_at, code, message, fields = row[9:_WIDTH]
        stands, due = State(state or 0), Cause(causes)
        status = shown_status(
            stands,
            lead_exists=bool(lead_id),
            due=due,
            qualifies=qualifies(self.order.threshold, score=points, anonymous=bool(anonymous)),
            fields_differ=self._differs(row, known) if lead_id and due & _CHANGED else None,
        )
        held = status in ("blocked", "invalid")
        told = held or status in ("retrying", "converted", "suppressed")
        return Standing(
            contact_id=contact_id,
            key=key,
            external_id=external_id(self.site.code, key),
            email=email,
            status=status,
            lead_id=lead_id or "",
            score=points,
            anonymous=bool(anonymous),
            state=stands,
            replicated_at=_instant(replicated_at),
            blocked_at=_instant(refused_at) if held else None,
            code=(code or "") if told else "",
            message=(message or "") if told else "",
            fields=tuple(filter(None, (fields or "").split(","))) if told else (),
        )

    def _differs(self, row: tuple[Any, ...], known: bytes | None) -> bool:
        """Whether the mapped values are other than the delivered ones; what cannot be mapped is."""
        fields = self.mapped(row)
        if isinstance(fields, Invalid):
            return True
        same = self._serialize(row[1], fields, True)[1] == known
        return not (same or (row[5] & Cause.MAPPING and self._held(row[_WIDTH:], row[4], known)))

    def mapped(self, row: tuple[Any, ...]) -> dict[str, Any] | Invalid:
        """The lead of a row's contact."""
        return self.order.mapping.apply(row[_WIDTH + self._before :], row[4])


def _instant(stored: str | datetime | None) -> datetime | None:
    """A time as Python has it; SQLite keeps it as text."""
    if isinstance(stored, str):
        stored = datetime.fromisoformat(stored)
    return stored.replace(tzinfo=UTC) if stored is not None and stored.tzinfo is None else stored
