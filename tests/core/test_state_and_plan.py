"""What is planned for a contact, and which word people read for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.plan import Decision, after_mapping, alters, before_mapping
from leadferry.core.qualify import Threshold, qualifies, why_not
from leadferry.core.quarantine import (
    MAX_TRIES_IN_A_ROW,
    RELEASES,
    after_postponed,
    released_by_describe,
    retry_delay,
)
from leadferry.core.state import RELEASING, Cause, State, shown_status

STATES = st.sampled_from(list(State))
CAUSES = st.integers(0, 127).map(Cause)


def plan(
    state=State.NONE,
    *,
    lead_exists=False,
    qualifies=True,
    causes=Cause.CONTACT,
    keep_updated=True,
    same=False,
):
    early = before_mapping(state, lead_exists=lead_exists, qualifies=qualifies, causes=causes)
    return early or after_mapping(lead_exists=lead_exists, keep_updated=keep_updated, same=same)


def test_a_contact_that_qualifies_and_has_no_lead_is_created():
    assert plan() is Decision.SEND_CREATE


def test_a_contact_that_does_not_qualify_is_left_alone():
    assert plan(qualifies=False) is Decision.NOT_ELIGIBLE


def test_a_changed_lead_is_updated_even_when_its_contact_no_longer_qualifies():
    assert plan(State.REPLICATED, lead_exists=True, qualifies=False) is Decision.SEND_UPDATE


def test_a_contact_whose_mapped_values_are_the_same_is_not_sent():
    assert plan(State.REPLICATED, lead_exists=True, same=True) is Decision.UNCHANGED


def test_a_site_that_sends_each_contact_once_does_not_update():
    assert plan(State.REPLICATED, lead_exists=True, keep_updated=False) is Decision.NOT_KEPT


@pytest.mark.parametrize("state", [State.BLOCKED, State.INVALID])
@pytest.mark.parametrize("cause", Cause)
def test_only_releasing_causes_take_a_contact_out_of_quarantine(state, cause):
    released = plan(state, causes=cause) is Decision.SEND_CREATE
    assert released == bool(cause & RELEASING)
    assert released == (cause in RELEASES)


@pytest.mark.parametrize("state", [State.CONVERTED, State.SUPPRESSED])
def test_a_final_lead_is_never_sent(state):
    assert plan(state, lead_exists=True, causes=Cause.UNBLOCKED) is Decision.FINAL


@settings(max_examples=60, deadline=None)
@given(STATES, st.booleans(), st.booleans(), CAUSES)
def test_nothing_is_sent_by_what_is_decided_before_mapping(state, exists, worthy, causes):
    early = before_mapping(state, lead_exists=exists, qualifies=worthy, causes=causes)
    assert early is None or not early.sends


@pytest.mark.parametrize(
    ("wanted", "altered"),
    [
        ({"City": "Brno"}, False),
        ({"City": "Brno", "Phone": "1", "Fax": None}, False),
        ({"City": "Brno", "Title": None}, False),
        ({}, False),
        ({"City": "Prague"}, True),
        ({"Phone": None}, True),
        ({"Title": "Director"}, True),
    ],
)
def test_a_lead_is_altered_by_what_it_does_not_hold_yet(wanted, altered):
    assert alters({"City": "Brno", "Phone": "1", "Fax": None}, wanted) is altered


@pytest.mark.parametrize(
    ("state", "known", "word"),
    [
        (State.NONE, {}, "pending"),
        (State.NONE, {"qualifies": False}, "not_eligible"),
        (State.REPLICATED, {"lead_exists": True}, "replicated"),
        (State.REPLICATED, {"lead_exists": True, "due": Cause.CONTACT}, "outdated"),
        (State.REPLICATED, {"lead_exists": True, "due": Cause.CONTACT, "fields_differ": False}, "replicated"),
        (State.REPLICATED, {"lead_exists": True, "due": Cause.SCORE}, "replicated"),
        (State.OUTDATED, {"lead_exists": True}, "outdated"),
        (State.RETRYING, {}, "retrying"),
        (State.IN_DOUBT, {}, "retrying"),
        (State.BLOCKED, {}, "blocked"),
        (State.BLOCKED, {"due": Cause.SCORE}, "blocked"),
        (State.BLOCKED, {"due": Cause.UNBLOCKED}, "pending"),
        (State.INVALID, {"due": Cause.CONTACT, "lead_exists": True}, "outdated"),
        (State.INVALID, {}, "invalid"),
        (State.CONVERTED, {"lead_exists": True, "due": Cause.CONTACT}, "converted"),
        (State.SUPPRESSED, {}, "suppressed"),
    ],
)
def test_a_contact_shows_one_word(state, known, word):
    usual = {"lead_exists": False, "due": Cause.NONE, "qualifies": True}
    assert shown_status(state, **(usual | known)) == word


def test_the_stored_numbers_of_states_and_causes_stay():
    assert [state.value for state in State] == list(range(9))
    assert [cause.value for cause in Cause] == [1, 2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize(
    ("threshold", "score", "anonymous", "worthy"),
    [
        (Threshold(), 0, False, True),
        (Threshold(), 0, True, False),
        (Threshold(include_anonymous=True), 0, True, True),
        (Threshold(score_name="engagement", minimum=50), 50, False, True),
        (Threshold(score_name="engagement", minimum=50), 49, False, False),
        (Threshold(score_name="engagement", minimum=50), 90, True, False),
    ],
)
def test_a_contact_qualifies_by_its_score(threshold, score, anonymous, worthy):
    assert qualifies(threshold, score=score, anonymous=anonymous) is worthy
    sentence = why_not(threshold, score=score, anonymous=anonymous)
    assert (sentence is None) is worthy


def test_why_not_names_the_points_that_are_missing():
    sentence = why_not(Threshold(score_name="engagement", minimum=50), score=1, anonymous=False)
    assert sentence == "It has 1 point of engagement, and this site sends from 50 on."


def test_a_postponed_contact_comes_again_within_seconds_and_is_blocked_in_the_end():
    assert [retry_delay(tries) for tries in range(7)] == [1, 1, 2, 4, 5, 5, 5]
    assert not after_postponed(MAX_TRIES_IN_A_ROW - 1)
    assert after_postponed(MAX_TRIES_IN_A_ROW)


def test_a_describe_releases_whom_the_changed_field_blocked():
    assert released_by_describe(["City"], {"city", "Fax"})
    assert not released_by_describe(["City"], {"Fax"})
    assert not released_by_describe([], {"Fax"})
