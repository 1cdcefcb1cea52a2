"""How a plan is cut, and how far it may go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.batch import batches, halves
from leadferry.core.budget import Budget
from leadferry.core.lead import fingerprint


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(), max_size=50), st.integers(1, 20))
def test_batches_hold_every_contact_once_and_in_order(items, size):
    cut = list(batches(iter(items), size))
    assert [item for batch in cut for item in batch] == items
    assert len(cut) == -(-len(items) // size)
    assert all(len(batch) == size for batch in cut[:-1])


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_holds_at_least_one(size):
    with pytest.raises(ValueError, match="at least one"):
        batches([1], size)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(), max_size=50))
def test_halves_hold_the_same_in_the_same_order(items):
    first, second = halves(items)
    assert [*first, *second] == items
    assert len(first) - len(second) in (0, 1)


def test_halving_ends_at_a_single_contact():
    assert halves([7]) == ([7], [])


def test_a_run_leaves_the_reserve_to_others():
    budget = Budget(used_by_org=700, allowed=1_000, reserve_percent=20)
    assert budget.calls_left() == 100
    assert budget.may_spend(100)
    assert not budget.may_spend(101)


def test_a_reserve_is_never_rounded_down():
    assert Budget(used_by_org=0, allowed=101, reserve_percent=20).calls_left() == 80


def test_a_site_stays_under_its_ceiling():
    budget = Budget(used_by_org=0, allowed=1_000, used_by_site_today=40, ceiling=50)
    assert budget.calls_left() == 10
    assert "40 of 50" in str(budget.why_not(11))


def test_an_overspent_budget_has_nothing_left():
    budget = Budget(used_by_org=1_200, allowed=1_000)
    assert budget.calls_left() == 0
    assert "1,200 of 1,000" in str(budget.why_not(1))


def test_unknown_usage_bounds_nothing_but_the_ceiling_does():
    assert Budget().calls_left() is None
    assert Budget().may_spend(10**9)
    assert Budget(ceiling=3).calls_left() == 3


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.none(), st.integers(0, 99)),
    st.one_of(st.none(), st.integers(0, 99)),
    st.integers(0, 100),
    st.one_of(st.none(), st.integers(0, 99)),
    st.integers(1, 50),
)
def test_there_is_a_sentence_exactly_when_calls_may_not_be_spent(used, allowed, percent, ceiling, calls):
    budget = Budget(used_by_org=used, allowed=allowed, reserve_percent=percent, ceiling=ceiling)
    assert (budget.why_not(calls) is None) == budget.may_spend(calls)


def test_other_values_have_another_fingerprint():
    assert fingerprint(b'{"City":"Prague"}') != fingerprint(b'{"City":"Brno"}')
    assert len(fingerprint(b"")) == 16
