"""The external ID field, made in the organization by one click."""

import pytest

from leadferry.core.describe import fits_external_id
from leadferry.engine.key_field import NotCustom, create_key_field
from leadferry.engine.line import Line
from leadferry.ledger import spending
from leadferry.ledger.settings import effective


@pytest.fixture
def line(acme):
    line = Line(site=acme.site, settings=effective(acme.site), clock=acme.clock, transport=acme.transport)
    yield line
    line.close()


def test_a_new_field_fits_and_a_run_can_use_it(acme, line):
    describe = create_key_field(line, "Ferry__c", by="ada")
    assert fits_external_id(describe.field("Ferry__c"))
    acme.configure(external_id_field="Ferry__c")
    acme.receive({"key": "ada", "last_name": "Lovelace", "job_title": "Director"})
    assert acme.run().created == 1
    assert acme.leads()[0]["Ferry__c"]


def test_every_call_is_charged_to_the_site(acme, line):
    acme.forget_requests()
    before = spending.spent(acme.site.pk, at=acme.clock())
    create_key_field(line, "Ferry__c", by="ada")
    assert spending.spent(acme.site.pk, at=acme.clock()) - before == len(acme.charged()) <= 6


def test_it_can_be_repeated(acme, line):
    for _ in range(2):
        assert fits_external_id(create_key_field(line, "Ferry__c", by="ada").field("Ferry__c"))


def test_it_is_told_with_the_name_of_the_person(acme, line):
    create_key_field(line, "Ferry__c", by="ada")
    assert [event.user for event in acme.events(code="field.created")] == ["ada"]


def test_only_a_custom_field_can_be_created(line):
    with pytest.raises(NotCustom):
        create_key_field(line, "Email", by="ada")
