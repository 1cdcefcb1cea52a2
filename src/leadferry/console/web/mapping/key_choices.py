"""Which lead fields can hold the external ID, and why the others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

from leadferry.core.describe import LeadDescribe, LeadField, fits_external_id, unfit_as_external_id
from leadferry.engine.key_field import SUFFIX
from leadferry.ledger.settings import Replication


@dataclass(frozen=True, kw_only=True)
class KeyChoices:
    """`chosen` may be none of `fitting`; `creatable` is the name of a field to create, empty if none is."""

    chosen: str
    chosen_fits: bool
    fitting: Sequence[LeadField]
    unfit: Sequence[tuple[LeadField, Sequence[str]]]
    not_text: int
    creatable: str


def key_choices(describe: LeadDescribe, chosen: str) -> KeyChoices:
    """The fields of Lead by whether they fit; those that are no text at all are only counted."""
    fields = sorted(describe.fields.values(), key=lambda lead: (not lead.custom, lead.title.lower()))
    fitting = [lead for lead in fields if fits_external_id(lead)]
    unfit = [lead for lead in fields if lead not in fitting]
    told = [lead for lead in unfit if lead.type == "string" or lead.external_id or lead.unique]
    return KeyChoices(
        chosen=chosen,
        chosen_fits=chosen.lower() in [lead.name.lower() for lead in fitting],
        fitting=fitting,
        unfit=[(lead, unfit_as_external_id(lead)) for lead in told],
        not_text=len(unfit) - len(told),
        creatable=_creatable(describe, chosen),
    )


def _creatable(describe: LeadDescribe, chosen: str) -> str:
    names = [name for name in (chosen, Replication.external_id_field) if name.endswith(SUFFIX)]
    return next((name for name in names if describe.field(name) is None), "")
