"""What the org's describe will not take, found before a call is spent: for a whole mapping, and by value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from leadferry.core.contact import CONTACT_FIELDS, MAX_INTEGER, MAX_NOTES, MAX_TEXT, FieldKind
from leadferry.core.convert import Misfit, converter, is_typed
from leadferry.core.describe import LeadDescribe, LeadField, unfit_as_external_id
from leadferry.core.rule import Constant, FromField, FromSpecial, FromTemplate, Overflow, Rule, Source
from leadferry.core.rule import Mapping as SiteMapping
from leadferry.core.value_check import EMAIL, invalid, missing, problem, wrong_type

__all__ = [
    "EMAIL",
    "Finding",
    "Level",
    "check_mapping",
    "invalid",
    "missing",
    "problem",
    "takes",
    "wrong_type",
]

_NOT_THERE = "The organization has no such field on Lead, or the connected user may not see it."


class Level(StrEnum):
    """An error keeps a mapping from being saved; a warning is shown beside its row."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to know about a mapping: the lead field it is about, what is so, and what to do."""

    level: Level
    field: str
    message: str
    fix: str


def check_mapping(
    mapping: SiteMapping,
    describe: LeadDescribe,
    external_id_field: str,
    *,
    longest: Mapping[str, int] | None = None,
) -> list[Finding]:
    """Everything an org's describe says against a mapping, errors first (product description, Mapping).

    `longest` gives the longest text now held by a contact field; without it the most a field can hold counts.
    """
    findings = [
        *_about_key(external_id_field, mapping, describe),
        *_about_required(mapping, describe, external_id_field),
    ]
    for rule in mapping.rules:
        field = describe.field(rule.target)
        if field is None:
            findings.append(_error(rule.target, _NOT_THERE, "Create it, permit it, or take the row out."))
        elif field.name.lower() != external_id_field.lower():
            findings.extend(_about_rule(rule, field, longest or {}))
    return sorted(findings, key=lambda finding: finding.level)


def _error(field: str, message: str, fix: str) -> Finding:
    return Finding(level=Level.ERROR, field=field, message=message, fix=fix)


def _warning(field: str, message: str, fix: str) -> Finding:
    return Finding(level=Level.WARNING, field=field, message=message, fix=fix)


def _about_key(name: str, mapping: SiteMapping, describe: LeadDescribe) -> Iterator[Finding]:
    create = "Create a text field of 32 characters, unique and external ID, on Lead and give the user access."
    field = describe.field(name)
    if not name:
        yield _error("", "No external ID field is chosen.", create)
    elif field is None:
        yield _error(name, f"External ID: {_NOT_THERE}", create)
    else:
        for reason in unfit_as_external_id(field):
            yield _error(name, f"The field cannot be the external ID. {reason}", create)
    if name and mapping.rule(name):
        yield _error(name, "The external ID is filled by itself and cannot be mapped.", "Take the row out.")


def _about_required(mapping: SiteMapping, describe: LeadDescribe, key: str) -> Iterator[Finding]:
    for field in describe.required_fields():
        if not mapping.rule(field.name) and field.name.lower() != key.lower():
            yield _error(
                field.name, "Salesforce requires this field, and it has no source.", "Map the field."
            )


def _about_rule(rule: Rule, field: LeadField, longest: Mapping[str, int]) -> Iterable[Finding]:
    if isinstance(rule.source, Constant):
        return [*_about_rights(field), *_about_constant(rule.source, field)]
    return [
        *_about_rights(field),
        *_about_length(rule, field, longest),
        *_about_type(rule, field),
        *_about_emptiness(rule, field),
        *_about_values(rule, field),
    ]


def _about_rights(field: LeadField) -> Iterator[Finding]:
    permit = "Give the connected user edit permission for the field, or take the row out."
    match field.createable, field.updateable:
        case False, False:
            yield _error(field.name, "The connected user can only read this field.", permit)
        case False, True:
            yield _warning(field.name, "It cannot be set when the lead is created, only later.", permit)
        case True, False:
            yield _warning(field.name, "It is set when the lead is created and never updated.", permit)


