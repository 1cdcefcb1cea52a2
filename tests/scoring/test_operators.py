"""Each operator by example, the edges included."""

from datetime import date

import pytest

from leadferry.contacts.importing import Rows, import_contacts
from leadferry.contacts.models import Contact
from leadferry.scoring.scores import points_per_rule, save_scores
from tests.conftest import NOW

HOLDS = [
    ("job_title", "Ředitel prodeje", "contains", "ŘEDITEL"),
    ("job_title", "sales DIRECTOR", "ends_with", "Director"),
    ("job_title", "Ředitel", "starts_with", "ŘED"),
    ("job_title", "ŘEDITEL", "equals", "ředitel"),
    ("job_title", "50% off", "contains", "0% "),
    ("job_title", "back\\slash", "contains", "K\\S"),
    ("job_title", "Clerk", "not_equals", "Director"),
    ("job_title", "", "not_equals", "Director"),
    ("job_title", "", "is_empty", None),
    ("job_title", "Clerk", "not_empty", None),
    ("job_title", "clerk", "in", ["Boss", "CLERK"]),
    ("custom.size", "10", "greater", 9.5),
    ("custom.size", 10, "greater", "9.5"),
    ("custom.size", "5.0", "equals", 5),
    ("custom.size", True, "equals", True),
    ("custom.size", "x", "not_equals", 5),
    ("custom.seen", "2026-03-01T10:00:00Z", "greater", date(2026, 2, 28)),
    ("custom.absent", None, "is_empty", None),
    ("custom.absent", None, "not_equals", "x"),
    ("birthday", "1815-12-10", "less", "1815-12-11"),
    ("birthday", "1815-12-10", "equals", "1815-12-10"),
    ("birthday", None, "is_empty", None),
    ("birthday", None, "not_equals", "1815-12-10"),
    ("bounces", 3, "greater", 2),
    ("bounces", 3, "in", [1, 3]),
    ("monitored", True, "equals", True),
    ("created", "2026-01-31T23:59:59Z", "equals", "2026-01-31"),
    ("created", "2026-02-01T00:00:00Z", "greater", "2026-01-31"),
    ("created", "2026-01-31T10:00:01Z", "greater", "2026-01-31T10:00:00Z"),
]
DOES_NOT_HOLD = [
    ("job_title", "500 off", "contains", "0% "),
    ("job_title", "axb", "contains", "a_b"),
    ("job_title", "", "equals", "x"),
    ("job_title", "Vice director", "starts_with", "director"),
    ("job_title", "director's aide", "ends_with", "director"),
    ("custom.size", "10", "less", 9.5),
    ("custom.size", "9.5", "greater", 9.5),
    ("custom.size", "ten", "greater", 9.5),
    ("custom.size", "10 ", "contains", "0 "),
    ("custom.seen", "2026-02-28T10:00:00Z", "greater", date(2026, 2, 28)),
    ("custom.absent", None, "contains", "x"),
    ("birthday", "1815-12-10", "less", "1815-12-10"),
    ("birthday", "1815-12-10", "greater", "1815-12-10"),
    ("birthday", None, "less", "1815-12-10"),
    ("bounces", 3, "less", 3),
    ("bounces", 3, "greater", 3),
    ("monitored", True, "not_equals", True),
    ("created", "2026-02-01T00:00:00Z", "equals", "2026-01-31"),
    ("created", "2026-01-31T23:59:59Z", "greater", "2026-01-31"),
    ("created", "2026-01-31T00:00:00Z", "less", "2026-01-31"),
    ("created", "2026-01-31T10:00:00Z", "greater", "2026-01-31T10:00:00Z"),
]


def _points(site, field, held, operator, value) -> int:
    report = import_contacts(site, Rows([{"key": "ada", field: held}]), now=NOW, after_chunk=lambda ids: None)
    assert report.rejected == 0
    rule = {"name": "r", "points": 4, "attribute": field, "operator": operator}
    save_scores(site, [{"name": "s", "rule": [rule if value is None else rule | {"value": value}]}])
    [(_, points, _)] = points_per_rule(site, Contact.objects.get(key="ada").pk, "s", now=NOW)
    return points


@pytest.mark.parametrize(("field", "held", "operator", "value"), HOLDS)
def test_a_rule_that_holds_gives_its_points(acme, field, held, operator, value) -> None:
    assert _points(acme, field, held, operator, value) == 4


@pytest.mark.parametrize(("field", "held", "operator", "value"), DOES_NOT_HOLD)
def test_a_rule_that_does_not_hold_gives_nothing(acme, field, held, operator, value) -> None:
    assert _points(acme, field, held, operator, value) == 0
