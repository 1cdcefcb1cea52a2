"""A mapping in the shape of the configuration file: read with errors people can act on, and written back."""

import collections.abc as abc
import math
import re
from dataclasses import dataclass
from typing import Any

from leadferry.core.contact import CONTACT_FIELDS, BadValue, clean_custom, clean_text
from leadferry.core.rule import (
    CUSTOM_PREFIX,
    SPECIALS,
    Constant,
    FromField,
    FromSpecial,
    FromTemplate,
    Mapping,
    Overflow,
    Rule,
    Source,
)

MAX_CONSTANT = 32_000
MAX_TEMPLATE = 10_000
KINDS = ("field", "special", "value", "template")
_TARGET = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_NEVER_MAPPED = frozenset({"id", "attributes"})
_CONTACT_FIELD = "a contact field (" + ", ".join(CONTACT_FIELDS) + ") or custom.<name>"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong in a mapping: the path of the key, and what is allowed there."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class BadMapping(ValueError):
    """A mapping that cannot be used; `problems` holds everything found wrong, not only the first."""

    def __init__(self, problems: abc.Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def parse_mapping(raw: object, *, path: str = "mapping") -> Mapping:
    """The mapping written as {lead field: source} (interface description, section 2). Raises `BadMapping`."""
    if not isinstance(raw, abc.Mapping) or not raw:
        raise BadMapping([Problem(path=path, message="allowed is a table of Salesforce field = source")])
    rules: list[Rule] = []
    problems = _repeated(raw, path)
    for target, source in raw.items():
        found = _rule_or_problem(target, source, f"{path}.{target}")
        if isinstance(found, Rule):
            rules.append(found)
        else:
            problems.append(found)
    if problems:
        raise BadMapping(problems)
    return Mapping(rules=tuple(rules))


def _repeated(raw: abc.Mapping[Any, Any], path: str) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for target in map(str, raw):
        if target.lower() in seen:
            message = "the field is mapped twice; Salesforce ignores the case of field names"
            problems.append(Problem(path=f"{path}.{target}", message=message))
        seen.add(target.lower())
    return problems


def _rule_or_problem(target: object, raw: object, path: str) -> Rule | Problem:
    if not isinstance(target, str) or not _TARGET.fullmatch(target) or target.lower() in _NEVER_MAPPED:
        return Problem(
            path=path, message="allowed is the API name of a lead field, such as LastName or Tier__c"
        )
    try:
        return _rule(target, raw, path)
    except _Wrong as wrong:
        return Problem(path=wrong.path, message=f"allowed is {wrong.allowed}")


class _Wrong(Exception):
    def __init__(self, path: str, allowed: str) -> None:
        super().__init__(path, allowed)
        self.path = path
        self.allowed = allowed


def _rule(target: str, raw: object, path: str) -> Rule:
    if isinstance(raw, str):
        return Rule(target=target, source=_field(raw, path))
    kind = _kind(raw, path)
    assert isinstance(raw, abc.Mapping)
    return Rule(
        target=target,
        source=_SOURCES[kind](raw[kind], f"{path}.{kind}"),
        values=_values(raw.get("values", {}), f"{path}.values"),
        overflow=_overflow(raw.get("overflow", "reject"), f"{path}.overflow"),
    )


def _kind(raw: object, path: str) -> str:
    """The one key of `KINDS` in a source's table, after its other keys were found allowed."""
    if not isinstance(raw, abc.Mapping):
        raise _Wrong(path, f"{_CONTACT_FIELD}, or a table with one of {', '.join(KINDS)}")
    kinds = [kind for kind in KINDS if kind in raw]
    if len(kinds) != 1:
        raise _Wrong(path, f"exactly one of {', '.join(KINDS)}")
    for key in raw:
        if kinds == ["value"] and key != "value":
            raise _Wrong(f"{path}.{key}", "no key beside value, which is sent as it is written")
        if key not in (*kinds, "values", "overflow"):
            raise _Wrong(f"{path}.{key}", f"{kinds[0]}, values or overflow as a key")
    return kinds[0]


def _field(raw: object, path: str) -> Source:
    name = raw if isinstance(raw, str) else ""
    if name.startswith(CUSTOM_PREFIX):
        try:
            clean_custom(name.removeprefix(CUSTOM_PREFIX), None)
        except BadValue as error:
            raise _Wrong(path, error.allowed) from None
    elif name not in CONTACT_FIELDS:
        raise _Wrong(path, _CONTACT_FIELD)
    return FromField(name=name)


def _special(raw: object, path: str) -> Source:
    if raw not in SPECIALS:
        raise _Wrong(path, "one of " + ", ".join(SPECIALS))
    return FromSpecial(name=str(raw))


def _constant(raw: object, path: str) -> Source:
    if isinstance(raw, bool | int) or (isinstance(raw, float) and math.isfinite(raw)):
        return Constant(value=raw)
    if not isinstance(raw, str):
        raise _Wrong(path, "text, a finite number, true or false")
    text = _text(raw, path, limit=MAX_CONSTANT)
    if not text:
        raise _Wrong(path, "a value that is not empty")
    return Constant(value=text)


def _template(raw: object, path: str) -> Source:
    return FromTemplate(text=_text(raw, path, limit=MAX_TEMPLATE))


def _text(raw: object, path: str, *, limit: int) -> str:
    if not isinstance(raw, str):
        raise _Wrong(path, "text")
    try:
        return clean_text(path, raw, limit=limit)
    except BadValue as error:
        raise _Wrong(path, error.allowed) from None


_SOURCES: abc.Mapping[str, abc.Callable[[object, str], Source]] = {
    "field": _field,
    "special": _special,
    "value": _constant,
    "template": _template,
}


def _values(raw: object, path: str) -> dict[str, str]:
    if not isinstance(raw, abc.Mapping):
        raise _Wrong(path, 'a table of value = replacement; the value "*" stands for every other')
    table = {
        str(key).strip(): _text(value, f"{path}.{key}", limit=MAX_CONSTANT) for key, value in raw.items()
    }
    if len({key.casefold() for key in table}) < len(raw):
        raise _Wrong(path, "each value once, whatever the case of its letters")
    return table


def _overflow(raw: object, path: str) -> Overflow:
    if raw not in list(Overflow):
        raise _Wrong(path, " or ".join(Overflow))
    return Overflow(str(raw))


def mapping_to_dict(mapping: Mapping) -> dict[str, Any]:
    """The shape `parse_mapping` reads; a plain contact field is written as its name alone."""
    return {rule.target: _written(rule) for rule in mapping.rules}


def _written(rule: Rule) -> str | dict[str, Any]:
    extra: dict[str, Any] = {}
    if rule.values:
        extra["values"] = dict(rule.values)
    if rule.overflow is not Overflow.REJECT:
        extra["overflow"] = str(rule.overflow)
    match rule.source:
        case FromField(name=name):
            return {"field": name, **extra} if extra else name
        case FromSpecial(name=name):
            return {"special": name, **extra}
        case Constant(value=value):
            return {"value": value, **extra}
        case FromTemplate(text=text):
            return {"template": text, **extra}
