"""One line of a compiled mapping: how a lead field gets its scalar from what is seen of a contact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from leadferry.core.contact import CONTACT_FIELDS, FieldKind
from leadferry.core.convert import READERS, as_text, is_typed, scalar
from leadferry.core.describe import LeadField
from leadferry.core.rule import (
    EVERY_OTHER,
    Constant,
    FromField,
    FromSpecial,
    FromTemplate,
    Overflow,
    Rule,
    Scalar,
    Source,
)
from leadferry.core.sight import Sight
from leadferry.core.value_check import problem

Render = Callable[[str], Callable[[Mapping[str, object]], str]]
_TEXTS = (FieldKind.TEXT, FieldKind.EMAIL)
_TYPE_OF_KIND = {
    FieldKind.BOOLEAN: "boolean",
    FieldKind.INTEGER: "int",
    FieldKind.DATE: "date",
    FieldKind.DATETIME: "datetime",
}


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What the settings of a site add to its mapping."""

    render: Render
    default_company: str
    lead_description: str


@dataclass(frozen=True, kw_only=True)
class Slot:
    """`read` gives the scalar, "" for nothing, and may raise `TemplateFault`; `fallback` stands in for "".

    `column` is the text column that it gives as it is; None, when the value has to be made. `fixed`: whether
    every contact gives the same.
    """

    field: LeadField
    read: Callable[[Sight], Scalar]
    column: str | None = None
    fallback: str = ""
    truncate: bool = False
    fixed: bool = False

    def value(self, sight: Sight) -> Scalar:
        found = self.read(sight)
        return self.fallback if found == "" else found

    @property
    def typed(self) -> bool:
        return is_typed(self.field)

    @property
    def droppable(self) -> bool:
        """Whether nothing is left out instead of sent as null, which such a field does not take."""
        return self.field.defaulted_on_create or (not self.field.nillable and not self.field.required)


def slot(rule: Rule, field: LeadField, sources: Sources) -> Slot:
    """The slot of one rule for the lead field it fills."""
    return Slot(
        field=field,
        read=_read(rule, field, sources),
        column=_text_column(rule, field, sources.default_company),
        fallback=_fallback(rule, field, sources.default_company),
        truncate=rule.overflow is Overflow.TRUNCATE,
        fixed=isinstance(rule.source, Constant) or _literal(rule.source, sources) is not None,
    )


def _text_column(rule: Rule, field: LeadField, default_company: str) -> str | None:
    source = rule.source
    if rule.values or is_typed(field) or _choices(rule, field):
        return None
    if not isinstance(source, FromField | FromSpecial) or CONTACT_FIELDS.get(source.name) not in _TEXTS:
        return None
    return None if problem(field, _fallback(rule, field, default_company) or None) else source.name


def guessed_field(rule: Rule) -> LeadField:
    """A lead field as far as its source tells, for a mapping that is used before the org was described."""
    source = rule.source
    kind = CONTACT_FIELDS.get(source.name) if isinstance(source, FromField) else None
    guessed = _TYPE_OF_KIND.get(kind, "string") if kind else "string"
    if isinstance(source, Constant) and not isinstance(source.value, str):
        guessed = "boolean" if isinstance(source.value, bool) else "double"
    if source == FromSpecial(name="score"):
        guessed = "int"
    required = rule.target.lower() in ("lastname", "company")
    return LeadField(name=rule.target, type=guessed, nillable=not required)


def _fallback(rule: Rule, field: LeadField, default_company: str) -> str:
    special = rule.source == FromSpecial(name="company")
    return default_company if special or field.name.lower() == "company" else ""


def _read(rule: Rule, field: LeadField, sources: Sources) -> Callable[[Sight], Scalar]:
    read = _source_reader(rule.source, sources)
    if rule.values:
        read = _through(rule.values, read)
    choices = _choices(rule, field)
    return _chosen(choices, read) if choices else read


def template_text(source: Source, lead_description: str) -> str | None:
    """The template a source renders, if it does."""
    if source == FromSpecial(name="lead_description"):
        return lead_description
    return source.text if isinstance(source, FromTemplate) else None


def _literal(source: Source, sources: Sources) -> str | None:
    text = template_text(source, sources.lead_description)
    return text if text is not None and "{" not in text else None


def _source_reader(source: Source, sources: Sources) -> Callable[[Sight], Scalar]:
    template = template_text(source, sources.lead_description)
    if template is not None:
        literal = _literal(source, sources)
        return _rendered(sources.render(template)) if literal is None else _always(as_text(literal))
    match source:
        case Constant(value=value):
            return _always(value)
        case FromSpecial(name="score"):
            return lambda sight: sight.score
        case FromSpecial(name=name):
            return _column(name)
        case FromField(name=name):
            return _custom(source.custom_name) if source.custom_name else _column(name)
    raise TypeError(source)


def _always(value: Scalar) -> Callable[[Sight], Scalar]:
    return lambda sight: value


def _column(name: str) -> Callable[[Sight], Scalar]:
    reader = READERS[CONTACT_FIELDS[name]]
    return lambda sight: reader(sight.row[sight.places[name]])


def _custom(name: str) -> Callable[[Sight], Scalar]:
    def read(sight: Sight) -> Scalar:
        value = scalar(sight.custom.get(name))
        return as_text(value) if isinstance(value, str) else value

    return read


def _rendered(render: Callable[[Mapping[str, object]], str]) -> Callable[[Sight], Scalar]:
    return lambda sight: as_text(render(sight.context))


def _through(values: Mapping[str, str], read: Callable[[Sight], Scalar]) -> Callable[[Sight], Scalar]:
    table = {key.casefold(): value for key, value in values.items()}
    other = table.pop(EVERY_OTHER, "")

    def replaced(sight: Sight) -> Scalar:
        value = as_text(read(sight)).casefold()
        return table.get(value, other if value else "")

    return replaced


def _choices(rule: Rule, field: LeadField) -> Mapping[str, str]:
    """For a country or state that goes into a picklist: its entries by value and by label."""
    if rule.source not in (FromSpecial(name="country"), FromSpecial(name="state")):
        return {}
    active = [entry for entry in field.picklist if entry.active]
    by_label = {entry.label.casefold(): entry.value for entry in active}
    return by_label | {entry.value.casefold(): entry.value for entry in active}


def _chosen(choices: Mapping[str, str], read: Callable[[Sight], Scalar]) -> Callable[[Sight], Scalar]:
    def chosen(sight: Sight) -> Scalar:
        value = as_text(read(sight))
        return choices.get(value.casefold(), value)

    return chosen
