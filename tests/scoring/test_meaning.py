"""The SQL of the rules means what plain Python says that they mean."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leadferry.contacts.importing import Rows, import_activities, import_contacts
from leadferry.contacts.models import Contact, Site
from leadferry.scoring.models import Total
from leadferry.scoring.parsing import parse_rule
from leadferry.scoring.points import refresh
from leadferry.scoring.recalculation import recalculate
from leadferry.scoring.scores import points_per_rule, save_scores
from tests.conftest import NOW
from tests.scoring import reference

NUMBERED = count()
WORDS = st.sampled_from(
    "Director|ŘEDITEL|ředitel|100%|a_b|axb|back\\slash|5|5.0|-3.5|12|1e2|O'Neil|É|é x|true|2026|2026-01-31"
    "|2026-02-01T10:00:00Z".split("|")
)
DAYS = st.dates(date(2026, 1, 30), date(2026, 2, 2))
FIELDS = {
    "job_title": WORDS,
    "company": WORDS,
    "custom.mood": st.one_of(
        WORDS, st.booleans(), st.integers(-3, 12), st.sampled_from([5.0, 0.1, 1e22, -3.5, 100.0])
    ),
    "birthday": DAYS,
    "bounces": st.integers(0, 6),
    "monitored": st.booleans(),
    "created": st.builds(
        lambda day, hour: datetime(day.year, day.month, day.day, hour, tzinfo=UTC), DAYS, st.integers(0, 23)
    ),
}
CONTACTS = st.fixed_dictionaries({}, optional=FIELDS)
ACTIVITIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["page_visit", "form", "Form"]),
        "time": st.sampled_from([0, 1, 3, 4.5, 5, 10, 11]).map(lambda days: NOW - timedelta(days=days)),
        "url": st.sampled_from(["/pricing", "/PRICING?a=1", "/p%", "/Ceník", ""]),
        "title": WORDS,
        "value": WORDS,
    }
)
TEXT_OPERATORS = st.sampled_from(["contains", "starts_with", "ends_with"])
EQUALITY = st.sampled_from(["equals", "not_equals"])
ORDER = st.sampled_from(["greater", "less"])
EMPTINESS = st.sampled_from(["is_empty", "not_empty"])
MEASURES = {"birthday": DAYS, "bounces": st.integers(-1, 7), "created": FIELDS["created"] | DAYS}
TEXTS = st.sampled_from(["job_title", "company", "custom.mood", "custom.none"])
NUMBERS_OR_DAYS = st.one_of(st.integers(-4, 13), st.sampled_from([0.1, 4.5, 100.0]), DAYS)
POINTS = st.sampled_from([-7, -1, 1, 5, 20])


def attribute_rule(attribute, operator, value) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": st.just("r"), "points": POINTS, "attribute": attribute, "operator": operator, "value": value}
    )


def valueless(attribute) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": st.just("r"), "points": POINTS, "attribute": attribute, "operator": EMPTINESS}
    )


PARTS = WORDS | st.sampled_from(["i", "T", "%", "_", "\\", "É", "ř", "5", " "]).filter(str.strip)
ATTRIBUTE_RULES = st.one_of(
    attribute_rule(TEXTS, TEXT_OPERATORS, PARTS),
    attribute_rule(
        TEXTS, EQUALITY, WORDS | st.integers(-3, 12) | st.sampled_from([5.0, 100.0]) | st.booleans()
    ),
    attribute_rule(TEXTS, st.just("in"), st.lists(WORDS | st.integers(-3, 12), min_size=1, max_size=3)),
    attribute_rule(TEXTS, ORDER, NUMBERS_OR_DAYS),
    attribute_rule(st.just("monitored"), EQUALITY, st.booleans()),
    *(attribute_rule(st.just(field), EQUALITY | ORDER, measure) for field, measure in MEASURES.items()),
    valueless(st.sampled_from([*FIELDS, "custom.none"])),
)
CONDITIONS = st.one_of(
    st.just({}),
    st.just({}),
    st.sampled_from(["/pricing", "%", "CENÍK", "ceník"]).map(lambda part: {"url_contains": part}),
    PARTS.map(lambda part: {"title_contains": part}),
    WORDS.map(lambda word: {"value_equals": word}),
)
VALIDITY = st.one_of(
    st.just({}),
    st.sampled_from(["3d", "5d", "10d"]).map(lambda window: {"valid_for": window}),
    st.sampled_from([NOW.date(), NOW.date() - timedelta(days=1)]).map(lambda day: {"until": day}),
)
ACTIVITY_RULES = st.builds(
    lambda points, kind, condition, validity, once: {
        "name": "r",
        "points": points,
        "activity": kind,
        **condition,
        **validity,
        **({"recurring": False} if once else {}),
    },
    POINTS,
    st.sampled_from(["page_visit", "form"]),
    CONDITIONS,
    VALIDITY,
    st.booleans(),
)


@pytest.mark.django_db
@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # shrinking an example of this size takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    people=st.lists(
        st.tuples(CONTACTS, st.lists(ACTIVITIES, min_size=2, max_size=6)), min_size=4, max_size=6
    ),
    rules=st.lists(ATTRIBUTE_RULES | ATTRIBUTE_RULES | ACTIVITY_RULES, min_size=8, max_size=16),
    cap=st.none() | st.integers(0, 30),
)
def test_the_database_gives_the_points_of_the_reference(db, people, rules, cap) -> None:
    site = Site.objects.create(code=f"property-{next(NUMBERED)}")
    rules = [_capped(rule, cap) for rule in rules]
    parsed = [parse_rule(rule)[0] for rule in rules]
    save_scores(site, [{"name": "s", "rule": rules}])
    ids = _imported(site, people)
    refresh(site, ids, now=NOW)
    found = dict(Total.objects.filter(score__site=site).values_list("contact_id", "points"))
    for contact_id, (contact, activities) in zip(ids, people, strict=True):
        stored = {"monitored": False, "bounces": 0, "created": NOW} | contact
        happened = list({tuple(item.values()): item for item in activities}.values())
        assert [given for _, given, _ in points_per_rule(site, contact_id, "s", now=NOW)] == [
            reference.points(rule, stored, happened, NOW) for rule in parsed
        ]
        assert found.get(contact_id, 0) == reference.total(parsed, stored, happened, NOW)
    assert recalculate(site, now=NOW).changed == 0


def _capped(rule: dict[str, Any], cap: int | None) -> dict[str, Any]:
    if cap is None or "activity" not in rule or "recurring" in rule:
        return rule
    return rule | {"max_points": rule["points"] + (cap if rule["points"] >= 0 else -cap)}


def _imported(site: Site, people: list[tuple[dict[str, Any], list[dict[str, Any]]]]) -> list[int]:
    rows = Rows([{"key": f"k{number}", **contact} for number, (contact, _) in enumerate(people)])
    assert import_contacts(site, rows, now=NOW, after_chunk=lambda ids: None).rejections == []
    rows = Rows([{"key": f"k{n}", **item} for n, (_, items) in enumerate(people) for item in items])
    assert import_activities(site, rows, now=NOW, after_chunk=lambda ids: None).rejections == []
    return list(Contact.objects.filter(site=site).order_by("key").values_list("pk", flat=True))
