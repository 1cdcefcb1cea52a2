"""What is seen of one contact while it is mapped; the parts that several slots share are made once."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from leadferry.core.contact import CONTACT_FIELDS, FieldKind
from leadferry.core.convert import READERS, scalar
from leadferry.core.rule import CUSTOM, template_columns, template_customs

Row = Sequence[Any]
Context = Mapping[str, object]


class Sight(NamedTuple):
    """A contact as the slots see it: its columns and where they stand, its custom fields, what templates see,
    its score.
    """

    row: Row
    places: Mapping[str, int]
    custom: Mapping[str, object]
    context: Context
    score: int


NOBODY = Sight((), {}, {}, {}, 0)


def seer(
    columns: Sequence[str], *, templates: Collection[str], site: Mapping[str, str], first: int = 0
) -> Callable[[Row, int], Sight]:
    """What makes the `Sight` of a row and a score, for slots that render these templates.

    `columns` are what the row holds from its place `first` on.
    """
    places = {name: place for place, name in enumerate(columns, start=first)}
    custom = places.get(CUSTOM)
    contact = _contact_view(places, templates) if templates else None
    shared_site = dict(site)

    def see(row: Row, score: int) -> Sight:
        customs = _customs(row[custom]) if custom is not None else {}
        context: Context = {}
        if contact:
            context = {"contact": contact(row, customs), "site": shared_site, "score": score}
        return Sight(row, places, customs, context, score)

    return see


def _customs(stored: object) -> Mapping[str, object]:
    found = json.loads(stored) if isinstance(stored, str | bytes) and stored else stored
    return found if isinstance(found, Mapping) else {}


def _contact_view(
    places: Mapping[str, int], templates: Collection[str]
) -> Callable[[Row, Mapping[str, object]], dict[str, object]]:
    """What makes the `contact` of templates: scalars, under `custom` too; unset custom fields are empty."""
    wanted = frozenset().union(*map(template_columns, templates))
    names = [name for name in places if name in wanted and name != CUSTOM]
    pick = _picker([places[name] for name in names])
    readers = [
        (name, READERS[kind]) for name in names if (kind := CONTACT_FIELDS[name]) is not FieldKind.TEXT
    ]
    unset = dict.fromkeys(sorted(frozenset().union(*map(template_customs, templates))), "")

    def view(row: Row, customs: Mapping[str, object]) -> dict[str, object]:
        contact: dict[str, object] = dict(zip(names, pick(row), strict=True))
        for name, read in readers:
            contact[name] = read(contact[name])
        if CUSTOM in wanted:
            contact[CUSTOM] = unset | {name: scalar(value) for name, value in customs.items()}
        return contact

    return view


def _picker(places: Sequence[int]) -> Callable[[Row], tuple[Any, ...]]:
    """What takes these places out of a row, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)
