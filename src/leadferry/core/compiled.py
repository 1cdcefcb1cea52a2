"""A mapping made ready: the quick way for the many contacts that pass, the exact way for the others."""

from collections.abc import Callable, Sequence

from leadferry.core.columns import leads_of
from leadferry.core.convert import Json
from leadferry.core.layout import judged, laid_out
from leadferry.core.outcome import Invalid, Reason
from leadferry.core.sight import Row, Sight
from leadferry.core.slot import Slot
from leadferry.core.value_check import invalid, missing

Lead = dict[str, Json]


class CompiledMapping:
    """A mapping made ready for the contacts of one site; `compile_mapping` makes it.

    `columns` are the contact columns to select, in order: first one for each lead field, in the order of
    names, None where the value is not a column as it is; then what those values are made of. `custom`, the
    JSON text of the custom fields, is the last, if it is there at all. `same_for_update`: whether one set of
    fields serves inserts and updates.
    """

    def __init__(
        self, slots: Sequence[Slot], *, columns: tuple[str | None, ...], see: Callable[[Row, int], Sight]
    ) -> None:
        self.columns = columns
        self._see = see
        self._slots = slots
        self._layout = laid_out(self._slots)
        self._no_insert = frozenset(slot.field.name for slot in slots if not slot.field.createable)
        self._no_update = frozenset(slot.field.name for slot in slots if not slot.field.updateable)
        self.same_for_update = not (self._no_insert or self._no_update)

    def apply(self, row: Row, score: int) -> Lead | Invalid:
        """The lead of one contact; see `apply_all`."""
        return self.apply_all([row], [score])[0]

    def apply_all(self, rows: Sequence[Row], scores: Sequence[int]) -> list[Lead | Invalid]:
        """The leads of contacts: JSON-ready values by field name, in the order of names; or what is wrong.

        None clears a field. Left out are empty fields that Salesforce fills itself or that take no null; so
        are the external ID and `attributes`. A row may go on after the `columns`. Text columns hold what
        `contact.clean` made of them.
        """
        if not rows:
            return []
        needed = zip(rows, scores, strict=True) if self._layout.made or self._layout.typed else ()
        sights = [self._see(row, score) for row, score in needed]
        leads, doubtful = leads_of(self._layout, rows, sights)
        found: list[Lead | Invalid] = [*leads]
        for place in doubtful:
            found[place] = self._exact(rows[place], scores[place])
        return found

    def field_by_field(self, row: Row, score: int) -> dict[str, Json | Reason]:
        """What each lead field gets from one contact, or what is wrong with it; None is nothing."""
        sight = self._see(row, score)
        found = {slot.field.name: judged(slot, sight) for slot in self._slots}
        lacking = {
            slot.field.name: missing([slot.field.name])
            for slot in self._slots
            if slot.field.required and found[slot.field.name] is None
        }
        return found | lacking

    def _exact(self, row: Row, score: int) -> Lead | Invalid:
        sight = self._see(row, score)
        lead: Lead = {}
        wrong: list[Reason] = []
        for slot in self._slots:
            found = judged(slot, sight)
            if isinstance(found, Reason):
                wrong.append(found)
            elif found is not None or not slot.droppable:
                lead[slot.field.name] = found
        absent = [
            name
            for slot in self._slots
            if slot.field.required and lead.get(name := slot.field.name, 0) is None
        ]
        if absent:
            wrong.append(missing(absent))
        return invalid(wrong) if wrong else lead

    def for_create(self, lead: Lead) -> Lead:
        """The part of a lead that an insert may set; everything when `same_for_update`."""
        return {name: value for name, value in lead.items() if name not in self._no_insert}

    def for_update(self, lead: Lead) -> Lead:
        """The part of a lead that an update may set; everything when `same_for_update`."""
        return {name: value for name, value in lead.items() if name not in self._no_update}
