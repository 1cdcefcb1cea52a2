"""The mapping as people write it: which source fills which lead field."""

import collections.abc as abc
import re
from dataclasses import dataclass, field
from enum import StrEnum

from leadferry.core.contact import CONTACT_FIELDS

SPECIALS = ("company", "lead_description", "country", "state", "score")
CUSTOM = "custom"
CUSTOM_PREFIX = "custom."
EVERY_OTHER = "*"
NAMES_IN_TEMPLATE = re.compile(r"\bcontact\b(?:\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?)?")

Scalar = str | int | float | bool


class Overflow(StrEnum):
    """What becomes of a text longer than the lead field."""

    REJECT = "reject"
    TRUNCATE = "truncate"


class TemplateFault(Exception):
    """A template that cannot be compiled, or not worked out for this contact; the message says why.

    Whoever hands `compile_mapping` its `render` raises this, so that the rules need not know the engine.
    """


@dataclass(frozen=True, kw_only=True)
class FromField:
    """A contact field, or a custom field written "custom.<name>"."""

    name: str

    @property
    def custom_name(self) -> str | None:
        return self.name.removeprefix(CUSTOM_PREFIX) if self.name.startswith(CUSTOM_PREFIX) else None


@dataclass(frozen=True, kw_only=True)
class FromSpecial:
    """One of `SPECIALS`: values that the settings of the site help to make."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Constant:
    """The same value for every lead, such as a picklist entry."""

    value: Scalar


@dataclass(frozen=True, kw_only=True)
class FromTemplate:
    """A template that sees contact, site.display_name, site.code and score."""

    text: str


Source = FromField | FromSpecial | Constant | FromTemplate


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of a mapping: `target`, an API name of Lead, is filled from `source`.

    `values` replaces the source's value: its entry, whatever the case of the letters; else the entry "*";
    else nothing, which clears the lead field. An empty value stays empty unless there is an entry "".
    """

    target: str
    source: Source
    values: abc.Mapping[str, str] = field(default_factory=dict)
    overflow: Overflow = Overflow.REJECT


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """Every rule of a site, one for each lead field."""

    rules: tuple[Rule, ...]

    def rule(self, target: str) -> Rule | None:
        """The rule that fills the lead field of that name in any case."""
        return next((rule for rule in self.rules if rule.target.lower() == target.lower()), None)


def _from(name: str) -> FromField:
    return FromField(name=name)


DEFAULT_MAPPING = Mapping(
    rules=tuple(
        Rule(target=target, source=source)
        for target, source in (
            ("LastName", _from("last_name")),
            ("Company", _from("company")),
            ("FirstName", _from("first_name")),
            ("Salutation", _from("salutation")),
            ("Title", _from("job_title")),
            ("Street", _from("address1")),
            ("City", _from("city")),
            ("State", _from("state")),
            ("PostalCode", _from("zip")),
            ("Country", _from("country")),
            ("Phone", _from("business_phone")),
            ("MobilePhone", _from("mobile_phone")),
            ("Email", _from("email")),
            ("Website", _from("website")),
            ("Description", FromSpecial(name="lead_description")),
        )
    )
)
"""What a site starts with (product description, Settings, Default mapping)."""


def needs(mapping: Mapping, *, lead_description: str = "") -> tuple[str, ...]:
    """The contact columns the mapping reads, in the order of the columns; "custom" last, if at all."""
    read = {column for rule in mapping.rules for column in _columns(rule.source, lead_description)}
    return (*(name for name in CONTACT_FIELDS if name in read), *((CUSTOM,) if CUSTOM in read else ()))


def _columns(source: Source, lead_description: str) -> abc.Iterable[str]:
    match source:
        case FromField(name=name):
            return (CUSTOM if source.custom_name else name,)
        case FromSpecial(name="lead_description"):
            return template_columns(lead_description)
        case FromSpecial(name=name) if name in CONTACT_FIELDS:
            return (name,)
        case FromTemplate(text=text):
            return template_columns(text)
    return ()


def template_columns(text: str) -> frozenset[str]:
    """The contact columns a template can reach; all of them where `contact` stands without a field's name."""
    named = {match[1] for match in NAMES_IN_TEMPLATE.finditer(text)}
    if None in named:
        return frozenset((*CONTACT_FIELDS, CUSTOM))
    return frozenset(named) & {*CONTACT_FIELDS, CUSTOM}


def template_customs(text: str) -> frozenset[str]:
    """The custom fields a template names; a contact that lacks one has it empty there."""
    return frozenset(
        match[2] for match in NAMES_IN_TEMPLATE.finditer(text) if match[1] == CUSTOM and match[2]
    )
