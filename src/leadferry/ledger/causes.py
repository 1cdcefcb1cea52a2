"""The quarantine by cause: what holds contacts back, how many, and who they are.

Every look is along the index of links that are not simply delivered. A contact that was released waits for
the next run and is not in quarantine any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.db.models import QuerySet

from leadferry.contacts.models import Site
from leadferry.core.outcome import Explanation, explain
from leadferry.core.state import State
from leadferry.ledger.models import Link
from leadferry.ledger.quarantine import still_held

STATES = (State.BLOCKED, State.INVALID)
PAGE = 50
MOST_COUNTED = 4_000
"""Contacts of one cause that are counted; more are told as "at least"."""
MOST_CAUSES = 100
SAMPLE = 200
"""Contacts of a cause whose fields are gathered."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The contacts that one code holds back: `blocked` were refused, `invalid` were never sent.

    `fields` are the lead fields that some of them were refused over. `many`: there may be more than counted.
    """

    code: str
    blocked: int
    invalid: int
    fields: tuple[str, ...]
    told: Explanation

    @property
    def count(self) -> int:
        return self.blocked + self.invalid

    @property
    def many(self) -> bool:
        return max(self.blocked, self.invalid) >= MOST_COUNTED


@dataclass(frozen=True, kw_only=True)
class Held:
    """One contact in quarantine; `message` is Salesforce's own text, which may quote the contact."""

    contact_id: int
    key: str
    name: str
    status: str
    fields: tuple[str, ...]
    message: str
    since: datetime | None


def groups(site: Site) -> list[Group]:
    """The causes, the one with most contacts first."""
    codes = {code for state in STATES for code in islice(_codes(site, state), MOST_CAUSES)}
    found = filter(None, (group_of(site, code) for code in sorted(codes)))
    return sorted(found, key=lambda group: -group.count)


def group_of(site: Site, code: str) -> Group | None:
    """One cause, or None when it holds nobody."""
    blocked, invalid = (_held(site, state, code)[:MOST_COUNTED].count() for state in STATES)
    if not blocked + invalid:
        return None
    return Group(code=code, blocked=blocked, invalid=invalid, fields=_fields(site, code), told=explain(code))


def contacts_of(site: Site, code: str, *, after: int = 0, size: int = PAGE) -> tuple[list[Held], int | None]:
    """Contacts that the cause holds back, by number above `after`; and where the next page begins."""
    pages = [
        _held(site, state, code).filter(contact_id__gt=after).order_by("contact_id")[: size + 1]
        for state in STATES
    ]
    rows = [page.select_related("contact") for page in pages]
    found = list(islice(merge(*rows, key=lambda link: link.contact_id), size + 1))
    held = [_told(link) for link in found[:size]]
    return held, held[-1].contact_id if len(found) > size else None


def _codes(site: Site, state: State) -> Iterator[str]:
    """The codes of one state, each found by one step along the index."""
    links = Link.objects.filter(site_id=site.pk, state__gte=2, state=state).order_by("code")
    code = links.values_list("code", flat=True).first()
    while code is not None:
        yield code
        code = links.filter(code__gt=code).values_list("code", flat=True).first()


def _held(site: Site, state: State, code: str) -> QuerySet[Link]:
    """The contacts of one cause, without those that something let go meanwhile."""
    # `state >= 2` is the condition of the index: without these words SQLite does not use it.
    return still_held(Link.objects.filter(site_id=site.pk, state__gte=2, state=state, code=code))


def _fields(site: Site, code: str) -> tuple[str, ...]:
    """The lead fields that some contacts of the cause were refused over."""
    named: dict[str, None] = {}
    for state in STATES:
        for fields in _held(site, state, code).values_list("fields", flat=True)[:SAMPLE]:
            named |= dict.fromkeys(filter(None, fields.split(",")))
    return tuple(sorted(named))


def _told(link: Link) -> Held:
    contact = link.contact
    return Held(
        contact_id=contact.pk,
        key=contact.key,
        name=" ".join(filter(None, (contact.first_name, contact.last_name))),
        status=State(link.state).name.lower(),
        fields=tuple(filter(None, link.fields.split(","))),
        message=link.message,
        since=link.refused_at,
    )
