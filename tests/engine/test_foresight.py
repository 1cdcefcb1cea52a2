"""What a change of settings would set in motion, told before and compared with what then happens."""

import pytest

from leadferry.engine import foresight
from leadferry.engine.foresight import foresee

from .website import BOB, MAPPING, people


@pytest.fixture
def sent(acme):
    """Ten directors in Salesforce, one of them since in quarantine."""
    acme.receive(*people(10))
    acme.run()
    return acme


def of_mapping(site, **rows):
    return foresee(site.code, {"mapping": MAPPING | rows}).effect


def test_a_mapping_edit_alters_just_the_leads_that_get_other_values(sent):
    sent.receive(*people(3, business_phone="+420 1"))
    sent.run()
    told = of_mapping(sent, Fax="business_phone")
    assert (told.altered, told.calls, told.estimated) == (3, 1, False)
    sent.map(Fax="business_phone")
    assert sent.run().updated == 3


def test_a_mapping_edit_that_alters_nothing_costs_nothing(sent):
    told = of_mapping(sent, Fax="fax")
    assert (told.altered, told.calls) == (0, 0)


def test_what_is_sent_anyway_is_not_counted(sent):
    sent.receive(*people(2, company="Elsewhere"))
    assert of_mapping(sent, Fax="company").altered == 0


def test_leads_that_no_longer_pass_are_told(sent):
    told = of_mapping(sent, LastName="middle_name")
    assert (told.altered, told.refused) == (10, 10)


def test_a_mapping_edit_tells_how_many_it_unblocks(sent):
    sent.receive(BOB)
    sent.run()
    assert of_mapping(sent, LastName="first_name").released == 1


def test_lowering_the_minimum_tells_who_becomes_due_and_a_run_sends_them(acme):
    acme.receive(*people(4, job_title="Intern"))
    wanted = {"replication": acme.replication | {"minimum_score": 0}}
    told = foresee("acme", wanted).effect
    assert (told.wanted, told.calls) == (4, 1)
    acme.configure(minimum_score=0)
    assert acme.run().created == 4


def test_raising_the_minimum_tells_who_is_not_wanted_any_more(acme):
    acme.receive(*people(4))
    told = foresee("acme", {"replication": acme.replication | {"minimum_score": 1000}}).effect
    assert (told.wanted, told.unwanted, told.calls) == (0, 4, 0)


def test_enabling_tells_who_waits(acme):
    acme.configure(enabled=False)
    acme.receive(*people(4))
    told = foresee("acme", {"replication": acme.replication | {"enabled": True}}).effect
    assert (told.waiting, told.calls) == (4, 1)


def test_many_leads_are_estimated_from_a_sample(sent, monkeypatch):
    monkeypatch.setattr(foresight, "SAMPLE", 5)
    sent.receive(*people(10, business_phone="+420 1"))
    sent.run()
    told = of_mapping(sent, Fax="business_phone")
    assert told.estimated and told.altered == 10


def test_the_default_is_foreseen_over_the_sites_that_inherit_it(acme, globex):
    told = foresee("", {"replication": {"include_anonymous": True}})
    assert (told.sites, told.not_looked_at) == (2, 0)
    assert [change.path for change in told.changes] == ["default.replication.include_anonymous"]


def test_another_external_id_field_is_warned_of(sent):
    told = foresee("acme", {"replication": sent.replication | {"external_id_field": "Other__c"}})
    assert any("create the lead a second time" in text for text in told.warnings)


def test_nothing_is_changed_by_looking(sent):
    before = sent.statuses()
    of_mapping(sent, LastName="first_name")
    assert sent.statuses() == before
    assert sent.run().eligible == 0
