"""A mapping edit sends again just the leads that it alters."""

import pytest

from leadferry.engine.foresight import foresee
from leadferry.ledger.models import Link

from .website import ADA

pytestmark = pytest.mark.django_db

BOB = ADA | {
    "key": "bob",
    "last_name": "Byron",
    "email": "bob@example.com",
    "job_title": "Director",
    "city": "",
}
ANN = ADA | {"key": "ann", "last_name": "Noel", "email": "ann@example.com", "city": "Brno"}


def _delivered(acme, **rows):
    """Ann and Bob, delivered by the mapping with these rows."""
    acme.map(**rows)
    acme.receive(ANN, BOB)
    acme.run()
    acme.forget_requests()


def _without(acme, *fields):
    return {name: source for name, source in acme.mapping.items() if name not in fields}


def test_a_row_taken_out_alters_no_lead(acme):
    _delivered(acme, City="city")
    acme.configure(mapping=_without(acme, "City"))
    run = acme.run()
    assert (run.unchanged, run.updated, acme.charged()) == (2, 0, [])
    assert acme.lead("ann")["City"] == "Brno"


def test_who_holds_all_is_known_by_what_it_holds_from_then_on(acme):
    _delivered(acme, City="city")
    acme.configure(mapping=_without(acme, "City"))
    before = dict(Link.objects.values_list("contact__key", "fingerprint"))
    acme.run()
    after = dict(Link.objects.values_list("contact__key", "fingerprint"))
    assert (before["ann"] == after["ann"], before["bob"] == after["bob"]) == (False, True)
    acme.receive(ANN | {"city": "Prague"})
    assert acme.run().updated == 0


def test_a_row_taken_out_while_another_changes_sends_whom_the_other_alters(acme):
    _delivered(acme, City="city", Fax="fax")
    acme.configure(mapping=_without(acme, "City", "Fax") | {"Street": "city"})
    assert acme.run().updated == 1
    assert acme.lead("ann")["Street"] == "Brno"


def test_a_field_that_is_emptied_is_sent(acme):
    _delivered(acme, City="city")
    acme.map(City="address2")
    assert acme.run().updated == 1
    assert acme.lead("ann")["City"] is None


def test_a_contact_changed_since_its_delivery_is_sent(acme):
    _delivered(acme, City="city")
    acme.receive(ANN | {"last_name": "King"})
    acme.configure(mapping=_without(acme, "City"))
    assert acme.run().updated == 1
    assert acme.lead("ann")["LastName"] == "King"


def test_two_edits_before_a_run_are_held_against_what_was_delivered(acme):
    _delivered(acme, City="city", Fax="fax")
    acme.configure(mapping=_without(acme, "City"))
    acme.configure(mapping=_without(acme, "Fax"))
    run = acme.run()
    assert (run.unchanged, run.updated) == (2, 0)


def test_an_edit_taken_back_before_a_run_alters_no_lead(acme):
    _delivered(acme, City="city")
    kept = dict(acme.mapping)
    acme.configure(mapping=_without(acme, "City"))
    acme.configure(mapping=kept)
    assert acme.run().unchanged == 2


def test_a_lead_that_is_in_doubt_is_sent_whatever_it_held(acme):
    _delivered(acme, City="city")
    Link.objects.filter(contact__key="ann").update(state=8)
    acme.configure(mapping=_without(acme, "City"))
    assert acme.run().updated == 1


def test_a_row_put_back_is_sent_because_others_may_have_changed_the_field(acme):
    _delivered(acme, City="city")
    acme.configure(mapping=_without(acme, "City"))
    acme.run()
    acme.map(City="city")
    assert acme.run().updated == 1


def test_a_lead_that_holds_all_is_shown_as_replicated_before_the_run(acme):
    _delivered(acme, City="city")
    acme.configure(mapping=_without(acme, "City"))
    assert acme.statuses() == {"ann": "replicated", "bob": "replicated"}


def test_the_forecast_counts_no_lead_that_holds_all(acme):
    _delivered(acme, City="city")
    effect = foresee("acme", {"mapping": _without(acme, "City")}).effect
    assert (effect.altered, effect.calls) == (0, 0)


def test_a_default_that_stands_in_for_nobody_alters_no_lead(acme):
    _delivered(acme)
    acme.configure(default_company="Somebody")
    assert acme.run().unchanged == 2
