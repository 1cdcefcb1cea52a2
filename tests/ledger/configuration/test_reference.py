"""The reference page names every key, with the default and the range that are in force."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from leadferry.ledger.configuration import shape
from leadferry.ledger.configuration.changes import written
from leadferry.ledger.settings import Replication

PAGE = Path(__file__).parents[3] / "docs/reference/configuration.md"
SECTIONS = {
    "[site.CODE]": shape.SiteTable,
    "[site.CODE.salesforce], [default.salesforce]": shape.SalesforceTable,
    "[site.CODE.replication], [default.replication]": shape.ReplicationTable,
    "[site.CODE.schedule], [default.schedule]": shape.ScheduleTable,
    "[[site.CODE.score]]": shape.ScoreTable,
    "[[site.CODE.score.rule]]": shape.RuleTable,
}


def rows(heading: str) -> dict[str, list[str]]:
    """The table below `heading`: its first column without quotes, and the columns after it."""
    section = PAGE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in section.splitlines()]
    return {row[0].strip("| `"): row[1:] for row in cells if len(row) > 2 and row[0].startswith("`")}


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_documented_and_no_other(heading):
    assert list(rows(heading)) and set(rows(heading)) == set(SECTIONS[heading].model_fields)


@pytest.mark.parametrize("field", fields(Replication), ids=lambda field: field.name)
def test_the_documented_default_is_the_one_in_force(field):
    default = rows("[site.CODE.replication], [default.replication]")[field.name][0]
    assert default == ("none" if field.default is None else f"`{written(field.default)}`")


@pytest.mark.parametrize("heading", list(SECTIONS)[1:3])
def test_the_documented_range_is_the_one_that_is_told(heading):
    for key, field in SECTIONS[heading].model_fields.items():
        assert plain(rows(heading)[key][1]) == plain(field.description), key


def plain(text: str) -> str:
    return re.sub('[`"]', "", text)


def test_the_settings_in_force_and_the_keys_of_the_file_are_the_same():
    assert {field.name for field in fields(Replication)} == set(shape.ReplicationTable.model_fields)


def test_the_example_can_be_applied(applied):
    example = PAGE.read_text().split("```toml\n")[1].split("```")[0]
    assert applied(example).warnings == ()
    assert not applied(example)
