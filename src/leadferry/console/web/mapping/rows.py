"""The rows of the mapping editor: required fields first, then what is mapped; the rest may be added."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadferry.console.web.mapping.sources import TAKES_TEXT, Group, groups, in_file, in_form
from leadferry.core.describe import LeadDescribe, LeadField
from leadferry.core.preflight import Finding
from leadferry.engine.lead_preview import Shown

PARTS = ("source", "text", "values", "overflow")
NOTHING = {"source": "", "text": "", "values": "", "overflow": "reject"}

Parts = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class MappingRow:
    """One lead field, what the form has for it, and what is said beside it."""

    lead: LeadField
    parts: Parts
    groups: Sequence[Group]
    problems: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    shown: Shown | None = None
    takes_text: Mapping[str, str] = field(default_factory=lambda: TAKES_TEXT)

    @property
    def more(self) -> bool:
        """Whether the part that is folded away holds anything."""
        return bool(self.parts["values"]) or self.parts["overflow"] != "reject"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is said beside the rows, by lower-case lead field."""

    problems: Mapping[str, list[str]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    shown: Mapping[str, Shown] = field(default_factory=dict)


def stored_parts(
    mapping: Mapping[str, Any], describe: LeadDescribe | None, key_field: str
) -> dict[str, Parts]:
    """What the form begins with: every required field, then every mapped one."""
    required = [lead.name for lead in describe.required_fields()] if describe else []
    spelled = {name.lower(): name for name in mapping}
    first = [spelled.pop(name.lower(), name) for name in required if name.lower() != key_field.lower()]
    names = [*first, *spelled.values()]
    return {
        name: in_form(mapping[name], lead_of(describe, name)) if name in mapping else NOTHING
        for name in names
    }


def posted_parts(posted: Any) -> dict[str, Parts]:
    """What the form holds; `posted` is a QueryDict. A row that is not sent stays until it is saved."""
    return {
        name: {part: posted.get(f"{part}-{name}", NOTHING[part]) for part in PARTS}
        for name in posted.getlist("target")
    }


def as_table(parts: Mapping[str, Parts], before: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as in the file; rows without source are left out."""
    return {name: in_file(each, before.get(name)) for name, each in parts.items() if each["source"]}


def rows(
    parts: Mapping[str, Parts], describe: LeadDescribe | None, customs: Sequence[str], beside: Beside
) -> list[MappingRow]:
    return [
        MappingRow(
            lead=(lead := lead_of(describe, name)),
            parts=each,
            groups=groups(lead, customs, each["source"]),
            problems=beside.problems.get(name.lower(), ()),
            findings=[found for found in beside.findings if found.field.lower() == name.lower()],
            shown=beside.shown.get(name.lower()),
        )
        for name, each in parts.items()
    ]


def lead_of(describe: LeadDescribe | None, name: str) -> LeadField:
    """The lead field of that name; one of which nothing is known where the describe has none."""
    return (describe and describe.field(name)) or LeadField(name=name)


def addable(describe: LeadDescribe | None, parts: Mapping[str, Parts], key_field: str) -> list[LeadField]:
    """The fields that may get a row: writable, without one, not the key; by label."""
    taken = {*(name.lower() for name in parts), key_field.lower()}
    found = [
        lead
        for name, lead in (describe.fields if describe else {}).items()
        if name not in taken and (lead.createable or lead.updateable)
    ]
    return sorted(found, key=lambda lead: lead.title.lower())


def elsewhere(beside: Beside, parts: Mapping[str, Parts]) -> Iterator[Finding]:
    """Findings about fields that have no row, such as the external ID."""
    mine = {name.lower() for name in parts}
    return (found for found in beside.findings if found.field.lower() not in mine)
