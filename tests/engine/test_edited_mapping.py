"""A mapping edit sends again just the leads that it alters."""

import pytest
from django.db import connection

from leadferry.engine.foresight import foresee
from leadferry.ledger.models import Link, Shape

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


class Killed(BaseException):
    """The process ends here."""


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


def _killed_after_sending(acme):
    """A run that ended between Salesforce's answer and its record."""

    def killed(execute, sql, parameters, many, context):
        if acme.writes():
            raise Killed
        return execute(sql, parameters, many, context)

    with pytest.raises(Killed), connection.execute_wrapper(killed):
        acme.run()
    acme.forget_requests()
    acme.clock.advance(minutes=1)  # its claim lapses


def test_a_lead_that_is_in_doubt_is_sent_whatever_it_held(acme):
    _delivered(acme, City="city")
    acme.receive(ANN | {"last_name": "King"})
    _killed_after_sending(acme)
    acme.receive(ANN)
    acme.configure(mapping=_without(acme, "City"), keep_updated=False)
    acme.run_later()
    acme.configure(keep_updated=True)
    acme.run_later()
    assert acme.lead("ann")["LastName"] == "Noel"


def test_a_lead_that_was_in_doubt_is_sent_even_if_its_contact_could_not_be_in_between(acme):
    _delivered(acme)
    acme.receive(ANN | {"last_name": "King"})
    _killed_after_sending(acme)
    acme.receive(ANN | {"last_name": ""})
    assert acme.run_later().invalid == 1
    acme.receive(ANN)
    acme.run_later()
    assert acme.lead("ann")["LastName"] == "Noel"


def test_an_edit_that_comes_between_two_looks_of_a_run_is_not_lost(acme):
    acme.map(FirstName={"field": "first_name", "overflow": "truncate"})
    acme.receive(ANN | {"first_name": "x" * 60, "city": "Brno"})
    edits = [{"Street": "city"}]

    def edited_meanwhile(execute, sql, parameters, many, context):
        if edits and sql.lstrip().startswith("SELECT c.id, COALESCE"):
            acme.map(**edits.pop())
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(edited_meanwhile):
        acme.run()
    acme.run()
    assert not edits
    assert acme.lead("ann")["Street"] == "Brno"


def test_one_contact_that_waits_for_an_edit_does_not_make_the_next_one_send_all(acme):
    _delivered(acme, City="city", Fax="fax")
    acme.receive(*(each | {"fax": "1"} for each in (ANN, BOB)))
    acme.run()
    acme.break_down("lock_row", where={"field": "Email", "equals": "bob@example.com"})
    acme.map(MobilePhone="last_name")
    assert acme.run().updated == 1
    acme.mend()
    wanted = _without(acme, "Fax")
    assert foresee("acme", {"mapping": wanted}).effect.altered == 0
    acme.configure(mapping=wanted)
    run = acme.run_later()
    assert (run.updated, run.unchanged) == (1, 1)


def test_an_edit_after_another_was_worked_through_is_held_against_that(acme):
    _delivered(acme, City="city", Fax="fax")
    acme.receive(*(each | {"fax": "1"} for each in (ANN, BOB)))
    acme.run()
    acme.map(MobilePhone="last_name")
    assert acme.run().updated == 2
    acme.configure(mapping=_without(acme, "Fax"))
    run = acme.run()
    assert (run.updated, run.unchanged) == (0, 2)


def test_what_was_before_is_dropped_once_nobody_waits_for_the_edit(acme):
    _delivered(acme, City="city")
    acme.configure(mapping=_without(acme, "City"))
    assert Shape.objects.exists()
    acme.run()
    assert not Shape.objects.exists()


def test_a_mapping_of_constants_is_edited_like_any_other(acme):
    constants = {"LastName": {"value": "A"}, "Company": {"value": "B"}}
    acme.configure(mapping=constants | {"City": {"value": "C"}})
    acme.receive(ANN)
    acme.run()
    acme.configure(mapping=constants)
    assert acme.run().unchanged == 1


def test_what_is_shown_of_a_contact_changed_back_is_what_the_run_does(acme):
    _delivered(acme, City="city")
    acme.receive(ANN | {"last_name": "King"})
    acme.configure(mapping=_without(acme, "City"), keep_updated=False)
    acme.run()
    acme.configure(keep_updated=True)
    acme.receive(ANN)
    shown = acme.statuses()["ann"]
    assert (shown, acme.run().updated) in (("outdated", 1), ("replicated", 0))


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
