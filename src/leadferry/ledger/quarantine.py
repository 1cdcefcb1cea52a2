"""Blocked and invalid contacts: who they are, and what lets them go again."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from leadferry.contacts import due
from leadferry.contacts.lock import take_turn
from leadferry.contacts.models import Contact, Due, Site
from leadferry.core.quarantine import released_by_describe
from leadferry.core.state import RELEASING, Cause, State
from leadferry.ledger import events
from leadferry.ledger.models import Link
from leadferry.scoring.points import rank

HELD = (int(State.BLOCKED), int(State.INVALID))


class NotHeld(ValueError):
    """The contact is not in quarantine, so there is nothing to lift."""


def release(
    site: Site,
    *,
    keys: Collection[str] | None = None,
    code: str | None = None,
    by: str,
    at: datetime,
) -> int:
    """Lift the blocks of these contacts (None: of all), optionally only those with this code; how many.

    Who was let go before, and waits for the next run, is neither marked nor counted again.
    Source: product description, quarantine: by hand, one, all, or all with one cause.
    """
    held = _held(site)
    if keys is not None:
        held = held.filter(contact__key__in=list(keys), contact__site=site)
    if code is not None:
        held = held.filter(code=code)
    with transaction.atomic():
        take_turn(site.pk)
        return _let_go(site, held.values_list("contact_id", flat=True), Cause.UNBLOCKED, by=by, at=at)


def release_described(site: Site, changed: set[str], *, at: datetime) -> int:
    """Let go of the contacts whose refusal named a field that the organization has changed; how many."""
    held = _held(site).exclude(fields="")
    ids = [
        contact_id
        for contact_id, fields in held.values_list("contact_id", "fields").iterator()
        if released_by_describe(fields.split(","), changed)
    ]
    return _let_go(site, ids, Cause.DESCRIBE, by="", at=at)


def keys_not_held(site: Site, keys: Collection[str]) -> list[str]:
    """Those of `keys` that are contacts of the site and not in quarantine."""
    held = set(_held(site).filter(contact__key__in=list(keys)).values_list("contact__key", flat=True))
    known = Contact.objects.filter(site=site, key__in=list(keys)).values_list("key", flat=True)
    return [key for key in known if key not in held]


def still_held(links: QuerySet[Link]) -> QuerySet[Link]:
    """These links without those of contacts that something let go meanwhile: the next run looks at them."""
    bits = F("causes").bitand(int(RELEASING))
    released = Due.objects.annotate(bits=bits).filter(contact_id=OuterRef("contact_id"), bits__gt=0)
    return links.filter(~Exists(released))


def _held(site: Site) -> QuerySet[Link]:
    # `state >= 2` is the condition of the index: without these words SQLite does not use it.
    return still_held(Link.objects.filter(site_id=site.pk, state__gte=2, state__in=HELD))


def _let_go(site: Site, contact_ids: Iterable[int], cause: Cause, *, by: str, at: datetime) -> int:
    ids = list(contact_ids)
    if not ids:
        return 0
    due.mark(site.pk, ids, int(cause))
    rank(site)
    why = "by hand" if cause is Cause.UNBLOCKED else "because the organization changed the field"
    text = f"{len(ids)} contacts released from quarantine {why}."
    events.note("contact.released", at=at, site=site.code, source="quarantine", user=by, description=text)
    return len(ids)
