"""What one lead says about its link, and which values are the same in other clothing."""

import pytest

from leadferry.core.describe import described
from leadferry.core.reconciliation import Difference, differs, judge
from leadferry.core.state import State

from .org import field

LEAD = {"Id": "00Q1", "IsDeleted": False, "IsConverted": False, "MasterRecordId": None}
DELETED = LEAD | {"IsDeleted": True}
FIELDS = described(
    [
        field("Name__c"),
        field("Notes__c", type="textarea"),
        field("Email", type="email"),
        field("Count__c", type="int"),
        field("Price__c", type="currency", scale=2),
        field("Vip__c", type="boolean"),
        field("Born__c", type="date"),
        field("Seen__c", type="datetime"),
        field("Topics__c", type="multipicklist"),
    ]
)


def test_a_lead_that_is_as_known_says_nothing():
    assert judge(LEAD, state=State.REPLICATED, lead_id="00Q1") is None


@pytest.mark.parametrize(
    ("lead", "difference"),
    [
        (DELETED, Difference.DELETED),
        (DELETED | {"MasterRecordId": "00Q2"}, Difference.MERGED),
        (LEAD | {"IsConverted": True}, Difference.CONVERTED),
        (LEAD | {"Id": "00Q2"}, Difference.UNLINKED),
    ],
)
def test_what_happened_to_a_lead_is_told(lead, difference):
    assert judge(lead, state=State.REPLICATED, lead_id="00Q1") is difference


def test_a_lead_of_a_contact_without_link_is_unlinked():
    assert judge(LEAD, state=State.NONE, lead_id="") is Difference.UNLINKED


def test_a_conversion_that_is_known_is_no_difference():
    assert judge(LEAD | {"IsConverted": True}, state=State.CONVERTED, lead_id="00Q1") is None


def test_a_deletion_that_was_accepted_is_no_difference():
    assert judge(DELETED, state=State.SUPPRESSED, lead_id="00Q1") is None


def test_the_deleted_lead_that_a_contact_had_before_is_no_difference():
    assert judge(DELETED, state=State.REPLICATED, lead_id="00Q2") is None


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("Name__c", "Ada", "Ada"),
        ("Name__c", " Ada\t", "Ada"),
        ("Name__c", None, None),
        ("Name__c", "", None),
        ("Notes__c", "one\r\ntwo", "one\ntwo"),
        ("Notes__c", "one\ntwo", "one\r\ntwo"),
        ("Email", "Ada@Example.com", "ada@example.com"),
        ("Email", None, None),
        ("Count__c", 7, 7.0),
        ("Price__c", 1.5, 1.50),
        ("Price__c", 0.1 + 0.2, 0.3),
        ("Price__c", 1.234, 1.23),
        ("Price__c", 1.235, 1.24),
        ("Price__c", 123_456_789_012.345, 123_456_789_012.35),
        ("Vip__c", None, False),
        ("Vip__c", False, None),
        ("Vip__c", True, True),
        ("Born__c", "1815-12-10", "1815-12-10"),
        ("Seen__c", "2026-11-23T10:00:00.000Z", "2026-11-23T10:00:00.000+0000"),
        ("Seen__c", "2026-11-23T10:00:00.250Z", "2026-11-23T12:00:00.250+0200"),
        ("Topics__c", "b;a", "a;b"),
        ("Topics__c", None, None),
    ],
)
def test_the_same_value_in_other_clothing_is_no_difference(name, ours, theirs):
    assert differs({name: ours}, {name: theirs}, FIELDS) == []


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("Name__c", "Ada", "ada"),
        ("Name__c", "Ada", None),
        ("Name__c", None, "Ada"),
        ("Name__c", "1815-12-10", "1815-12-10T00:00:00.000+0000"),
        ("Notes__c", "one\ntwo", "one two"),
        ("Email", "ada@example.com", "ada@example.org"),
        ("Email", None, "ada@example.com"),
        ("Count__c", 7, 8),
        ("Count__c", 0, None),
        ("Count__c", None, 0),
        ("Price__c", 1.23, 1.24),
        ("Vip__c", True, None),
        ("Vip__c", False, True),
        ("Born__c", "1815-12-10", None),
        ("Seen__c", "2026-11-23T10:00:00.000Z", "2026-11-23T10:00:01.000+0000"),
        ("Topics__c", "a;b", "a"),
    ],
)
def test_another_value_is_a_difference(name, ours, theirs):
    assert differs({name: ours}, {name: theirs}, FIELDS) == [name]


def test_a_field_that_is_not_described_is_compared_as_text():
    assert differs({"Gone__c": "a ", "Other__c": "a"}, {"Gone__c": "a", "Other__c": "b"}, FIELDS) == [
        "Other__c"
    ]


def test_only_what_is_mapped_is_compared():
    assert differs({"Name__c": "Ada"}, {"Name__c": "Ada", "Email": "of@somebody.else"}, FIELDS) == []
