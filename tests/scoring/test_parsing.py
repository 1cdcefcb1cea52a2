import pytest

from leadferry.scoring.parsing import parse_rule, parse_scores
from leadferry.scoring.writing import written_rule

FIELD = {"name": "r", "points": 5, "attribute": "job_title", "operator": "equals", "value": "x"}
VISIT = {"name": "r", "points": 5, "activity": "page_visit"}


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"name": "r", "points": 5}, "rule"),
        (FIELD | {"activity": "page_visit"}, "rule"),
        (FIELD | {"points": "5"}, "rule.points"),
        (FIELD | {"points": True}, "rule.points"),
        (FIELD | {"points": 1_000_001}, "rule.points"),
        (FIELD | {"name": " "}, "rule.name"),
        (FIELD | {"attribute": "shoe_size"}, "rule.attribute"),
        (FIELD | {"attribute": "custom."}, "rule.attribute"),
        (FIELD | {"attribute": 7}, "rule.attribute"),
        (FIELD | {"operator": "matches"}, "rule.operator"),
        (FIELD | {"operator": ["equals"]}, "rule.operator"),
        (FIELD | {"attribute": "bounces", "operator": "contains"}, "rule.operator"),
        (FIELD | {"attribute": "monitored", "operator": "greater"}, "rule.operator"),
        (FIELD | {"attribute": "monitored"}, "rule.value"),
        (FIELD | {"attribute": "birthday"}, "rule.value"),
        (FIELD | {"attribute": "bounces"}, "rule.value"),
        (FIELD | {"operator": "greater"}, "rule.value"),
        (FIELD | {"operator": "in"}, "rule.value"),
        (FIELD | {"operator": "in", "value": []}, "rule.value"),
        (FIELD | {"operator": "in", "value": ["x"] * 201}, "rule.value"),
        (FIELD | {"operator": "is_empty"}, "rule.value"),
        (FIELD | {"value": ""}, "rule.value"),
        (FIELD | {"value": "x" * 1_001}, "rule.value"),
        (FIELD | {"valid_for": "90d"}, "rule.valid_for"),
        (FIELD | {"colour": "red"}, "rule.colour"),
        (VISIT | {"operator": "equals"}, "rule.operator"),
        (VISIT | {"activity": ""}, "rule.activity"),
        (VISIT | {"recurring": "no"}, "rule.recurring"),
        (VISIT | {"max_points": 4}, "rule.max_points"),
        (VISIT | {"points": -5, "max_points": -4}, "rule.max_points"),
        (VISIT | {"points": -5, "max_points": 25}, "rule.max_points"),
        (VISIT | {"max_points": 25, "recurring": False}, "rule.max_points"),
        (VISIT | {"valid_for": "90"}, "rule.valid_for"),
        (VISIT | {"until": "tomorrow"}, "rule.until"),
    ],
)
def test_a_wrong_rule_is_told_by_its_key(rule, path) -> None:
    _, problems = parse_rule(rule, "rule")
    assert [problem.path for problem in problems] == [path]
    assert problems[0].wrong
    assert problems[0].allowed


def test_a_missing_key_is_told() -> None:
    _, problems = parse_rule({"attribute": "job_title"})
    assert {problem.path for problem in problems} == {"name", "points", "operator"}


@pytest.mark.parametrize(
    "rule",
    [
        FIELD,
        FIELD | {"operator": "in", "value": ["x", 5, 2.5]},
        FIELD | {"operator": "is_empty", "value": None},
        FIELD | {"attribute": "birthday", "value": "1815-12-10"},
        FIELD | {"attribute": "created", "operator": "less", "value": "2026-01-31T10:00:00+00:00"},
        FIELD | {"attribute": "monitored", "value": True},
        VISIT,
        VISIT | {"url_contains": "/pricing", "title_contains": "a", "value_equals": "b", "max_points": 25},
        VISIT | {"points": -5, "max_points": -25, "valid_for": "6m", "until": "2026-12-31"},
        VISIT | {"recurring": False},
    ],
)
def test_a_rule_is_written_as_it_was_read(rule) -> None:
    rule = {key: value for key, value in rule.items() if value is not None}
    parsed, problems = parse_rule(rule)
    assert problems == []
    assert written_rule(parsed) == rule


def test_scores_tell_the_place_of_each_problem() -> None:
    raw = [
        {"name": "a", "rule": [VISIT]},
        {"name": "a", "rule": [VISIT, FIELD | {"points": None}], "colour": 1},
    ]
    _, problems = parse_scores(raw)
    assert {problem.path for problem in problems} == {
        "score[1].name",
        "score[1].colour",
        "score[1].rule[1].points",
    }


@pytest.mark.parametrize(
    "raw", ["engagement", {"name": "a"}, [{"name": "a", "rule": {}}], ["a"], [{"name": 5}]]
)
def test_what_is_no_list_of_scores_is_a_problem(raw) -> None:
    _, problems = parse_scores(raw)
    assert problems
