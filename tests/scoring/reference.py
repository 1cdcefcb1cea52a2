"""What the rules mean, in plain Python over plain values: the SQL must agree with it."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from leadferry.scoring.rules import ActivityRule, AttributeRule, Operator, Rule

NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
TEXTUAL = {
    Operator.CONTAINS: lambda text, part: part in text,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
}


def total(rules: list[Rule], contact: dict[str, Any], activities: list[dict[str, Any]], now: datetime) -> int:
    return sum(points(rule, contact, activities, now) for rule in rules)


def points(rule: Rule, contact: dict[str, Any], activities: list[dict[str, Any]], now: datetime) -> int:
    if isinstance(rule, AttributeRule):
        return rule.points if holds(rule, contact) else 0
    hits = sum(matches(rule, activity, now) for activity in activities)
    given = (hits if rule.recurring else min(hits, 1)) * rule.points
    if rule.max_points is None:
        return given
    return min(given, rule.max_points) if rule.points >= 0 else max(given, rule.max_points)


def matches(rule: ActivityRule, activity: dict[str, Any], now: datetime) -> bool:
    if rule.until and now.date() > rule.until:
        return False
    return (
        activity["type"] == rule.activity
        and (rule.valid_for is None or activity["time"] > now - timedelta(days=rule.valid_for.amount))
        and rule.url_contains.lower() in activity["url"].lower()
        and rule.title_contains.lower() in activity["title"].lower()
        and rule.value_equals.lower() in ("", activity["value"].lower())
    )


def holds(rule: AttributeRule, contact: dict[str, Any]) -> bool:
    value = contact.get(rule.attribute)
    match rule.operator:
        case Operator.IS_EMPTY:
            return value is None or value == ""
        case Operator.NOT_EMPTY:
            return value is not None and value != ""
        case Operator.EQUALS | Operator.IN:
            return any(equal(value, wanted) for wanted in rule.values)
        case Operator.NOT_EQUALS:
            return not any(equal(value, wanted) for wanted in rule.values)
        case Operator.GREATER:
            return ordered(value, rule.values[0], greater=True)
        case Operator.LESS:
            return ordered(value, rule.values[0], greater=False)
    return value is not None and TEXTUAL[rule.operator](as_text(value).lower(), str(rule.values[0]).lower())


def equal(value: Any, wanted: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, datetime) and not isinstance(wanted, datetime):
        return value.date() == wanted
    if isinstance(wanted, str):
        return as_text(value).lower() == wanted.lower()
    return value == wanted if isinstance(value, date | bool) else as_number(value) == wanted


def ordered(value: Any, wanted: Any, *, greater: bool) -> bool:
    if isinstance(value, datetime) and not isinstance(wanted, datetime):
        value = value.date()
    elif isinstance(wanted, date) and isinstance(value, str):
        value, wanted = (
            value[:10] if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None,
            wanted.isoformat(),
        )
    elif not isinstance(wanted, date):
        value = as_number(value)
    if value is None or not isinstance(
        value, type(wanted) if isinstance(wanted, str | date) else int | float
    ):
        return False
    return value > wanted if greater else value < wanted


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def as_number(value: Any) -> float | None:
    text = "" if value is None else as_text(value)
    return float(text) if NUMBER.fullmatch(text) else None
