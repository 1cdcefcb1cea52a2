"""Every answer of Salesforce has one verdict."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.outcome import (
    LONGEST_CODE,
    LONGEST_MESSAGE,
    PASSING_TEXTS,
    Converted,
    Deleted,
    Halted,
    Postponed,
    Refused,
    explain,
    reason_of,
    verdict,
)
from leadferry.core.verdicts import ENTRIES, Kind

KEY = "LeadferryId__c"


def error(code: str, message: str = "", *fields: str) -> dict[str, object]:
    return {"statusCode": code, "message": message, "fields": list(fields)}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, Refused) for code in ("REQUIRED_FIELD_MISSING", "STRING_TOO_LONG", "DUPLICATES_DETECTED")),
        *(
            (code, Refused)
            for code in ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "JSON_PARSER_ERROR", "NEVER_HEARD")
        ),
        *(
            (code, Postponed)
            for code in ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED")
        ),
        *((code, Halted) for code in ("INVALID_FIELD", "STORAGE_LIMIT_EXCEEDED", "API_DISABLED_FOR_ORG")),
        ("CANNOT_UPDATE_CONVERTED_LEAD", Converted),
        ("ENTITY_IS_DELETED", Deleted),
    ],
)
def test_a_code_decides_what_to_do_next(code, kind):
    answer = verdict([error(code, "why", "City")])
    assert isinstance(answer, kind)
    assert (answer.reason.code, answer.reason.message, answer.reason.fields) == (code, "why", ("City",))


@pytest.mark.parametrize("code", ["CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER"])
@pytest.mark.parametrize("text", PASSING_TEXTS)
def test_a_passing_fault_inside_a_trigger_error_blocks_nobody(code, text):
    assert isinstance(verdict([error(code, f"LeadTrigger: caused by: {text}: 00Q")]), Postponed)


def test_a_broken_trigger_refuses_the_lead():
    message = "LeadTrigger: execution of BeforeInsert caused by: System.NullPointerException"
    assert isinstance(verdict([error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)]), Refused)


def test_the_text_of_a_validation_rule_never_makes_a_passing_fault():
    answer = verdict([error("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Say UNABLE_TO_LOCK_ROW")])
    assert isinstance(answer, Refused)


@pytest.mark.parametrize(
    "duplicate",
    [
        error("DUPLICATE_VALUE", f"duplicate value found: {KEY} duplicates value on record with id: 00Q"),
        error("DUPLICATE_VALUE", f"doppelter Wert: {KEY} ist doppelt"),
        error("DUPLICATE_VALUE", "Duplicate external id specified: a-17", KEY),
    ],
)
def test_a_race_for_the_key_is_tried_once_more(duplicate):
    answer = verdict([duplicate], key_field=KEY)
    assert isinstance(answer, Postponed)
    assert answer.once


def test_a_duplicate_in_another_unique_field_is_a_refusal():
    found = error("DUPLICATE_VALUE", "duplicate value found: Tax__c duplicates value on record with id: 00Q")
    assert isinstance(verdict([found], key_field=KEY), Refused)


@pytest.mark.parametrize("code", ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "PROCESSING_HALTED"])
def test_another_rows_fault_does_not_count_as_a_try(code):
    answer = verdict([error(code)])
    assert isinstance(answer, Postponed)
    assert not answer.counted


def test_a_row_that_may_not_be_written_is_refused_but_a_whole_call_halts():
    found = [error("INSUFFICIENT_ACCESS_OR_READONLY")]
    assert isinstance(verdict(found), Refused)
    assert isinstance(verdict(found, whole_call=True), Halted)


def test_of_several_errors_the_worst_decides_and_all_fields_are_listed():
    answer = verdict(
        [error("UNABLE_TO_LOCK_ROW"), error("STRING_TOO_LONG", "x", "City"), error("X", "y", "Fax")]
    )
    assert isinstance(answer, Refused)
    assert answer.reason.code == "STRING_TOO_LONG"
    assert answer.reason.fields == ("City", "Fax")


def test_an_error_of_the_whole_call_has_its_code_under_another_name():
    answer = verdict([{"errorCode": "INVALID_FIELD", "message": "No such column"}], whole_call=True)
    assert isinstance(answer, Halted)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "statusCode": st.one_of(st.text(max_size=5), st.sampled_from(sorted(ENTRIES)), st.none()),
                "message": st.one_of(st.text(max_size=9), st.none(), st.integers()),
                "fields": st.one_of(st.none(), st.lists(st.text(max_size=3), max_size=2), st.just("City")),
            },
        ),
        max_size=3,
    )
)
def test_whatever_salesforce_answers_there_is_a_verdict(errors):
    answer = verdict(errors, key_field=KEY)
    assert isinstance(answer, Refused | Postponed | Converted | Deleted | Halted)
    assert answer.reason.code


@pytest.mark.parametrize("code", [*ENTRIES, "NEVER_HEARD"])
def test_every_code_is_explained_in_plain_words(code):
    explanation = explain(code)
    assert explanation.sentence.endswith(".")
    assert explanation.fix.endswith(".")
    assert explanation.who
    assert code not in explanation.sentence


def test_every_kind_of_verdict_is_in_use():
    used = {entry.kind for entry in ENTRIES.values()}
    assert used == set(Kind) - {Kind.POSTPONED_ONCE}


def test_what_salesforce_says_can_be_kept_whatever_it_is():
    told = reason_of({"statusCode": "X" * 200, "message": "a\x00b" + "c" * 9_000})
    assert "\x00" not in told.message
    assert (len(told.code), len(told.message)) == (LONGEST_CODE, LONGEST_MESSAGE)
