"""Rules as SQL expressions over a contact `c`. Whatever a rule brings is bound, never spliced."""

from collections.abc import Sequence
from datetime import date, datetime

from leadferry.core.contact import FieldKind
from leadferry.scoring.parsing import field_kind
from leadferry.scoring.rules import ActivityRule, AttributeRule, Operator, Rule, Single, end_of, start_of
from leadferry.scoring.sql import Dialect, Sql, stored_day, stored_time

LOWEST, HIGHEST = -(2**31), 2**31 - 1
PATTERNS = {
    Operator.CONTAINS: ("%", "%"),
    Operator.STARTS_WITH: ("", "%"),
    Operator.ENDS_WITH: ("%", ""),
}
NEVER = Sql("1 = 0")
NOTHING = Sql("0")


def total(rules: Sequence[Rule], dialect: Dialect, *, now: datetime) -> Sql:
    """The points of the contact: the sum over the rules, kept within what the column holds."""
    parts = [points(rule, dialect, now=now) for rule in rules]
    added = joined(" + ", parts) if parts else NOTHING
    return Sql(
        f"{dialect.greatest}(%s, {dialect.least}(%s, {added.text}))", (LOWEST, HIGHEST, *added.parameters)
    )


def points(rule: Rule, dialect: Dialect, *, now: datetime) -> Sql:
    """The points that the rule gives the contact (product description, section 3)."""
    if isinstance(rule, ActivityRule) and rule.ended(now):
        return NOTHING
    if isinstance(rule, AttributeRule) or not rule.recurring:
        met = _met(rule, dialect, now=now)
        return Sql(f"CASE WHEN {met.text} THEN %s ELSE 0 END", (*met.parameters, rule.points))
    counted = hits(rule, dialect, now=now)
    product = Sql(f"{counted.text} * %s", (*counted.parameters, rule.points))
    if rule.max_points is None:
        return product
    bound = dialect.least if rule.points >= 0 else dialect.greatest
    return Sql(f"{bound}({product.text}, %s)", (*product.parameters, rule.max_points))


def hits(rule: Rule, dialect: Dialect, *, now: datetime) -> Sql:
    """How often the rule applies to the contact: matching activities in the window; for a field 0 or 1."""
    if isinstance(rule, AttributeRule):
        met = compare(rule, dialect)
        return Sql(f"CASE WHEN {met.text} THEN 1 ELSE 0 END", met.parameters)
    if rule.ended(now):
        return NOTHING
    found = _found(rule, dialect, now=now)
    return Sql(f"(SELECT COUNT(*) {found.text})", found.parameters)


def _met(rule: Rule, dialect: Dialect, *, now: datetime) -> Sql:
    if isinstance(rule, AttributeRule):
        return compare(rule, dialect)
    found = _found(rule, dialect, now=now)
    return Sql(f"EXISTS (SELECT 1 {found.text})", found.parameters)


def _found(rule: ActivityRule, dialect: Dialect, *, now: datetime) -> Sql:
    conditions = [Sql("a.kind = %s", (rule.activity,))]
    if rule.valid_for:
        conditions.append(Sql("a.at > %s", (stored_time(rule.valid_for.cutoff(now)),)))
    if rule.url_contains:
        conditions.append(dialect.is_like(Sql("a.url"), "%", rule.url_contains, "%"))
    if rule.title_contains:
        conditions.append(dialect.is_like(Sql("a.title"), "%", rule.title_contains, "%"))
    if rule.value_equals:
        conditions.append(dialect.is_text(Sql("a.value"), rule.value_equals))
    where = joined(" AND ", conditions)
    return Sql(f"FROM contacts_activity a WHERE a.contact_id = c.id AND {where.text}", where.parameters)


def compare(rule: AttributeRule, dialect: Dialect) -> Sql:
    """Whether the field of the contact compares so; a field that cannot be compared does not."""
    field, kind = _field(rule.attribute, dialect), field_kind(rule.attribute)
    match rule.operator:
        case Operator.IS_EMPTY:
            return _is_empty(field, kind)
        case Operator.NOT_EMPTY:
            return _not(_is_empty(field, kind))
        case Operator.EQUALS | Operator.IN:
            return _any_equal(field, kind, rule.values, dialect)
        case Operator.NOT_EQUALS:
            return _not(_any_equal(field, kind, rule.values, dialect))
        case Operator.GREATER | Operator.LESS:
            return _ordered(field, kind, rule, dialect)
        case _:
            before, after = PATTERNS[rule.operator]
            return dialect.is_like(field, before, str(rule.values[0]), after)


def _field(attribute: str, dialect: Dialect) -> Sql:
    if attribute.startswith("custom."):
        found = dialect.custom("c.custom", attribute.removeprefix("custom."))
        return Sql(f"({found.text})", found.parameters)
    return Sql(f"c.{attribute}")


def _is_empty(field: Sql, kind: FieldKind) -> Sql:
    if kind in (FieldKind.TEXT, FieldKind.EMAIL):
        return Sql(f"COALESCE({field.text}, '') = ''", field.parameters)
    return Sql(f"{field.text} IS NULL", field.parameters)


def _not(condition: Sql) -> Sql:
    return Sql(f"({condition.text}) IS NOT TRUE", condition.parameters)


def _any_equal(field: Sql, kind: FieldKind, values: Sequence[Single], dialect: Dialect) -> Sql:
    return joined(" OR ", [_equal(field, kind, value, dialect) for value in values])


def _equal(field: Sql, kind: FieldKind, value: Single, dialect: Dialect) -> Sql:
    if kind is FieldKind.DATETIME and isinstance(value, date) and not isinstance(value, datetime):
        bounds = (stored_time(start_of(value)), stored_time(end_of(value)))
        return Sql(f"({field.text} >= %s AND {field.text} < %s)", bounds)
    if kind not in (FieldKind.TEXT, FieldKind.EMAIL):
        return Sql(f"{field.text} = %s", (_bound(value),))
    if isinstance(value, str):
        return dialect.is_text(field, value)
    found = dialect.number(field)
    return Sql(f"{found.text} = %s", (*found.parameters, value))


def _ordered(field: Sql, kind: FieldKind, rule: AttributeRule, dialect: Dialect) -> Sql:
    value, greater = rule.values[0], rule.operator is Operator.GREATER
    sign = ">" if greater else "<"
    if kind is FieldKind.DATETIME and isinstance(value, date) and not isinstance(value, datetime):
        edge, sign = (end_of(value), ">=") if greater else (start_of(value), "<")
        return Sql(f"{field.text} {sign} %s", (stored_time(edge),))
    if kind not in (FieldKind.TEXT, FieldKind.EMAIL):
        return Sql(f"{field.text} {sign} %s", (_bound(value),))
    if isinstance(value, date):
        found = dialect.day(field)
        return Sql(f"{found.text} {sign} %s", (*found.parameters, value.isoformat()))
    found = dialect.number(field)
    return Sql(f"{found.text} {sign} %s", (*found.parameters, value))


def _bound(value: Single) -> object:
    if isinstance(value, datetime):
        return stored_time(value)
    return stored_day(value) if isinstance(value, date) else value


def joined(separator: str, parts: Sequence[Sql]) -> Sql:
    """The pieces with `separator` between them, in brackets."""
    texts = separator.join(part.text for part in parts)
    return Sql(f"({texts})", tuple(value for part in parts for value in part.parameters))