def _about_constant(source: Constant, field: LeadField) -> Iterator[Finding]:
    try:
        reason = problem(field, converter(field)(source.value))
    except Misfit:
        reason = wrong_type(field, source.value)
    if reason:
        yield _error(field.name, reason.message, "Choose a value that the field takes.")
    elif field.choices and str(source.value) not in field.choices and not is_typed(field):
        yield _warning(field.name, "The value is not an entry of the picklist.", "Choose one of its entries.")


def _about_length(rule: Rule, field: LeadField, longest: Mapping[str, int]) -> Iterator[Finding]:
    length = _length(rule.source, longest)
    if rule.values or not field.is_text or not field.length or rule.overflow is Overflow.TRUNCATE:
        return
    if length > field.length:
        message = f"The source can be {length:,} characters long, the field takes {field.length:,}."
        yield _warning(field.name, message, 'Set overflow = "truncate", or shorten the values.')


def _length(source: Source, longest: Mapping[str, int]) -> int:
    match source:
        case FromField(name=name) | FromSpecial(name=name) if name in longest:
            return longest[name]
        case FromField(name=name) | FromSpecial(name=name) if _kind(source) is FieldKind.TEXT:
            return MAX_NOTES if name == "notes" else MAX_TEXT
        case FromField(name=name) if name == "email" or source.custom_name:
            return MAX_TEXT
    return 0


def _kind(source: Source) -> FieldKind | None:
    """The kind of value a source gives; None where it may be any."""
    match source:
        case FromSpecial(name="score"):
            return FieldKind.INTEGER
        case FromSpecial(name="lead_description") | FromTemplate():
            return FieldKind.TEXT
        case FromField(name=name) | FromSpecial(name=name):
            return CONTACT_FIELDS.get(name)
    return None


_LONGEST_COUNT = len(str(MAX_INTEGER))
_FITTING = {
    "boolean": {FieldKind.BOOLEAN},
    "date": {FieldKind.DATE, FieldKind.DATETIME},
    "datetime": {FieldKind.DATE, FieldKind.DATETIME},
    "int": {FieldKind.INTEGER},
    "double": {FieldKind.INTEGER},
    "currency": {FieldKind.INTEGER},
    "percent": {FieldKind.INTEGER},
    "email": {FieldKind.EMAIL},
}


def takes(field: LeadField, kind: FieldKind) -> bool:
    """Whether a lead field is of a type for values of that kind; text takes all of them."""
    fitting = _FITTING.get(field.type)
    return fitting is None or kind in fitting


def _about_type(rule: Rule, field: LeadField) -> Iterator[Finding]:
    kind = _kind(rule.source)
    fitting = _FITTING.get(field.type)
    if kind and fitting and kind not in fitting:
        message = (
            f"The source gives {kind}, the field takes {field.type}; contacts that do not fit are not sent."
        )
        yield _warning(field.name, message, "Choose a source of the field's type.")
    if field.type == "date" and kind is FieldKind.DATETIME:
        yield _warning(field.name, "The time of day is lost; the day is counted in UTC.", "Choose a date.")
    whole = field.digits or field.precision - field.scale
    if kind is FieldKind.INTEGER and is_typed(field) and 0 < whole < _LONGEST_COUNT:
        message = f"The source can have {_LONGEST_COUNT} digits, the field takes {whole} before the point."
        yield _warning(field.name, message, "Have the field widened if the numbers grow so large.")


def _about_emptiness(rule: Rule, field: LeadField) -> Iterator[Finding]:
    filled = field.name.lower() == "company" or rule.source in _NEVER_EMPTY
    if field.required and not filled:
        message = "Salesforce requires this field, and the source may be empty; such contacts are not sent."
        yield _warning(field.name, message, "Choose a source that is never empty, or fill the contacts.")


_NEVER_EMPTY = (FromSpecial(name="company"), FromSpecial(name="score"))


def _about_values(rule: Rule, field: LeadField) -> Iterator[Finding]:
    for value in rule.values.values():
        reason = problem(field, value) if value and not is_typed(field) else None
        if reason:
            yield _error(field.name, reason.message, "Correct the entry of the value table.")
