"""A mapping made ready for contacts: what their lead holds, or everything that is wrong with it."""

from collections.abc import Callable, Sequence

from leadferry.core.convert import Json
from leadferry.core.judged import judged
from leadferry.core.outcome import Invalid, Reason
from leadferry.core.shortcut import Shortcut
from leadferry.core.sight import Row, Sight
from leadferry.core.slot import Slot
from leadferry.core.value_check import invalid, missing

Lead = dict[str, Json]


class CompiledMapping:
    """A mapping made ready for the contacts of one site; `compile_mapping` makes it.

    `columns` are the contact columns to select, in order; `custom`, the JSON text of the custom fields, is
    the last, if it is there at all. `same_for_update`: whether one set of fields serves inserts and updates.
    `shortcut`: the quick way to the same leads, where there is one.
    """

    def __init__(
        self,
        slots: Sequence[Slot],
        *,
        columns: tuple[str, ...],
        see: Callable[[Row, int], Sight],
        shortcut: Shortcut,
    ) -> None:
        self.columns = columns
        self._see = see
        self._slots = slots
        self._no_insert = frozenset(slot.field.name for slot in slots if not slot.field.createable)
        self._no_update = frozenset(slot.field.name for slot in slots if not slot.field.updateable)
        self.same_for_update = not (self._no_insert or self._no_update)
        self.shortcut = shortcut if self.same_for_update else None

    def apply(self, row: Row, score: int) -> Lead | Invalid:
        """The lead of one contact: JSON-ready values by field name, in the order of names; or what is wrong.

        None clears a field. Left out are empty fields that Salesforce fills itself or that take no null; so
        are the external ID and `attributes`. The row may go on after the `columns`. Text columns hold what
        `contact.clean` made of them.
        """
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

    def for_create(self, lead: Lead) -> Lead:
        """The part of a lead that an insert may set; everything when `same_for_update`."""
        return {name: value for name, value in lead.items() if name not in self._no_insert}

    def for_update(self, lead: Lead) -> Lead:
        """The part of a lead that an update may set; everything when `same_for_update`."""
        return {name: value for name, value in lead.items() if name not in self._no_update}
