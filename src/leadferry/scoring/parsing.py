"""Scores and rules as the configuration file has them (interface description, section 2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from leadferry.core.contact import CONTACT_FIELDS, BadValue, FieldKind, clean_custom
from leadferry.scoring import values
from leadferry.scoring.problems import Problem, Table
from leadferry.scoring.rules import ActivityRule, AttributeRule, Operator, Rule, Single

MAX_NAME = 100
MAX_RULES = 100
NAME = f"text of 1 to {MAX_NAME} characters"
ATTRIBUTE_KEYS = ("name", "points", "attribute", "operator", "value")
ACTIVITY_KEYS = (
    "name",
    "points",
    "activity",
    "url_contains",
    "title_contains",
    "value_equals",
    "recurring",
    "max_points",
    "valid_for",
    "until",
)
SCORE_KEYS = ("name", "enabled", "rule")

_EMPTINESS = (Operator.IS_EMPTY, Operator.NOT_EMPTY)
_EQUALITY = (Operator.EQUALS, Operator.NOT_EQUALS)
_ORDER = (Operator.GREATER, Operator.LESS)
_ORDERED = (*_EQUALITY, *_EMPTINESS, *_ORDER, Operator.IN)
OPERATORS: Mapping[FieldKind, Sequence[Operator]] = {
    FieldKind.TEXT: tuple(Operator),
    FieldKind.EMAIL: tuple(Operator),
    FieldKind.DATE: _ORDERED,
    FieldKind.DATETIME: _ORDERED,
    FieldKind.INTEGER: _ORDERED,
    FieldKind.BOOLEAN: (*_EQUALITY, *_EMPTINESS),
}
Tables = list[Mapping[str, object]]
Reading = tuple[Callable[[object], Single | None], str]
_VALUES: Mapping[FieldKind, Reading] = {
    FieldKind.DATE: (values.day, values.DATE),
    FieldKind.DATETIME: (values.moment, "a date such as 2026-12-31, or a time such as 2026-12-31T10:00:00Z"),
    FieldKind.INTEGER: (values.number, values.NUMBER),
    FieldKind.BOOLEAN: (values.boolean, "true or false"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreDefinition:
    """A score as configured."""

    name: str
    enabled: bool
    rules: tuple[Rule, ...]


def parse_scores(raw: object, path: str = "score") -> tuple[list[ScoreDefinition], list[Problem]]:
    """The scores of a site, and what is wrong with them; with problems, the scores are not to be used."""
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return [], [Problem(path, "not a list of tables", "[[site.<code>.score]]")]
    parsed = [_parse_score(item, f"{path}[{index}]") for index, item in enumerate(raw)]
    scores = [score for score, _ in parsed]
    problems = [problem for _, found in parsed for problem in found]
    names = [score.name for score in scores]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            problems.append(Problem(f"{path}[{index}].name", "a name that is taken", "a name of its own"))
    return scores, problems


def _parse_score(raw: object, path: str) -> tuple[ScoreDefinition, list[Problem]]:
    table = Table(raw if isinstance(raw, Mapping) else {}, path)
    table.only(SCORE_KEYS)
    name = table.need("name", _name, NAME, "")
    enabled = table.take("enabled", values.boolean, "true or false", True)
    listed: Tables = table.take("rule", _tables, f"a list of at most {MAX_RULES} tables", [])
    parsed = [parse_rule(item, f"{path}.rule[{index}]") for index, item in enumerate(listed)]
    problems = table.problems + [problem for _, found in parsed for problem in found]
    return ScoreDefinition(name=name, enabled=enabled, rules=tuple(rule for rule, _ in parsed)), problems


def parse_rule(raw: Mapping[str, object], path: str = "") -> tuple[Rule, list[Problem]]:
    """A rule, and what is wrong with it; with problems, the rule is not to be used."""
    table = Table(raw, path)
    if ("attribute" in table) == ("activity" in table):
        table.complain("", "neither or both of attribute and activity", "one of them")
        return AttributeRule(
            name="", points=0, attribute="", operator=Operator.EQUALS, values=()
        ), table.problems
    rule = _parse_attribute(table) if "attribute" in table else _parse_activity(table)
    return rule, table.problems


def _parse_attribute(table: Table) -> AttributeRule:
    table.only(ATTRIBUTE_KEYS)
    attribute = table.need("attribute", _attribute, "a contact field, or custom.<name>", "")
    kind = field_kind(attribute)
    allowed = OPERATORS[kind]
    operator: Operator | None = table.need(
        "operator",
        lambda raw: next((operator for operator in allowed if operator == raw), None),
        f"for this field {', '.join(allowed)}",
        None,
    )
    return AttributeRule(
        name=table.need("name", _name, NAME, ""),
        points=table.need("points", values.points, values.POINTS, 0),
        attribute=attribute,
        operator=operator or Operator.IS_EMPTY,
        values=_operands(table, kind, operator) if operator else (),
    )


def _operands(table: Table, kind: FieldKind, operator: Operator) -> tuple[Single, ...]:
    if operator in _EMPTINESS:
        if "value" in table:
            table.complain("value", "a value where none is compared", f"no value with {operator}")
        return ()
    read, allowed = _VALUES.get(kind) or _text_operand(operator)
    if operator is not Operator.IN:
        return table.need("value", lambda raw: _all(read, [raw]), allowed, ())
    described = f"a list of 1 to {values.MAX_VALUES} items, each {allowed}"
    return table.need("value", lambda raw: _all(read, raw), described, ())


def _text_operand(operator: Operator) -> Reading:
    if operator in _ORDER:
        return values.measure, "a number, or a date such as 2026-12-31"
    if operator in (*_EQUALITY, Operator.IN):
        return values.like, f"{values.TEXT}, a number, true or false"
    return values.part, values.TEXT


def _all(read: Callable[[object], Single | None], raw: object) -> tuple[Single, ...] | None:
    if not isinstance(raw, list | tuple) or not 1 <= len(raw) <= values.MAX_VALUES:
        return None
    operands = [read(item) for item in raw]
    return None if None in operands else tuple(operand for operand in operands if operand is not None)


def _parse_activity(table: Table) -> ActivityRule:
    table.only(ACTIVITY_KEYS)
    points = table.need("points", values.points, values.POINTS, 0)
    recurring = table.take("recurring", values.boolean, "true or false", True)
    return ActivityRule(
        name=table.need("name", _name, NAME, ""),
        points=points,
        activity=table.need("activity", values.text, values.TEXT, ""),
        url_contains=table.take("url_contains", values.part, values.TEXT, ""),
        title_contains=table.take("title_contains", values.part, values.TEXT, ""),
        value_equals=table.take("value_equals", values.text, values.TEXT, ""),
        recurring=recurring,
        max_points=_cap(table, points, recurring=recurring),
        valid_for=table.take("valid_for", values.window, values.WINDOW, None),
        until=table.take("until", values.day, values.DATE, None),
    )


def _cap(table: Table, points: int, *, recurring: bool) -> int | None:
    if "max_points" in table and not recurring:
        table.complain(
            "max_points", "a cap on a rule that counts once", "no max_points with recurring = false"
        )
    low, high = sorted((points, values.MAX_POINTS if points >= 0 else -values.MAX_POINTS))
    return table.take(
        "max_points",
        lambda raw: cap if (cap := values.points(raw)) is not None and low <= cap <= high else None,
        f"a whole number from {low} to {high}: not below the points of one hit, and of their sign",
        None,
    )


def field_kind(attribute: str) -> FieldKind:
    """What the field of an attribute rule holds; custom fields are compared as text."""
    return CONTACT_FIELDS.get(attribute, FieldKind.TEXT)


def _attribute(raw: object) -> str | None:
    if not isinstance(raw, str) or raw in CONTACT_FIELDS:
        return raw if isinstance(raw, str) else None
    try:
        clean_custom(raw.removeprefix("custom."), None)
    except BadValue:
        return None
    return raw if raw.startswith("custom.") else None


def _name(raw: object) -> str | None:
    name = values.text(raw)
    return name if name and len(name) <= MAX_NAME else None


def _tables(raw: object) -> Tables | None:
    if not isinstance(raw, list) or len(raw) > MAX_RULES:
        return None
    return raw if all(isinstance(item, Mapping) for item in raw) else None
