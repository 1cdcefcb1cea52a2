"""A rule in the form of the configuration file; `parse_rule` reads it back to the same rule."""

from datetime import date

from leadferry.scoring.rules import ActivityRule, AttributeRule, Operator, Rule, Single

Plain = str | bool | int | float | list[str | bool | int | float]


def written_rule(rule: Rule) -> dict[str, Plain]:
    """The keys of the rule, without those that say the default; dates as text."""
    return _attribute(rule) if isinstance(rule, AttributeRule) else _activity(rule)


def _attribute(rule: AttributeRule) -> dict[str, Plain]:
    written: dict[str, Plain] = {
        "name": rule.name,
        "points": rule.points,
        "attribute": rule.attribute,
        "operator": rule.operator.value,
    }
    operands = [_plain(value) for value in rule.values]
    if rule.operator is Operator.IN:
        written["value"] = operands
    elif operands:
        written["value"] = operands[0]
    return written


def _activity(rule: ActivityRule) -> dict[str, Plain]:
    written: dict[str, Plain] = {"name": rule.name, "points": rule.points, "activity": rule.activity}
    for key in ("url_contains", "title_contains", "value_equals"):
        if condition := getattr(rule, key):
            written[key] = condition
    if not rule.recurring:
        written["recurring"] = False
    if rule.max_points is not None:
        written["max_points"] = rule.max_points
    if rule.valid_for:
        written["valid_for"] = f"{rule.valid_for.amount}{rule.valid_for.unit}"
    if rule.until:
        written["until"] = rule.until.isoformat()
    return written


def _plain(value: Single) -> str | bool | int | float:
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value
