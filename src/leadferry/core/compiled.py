"""A mapping made ready: the quick way for the many contacts that pass, the exact way for the others."""

from collections.abc import Callable, Sequence
from operator import gt

from leadferry.core.convert import Json, Misfit
from leadferry.core.layout import judged, laid_out
from leadferry.core.outcome import Invalid, Reason
from leadferry.core.rule import TemplateFault
from leadferry.core.sight import NOBODY, Row, Sight
from leadferry.core.slot import Slot
from leadferry.core.value_check import invalid, missing

Lead = dict[str, Json]


class CompiledMapping:
    """A mapping made ready for the contacts of one site; `compile_mapping` makes it.

    `columns` are the contact columns to select, in order; `custom`, the JSON text of the custom fields, is
    the last, if it is there at all. `same_for_update`: whether one set of fields serves inserts and updates.
    """

    def __init__(
        self, slots: Sequence[Slot], *, columns: tuple[str, ...], see: Callable[[Row, int], Sight]
    ) -> None:
        self.columns = columns
        self._see = see
        self._slots = sorted(slots, key=lambda slot: slot.field.name)
        self._layout = laid_out(self._slots)
        self._no_insert = frozenset(slot.field.name for slot in slots if not slot.field.createable)
        self._no_update = frozenset(slot.field.name for slot in slots if not slot.field.updateable)
        self.same_for_update = not (self._no_insert or self._no_update)

    def apply(self, row: Row, score: int) -> Lead | Invalid:
        """The lead of a contact: JSON-ready values by field name, in the order of names; or what is wrong.

        None clears a field. Left out are empty fields that Salesforce fills itself or that take no null; so
        are the external ID and `attributes`. Text columns hold what `contact.clean` made of them.
        """
        layout = self._layout
        try:
            values = self._laid(row, score)
        except (Misfit, TemplateFault, TypeError):
            return self._exact(row, score)
        if values is None:
            return self._exact(row, score)
        for place in layout.required:
            if values[place] is None:
                return self._exact(row, score)
        for place, accepts in layout.checks:
            if (value := values[place]) is not None and not accepts(value):
                return self._exact(row, score)
        # A copy that is filled in keeps the canonical order, and grows only once.
        lead = layout.blank.copy()
        lead.update(zip(layout.names, values, strict=False))
        for name in layout.droppable:
            if lead[name] is None:
                del lead[name]
        return lead

    def _laid(self, row: Row, score: int) -> list[Json] | None:
        """The values as the layout has them, or None when a text is too long."""
        layout = self._layout
        texts = layout.as_is(row)
        sight = self._see(row, score) if layout.made or layout.typed else NOBODY
        if layout.made:
            texts = (*texts, *[make(sight) for make in layout.made])
        # All lengths in one go, without a step of the interpreter for each: nearly every contact passes.
        if any(map(gt, map(len, texts), layout.limits)):
            return None
        values: list[Json] = [text or None for text in texts]
        for place, fallback in layout.fallbacks:
            values[place] = values[place] or fallback
        if layout.typed:
            values += [make(sight) for make in layout.typed]
        values += layout.fixed
        return values

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
