"""A mapping is read from its file with errors one can act on, and written back the same."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.contact import CONTACT_FIELDS
from leadferry.core.mapping import DEFAULT_MAPPING, BadMapping, mapping_to_dict, parse_mapping
from leadferry.core.rule import SPECIALS

TEXT = st.text(alphabet="abc ÄÖ{}*'", min_size=1, max_size=8).map(lambda text: f"x{text}x")
EXTRA = st.fixed_dictionaries(
    {},
    optional={
        "overflow": st.just("truncate"),
        "values": st.dictionaries(st.sampled_from(["hot", "cold", "*", ""]), TEXT, min_size=1),
    },
)
FIELDS = st.sampled_from([*CONTACT_FIELDS, "custom.temperature"])
SOURCES = st.one_of(
    FIELDS,
    st.builds(lambda name, extra: {"special": name, **extra}, st.sampled_from(SPECIALS), EXTRA),
    st.builds(lambda text, extra: {"template": text, **extra}, TEXT, EXTRA),
    st.builds(lambda value: {"value": value}, st.one_of(TEXT, st.booleans(), st.integers(0, 99))),
    st.builds(lambda name, extra: {"field": name, **extra} if extra else name, FIELDS, EXTRA),
)
TARGETS = st.sampled_from(["LastName", "Company", "Email", "Tier__c", "Ns__Field__c"])


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(TARGETS, SOURCES, min_size=1))
def test_what_is_read_is_written_back_the_same(raw):
    assert mapping_to_dict(parse_mapping(raw)) == raw


def test_the_default_mapping_can_be_written_and_read():
    assert parse_mapping(mapping_to_dict(DEFAULT_MAPPING)) == DEFAULT_MAPPING


@pytest.mark.parametrize(
    ("raw", "path", "said"),
    [
        ({"LastName": "lastname"}, "mapping.LastName", "last_name"),
        ({"LastName": "custom.a/b"}, "mapping.LastName", "letters, digits"),
        ({"LastName": 5}, "mapping.LastName", "special, value, template"),
        ({"LastName": {}}, "mapping.LastName", "exactly one of"),
        ({"LastName": {"field": "city", "value": "x"}}, "mapping.LastName", "exactly one of"),
        (
            {"LastName": {"field": "city", "overfow": "reject"}},
            "mapping.LastName.overfow",
            "field, values or",
        ),
        (
            {"LastName": {"field": "city", "overflow": "cut"}},
            "mapping.LastName.overflow",
            "reject or truncate",
        ),
        ({"LastName": {"field": "city", "values": []}}, "mapping.LastName.values", "table"),
        ({"LastName": {"field": "city", "values": {"a": 1}}}, "mapping.LastName.values.a", "text"),
        ({"LastName": {"field": "city", "values": {"a": "x", "A": "y"}}}, "mapping.LastName.values", "once"),
        ({"LastName": {"special": "owner"}}, "mapping.LastName.special", "company, lead_description"),
        ({"LastName": {"value": ""}}, "mapping.LastName.value", "not empty"),
        ({"LastName": {"value": [1]}}, "mapping.LastName.value", "text, a finite number, true or false"),
        ({"LastName": {"value": 1e400}}, "mapping.LastName.value", "a finite number, true or false"),
        ({"LastName": {"value": date(2026, 11, 24)}}, "mapping.LastName.value", "a finite number, true"),
        ({"LastName": {"value": "a\x00"}}, "mapping.LastName.value", "NUL"),
        (
            {"LastName": {"value": "x", "overflow": "reject"}},
            "mapping.LastName.overflow",
            "no key beside value",
        ),
        ({"LastName": {"value": "x", "values": {}}}, "mapping.LastName.values", "no key beside value"),
        ({"LastName": {"template": 5}}, "mapping.LastName.template", "text"),
        ({"Last Name": "last_name"}, "mapping.Last Name", "API name"),
        ({"Id": "last_name"}, "mapping.Id", "API name"),
        ({"LastName": "city", "lastname": "city"}, "mapping.lastname", "twice"),
        ({}, "mapping", "table"),
        ("last_name", "mapping", "table"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_path_and_what_is_allowed(raw, path, said):
    with pytest.raises(BadMapping) as refusal:
        parse_mapping(raw)
    assert refusal.value.problems[0].path == path
    assert said in refusal.value.problems[0].message


def test_all_problems_are_told_at_once():
    with pytest.raises(BadMapping) as refusal:
        parse_mapping({"LastName": "a", "Company": "b"}, path="site.acme.mapping")
    assert [each.path for each in refusal.value.problems] == [
        "site.acme.mapping.LastName",
        "site.acme.mapping.Company",
    ]
