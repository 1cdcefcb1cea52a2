"""The contacts of a score, best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from leadferry.contacts.models import Contact
from leadferry.scoring.models import Score, Total

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A contact with its points."""

    contact: Contact
    points: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """Contacts, best first; `further`: points and number of the last one (None: that was all)."""

    ranked: Sequence[Ranked]
    further: tuple[int, int] | None


def best_of(score: Score, *, after: tuple[int, int] | None = None, size: int = PAGE) -> Page:
    """Who has points in the score, best first, then by number; `after`: whom the page before ended with."""
    totals = Total.objects.filter(score=score).exclude(points=0).select_related("contact")
    totals = totals.order_by("-points", "contact_id")
    if after is None:
        found = list(totals[: size + 1])
    else:
        # Two statements instead of one OR, so that each is one walk along the index.
        points, contact_id = after
        found = list(totals.filter(points=points, contact_id__gt=contact_id)[: size + 1])
        found += totals.filter(points__lt=points)[: size + 1 - len(found)]
    ranked = [Ranked(contact=total.contact, points=total.points) for total in found[:size]]
    last = found[size - 1] if len(found) > size else None
    return Page(ranked=ranked, further=(last.points, last.contact_id) if last else None)
