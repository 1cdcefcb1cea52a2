"""How values from outside become those of a contact."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.contact import (
    CONTACT_FIELDS,
    EMPTY,
    BadValue,
    FieldKind,
    clean,
    clean_custom,
    clean_key,
    clean_site_code,
    external_id,
)

SITE_CODES = st.text(alphabet="abcz09-_", min_size=1, max_size=6)
KEYS = st.text(alphabet="ab1:|é", min_size=1, max_size=6)


def test_the_fields_stand_in_the_order_of_their_columns():
    assert list(CONTACT_FIELDS)[:3] == ["first_name", "middle_name", "last_name"]
    assert list(CONTACT_FIELDS)[-2:] == ["created", "modified"]
    assert len(CONTACT_FIELDS) == 31
    assert CONTACT_FIELDS["birthday"] is FieldKind.DATE


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("first_name", "  Ada  ", "Ada"),
        ("first_name", "Ada\u00a0B", "Ada\u00a0B"),
        ("first_name", "e\u0301", "é"),
        ("business_phone", 4207, "4207"),
        ("birthday", "1815-12-10", date(1815, 12, 10)),
        ("birthday", "1815-12-10T08:00:00", date(1815, 12, 10)),
        ("birthday", date(1815, 12, 10), date(1815, 12, 10)),
        ("created", "2026-11-23T10:00:00Z", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("created", "2026-11-23T10:00:00+02:00", datetime(2026, 11, 23, 8, tzinfo=UTC)),
        ("created", "2026-11-23 10:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("created", date(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)),
        ("anonymous", "YES", True),
        ("anonymous", 0, False),
        ("monitored", True, True),
        ("bounces", "12", 12),
        ("bounces", 3.0, 3),
    ],
)
def test_a_value_is_brought_to_the_kind_of_its_field(field, raw, value):
    assert clean(field, raw) == value


@pytest.mark.parametrize("field", CONTACT_FIELDS)
@pytest.mark.parametrize("raw", ["", "   ", None])
def test_an_empty_cell_clears_the_field(field, raw):
    assert clean(field, raw) == EMPTY[CONTACT_FIELDS[field]]


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ("birthday", "31.12.2026"),
        ("birthday", 1815.5),
        ("created", "soon"),
        ("created", "0001-01-01T00:00:00+14:00"),
        ("anonymous", "maybe"),
        ("bounces", "-7"),
        ("bounces", "1.5"),
        ("bounces", "٣"),
        ("bounces", "99999999999999999999"),
        ("first_name", "A\x00B"),
        ("first_name", "A\ud800B"),
        ("first_name", "x" * 1_001),
        ("notes", "x" * 32_001),
        ("city", ["Prague"]),
        ("nickname", "Beloved"),
    ],
)
def test_a_value_that_a_contact_cannot_hold_is_refused_without_repeating_it(field, raw):
    with pytest.raises(BadValue) as refusal:
        clean(field, raw)
    assert refusal.value.field == field
    assert "allowed is" in str(refusal.value)
    assert str(raw) not in str(refusal.value)


def test_notes_are_longer_than_other_texts():
    assert len(str(clean("notes", "x" * 32_000))) == 32_000


@pytest.mark.parametrize(
    ("raw", "value"), [(" hot ", "hot"), ("", None), (None, None), (True, True), (3, 3), (1.5, 1.5)]
)
def test_a_custom_field_holds_texts_numbers_and_booleans(raw, value):
    assert clean_custom("temperature", raw) == value


@pytest.mark.parametrize(
    ("name", "raw"), [("x", []), ("x", float("nan")), ("x", float("inf")), ("x", {}), ("a/b", "x"), ("", "x")]
)
def test_a_custom_field_refuses_what_is_no_scalar_and_names_that_are_none(name, raw):
    with pytest.raises(BadValue):
        clean_custom(name, raw)


@pytest.mark.parametrize("raw", ["Acme", "a" * 51, "", "a b", "ä", None, "a\n"])
def test_a_site_code_outside_its_alphabet_is_refused(raw):
    with pytest.raises(BadValue):
        clean_site_code(raw)


def test_a_site_code_inside_its_alphabet_is_taken():
    assert clean_site_code("acme-2_b") == "acme-2_b"


@pytest.mark.parametrize(("raw", "key"), [(" 42 ", "42"), (42, "42"), ("k" * 200, "k" * 200), ("Ünï", "Ünï")])
def test_a_key_is_stripped_and_otherwise_left_alone(raw, key):
    assert clean_key(raw) == key


@pytest.mark.parametrize("raw", ["", "  ", "k" * 201, "a\x00b", "a\tb", "a\x85b", None, True, 1.5, "\ud800"])
def test_a_key_that_is_empty_too_long_or_unprintable_is_refused(raw):
    with pytest.raises(BadValue):
        clean_key(raw)


def test_the_external_id_of_a_contact_never_changes():
    # Leads in real organizations hold this value: the day it differs, every contact gets a second lead.
    assert external_id("acme", "c-1") == "56735e2930c4d4ca52d8509359f5fc4f"


@settings(max_examples=80, deadline=None)
@given(SITE_CODES, KEYS, SITE_CODES, KEYS)
def test_different_contacts_have_different_external_ids(site, key, other_site, other_key):
    same = (site, key) == (other_site, other_key)
    assert (external_id(site, key) == external_id(other_site, other_key)) == same
    assert len(external_id(site, key)) == 32
    assert set(external_id(site, key)) <= set("0123456789abcdef")
