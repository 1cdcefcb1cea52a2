"""The quick way of a mapping: who reads a contact writes down what is copied, only the rest is made here.

It gives what the exact way gives, or sends the contact there.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from leadferry.core.batch import batches
from leadferry.core.contact import MAX_NOTES, MAX_TEXT
from leadferry.core.convert import Json
from leadferry.core.describe import LeadField
from leadferry.core.judged import judged
from leadferry.core.outcome import Reason
from leadferry.core.sight import NOBODY, Row, Sight
from leadferry.core.slot import Slot
from leadferry.core.value_check import EMAIL, problem

MOST_IN_STRETCH = 50
"""Fields in one object: SQLite takes 127 arguments of a function (Implementation Limits)."""

_PLAIN_NAME = re.compile(r"[A-Za-z]\w{0,62}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Copied:
    """A lead field that holds the text of a contact's `column`, or `fallback` where there is none.

    A contact needs an exact look if its text is longer than `limit` (None: no text is), if it has none where
    one is `required`, or if `accepts` (None: whatever it is) says no to it.
    """

    name: str
    column: str
    fallback: str
    limit: int | None
    required: bool
    accepts: Callable[[str], object] | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Neighbouring fields whose values are made; `fixed` are those that are always the same, by field."""

    slots: tuple[Slot, ...]
    fixed: Mapping[str, Json | Reason]

    def values(self, sight: Sight) -> dict[str, Json] | None:
        """The values by field, in order; None when the contact needs an exact look."""
        made: dict[str, Json] = {}
        for slot in self.slots:
            name = slot.field.name
            found = self.fixed[name] if slot.fixed else judged(slot, sight)
            if isinstance(found, Reason) or (found is None and slot.field.required):
                return None
            if found is not None or not slot.droppable:
                made[name] = found
        return made


Stretch = tuple[Copied, ...]


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """How leads are put together, in the order of names, from stretches that are copied and groups made.

    A row begins with the JSON object of each stretch; then it says whether the contact needs an exact look
    for one of them; then come the `columns`. `checks` are of places in the row.
    """

    pieces: tuple[Stretch | Group, ...]
    columns: tuple[str, ...]
    checks: tuple[tuple[int, Callable[[str], object]], ...]
    see: Callable[[Row, int], Sight]

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return tuple(piece for piece in self.pieces if not isinstance(piece, Group))


def shortcut(
    slots: Sequence[Slot],
    *,
    reads: Callable[[Sequence[Slot]], tuple[str, ...]],
    see: Callable[..., Callable[[Row, int], Sight]],
) -> Shortcut:
    """The shortcut of slots that are in order.

    `reads` tells the contact columns that slots read; `see` is `seer` but for the columns and their place.
    """
    pieces = tuple(_pieces(slots))
    taken = [each for piece in pieces if not isinstance(piece, Group) for each in piece]
    taken_names = {each.name for each in taken if each.accepts is None}
    columns = reads([slot for slot in slots if slot.field.name not in taken_names])
    first = sum(not isinstance(piece, Group) for piece in pieces) + 1
    return Shortcut(
        pieces=pieces,
        columns=columns,
        checks=tuple((first + columns.index(each.column), each.accepts) for each in taken if each.accepts),
        see=see(columns, first=first),
    )


def _pieces(slots: Sequence[Slot]) -> Iterator[Stretch | Group]:
    for is_made, some in groupby(slots, lambda slot: _copied(slot) is None):
        if is_made:
            group = tuple(some)
            yield Group(slots=group, fixed={s.field.name: judged(s, NOBODY) for s in group if s.fixed})
        else:
            for stretch in batches(filter(None, map(_copied, some)), MOST_IN_STRETCH):
                yield tuple(stretch)


def _copied(slot: Slot) -> Copied | None:
    """The slot as a field that is copied; None when its value has to be made."""
    field = slot.field
    if slot.column is None or slot.droppable or not _PLAIN_NAME.fullmatch(field.name):
        return None
    most = MAX_NOTES if slot.column == "notes" else MAX_TEXT
    return Copied(
        name=field.name,
        column=slot.column,
        fallback=slot.fallback,
        limit=field.length if field.is_text and 0 < field.length < most else None,
        required=field.required and not slot.fallback,
        accepts=_acceptor(field),
    )


def _acceptor(field: LeadField) -> Callable[[str], object] | None:
    """What tells whether a value within its length passes; None when any does."""
    if field.type == "email":
        return EMAIL.fullmatch
    if field.type == "reference" or (field.restricted_picklist and field.choices):
        return lambda value: problem(field, value) is None
    return None
