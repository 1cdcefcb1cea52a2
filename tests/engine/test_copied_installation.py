"""A copied or moved installation writes to no organization until a person says that it may."""

from collections.abc import Callable, Iterator

import pytest

from leadferry.contacts.models import Contact
from leadferry.core.contact import external_id
from leadferry.engine.doctor import examine
from leadferry.engine.reconcile import reconcile
from leadferry.engine.removal import remove
from leadferry.ledger import organizations
from leadferry.ledger.models import Link, Organization
from leadferry.salesforce import NeedsPerson
from leadferry.simulator import InProcess, Org, create_app

from .website import ADA, CY, KEY_FIELD, Website, agree, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(acme: Website) -> Website:
    """Acme with Ada and two others as leads, and a change of Ada to send."""
    acme.receive(ADA, *people(2))
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    acme.forget_requests()
    return acme


@pytest.fixture
def copy(known: Website) -> Website:
    """The same after its database was copied to another place."""
    Organization.objects.update(installation="0" * 32)
    return known


@pytest.fixture
def open_another() -> Iterator[Callable[[Website], None]]:
    """From now on the site's credentials open another, empty organization."""
    left = []

    def open_another(website: Website) -> None:
        left.append(website.org)
        website.org = Org(clock=lambda: website.clock().timestamp())
        website.org.id = "00D000000000099EAA"
        website.transport = InProcess(create_app(website.org))

    yield open_another
    for org in left:
        org.store.close()


@pytest.fixture
def elsewhere(known: Website, open_another) -> Website:
    """Acme with credentials of another organization, although Ada waits to be updated in the first."""
    open_another(known)
    return known


def confirm(website: Website) -> None:
    organizations.confirm(website.site, by="ops", at=website.clock())


def test_the_first_run_pins_the_organization_and_the_place(known):
    pinned = organizations.of(known.site)
    assert (pinned.org_id, pinned.installation, pinned.moving) == (known.org.id, organizations.here(), False)


def test_a_copy_sends_nothing_and_blames_nobody(copy):
    run = copy.run()
    assert (run.status, run.api_calls, list(copy.charged()), list(copy.writes())) == ("failed", 0, [], [])
    assert copy.statuses() == {"ada": "outdated", "p00000": "replicated", "p00001": "replicated"}
    assert copy.lead("ada")["Company"] == "Engines"


def test_a_copy_is_told_of_by_one_event_with_the_fix(copy):
    before = len(copy.events())
    copy.run()
    (event,) = copy.events()[before:]
    assert (event.type, event.code) == ("error", "run.finished")
    assert "moved or copied" in event.description and "leadferry confirm acme" in event.description


def test_a_copy_neither_compares_nor_erases(copy):
    with pytest.raises(NeedsPerson, match="moved or copied"):
        reconcile(copy.site, repair=True, clock=copy.clock, transport=copy.transport)
    with pytest.raises(NeedsPerson, match="moved or copied"):
        contacts = list(Contact.objects.filter(key="ada"))
        remove(copy.site, contacts, erase=True, clock=copy.clock, transport=copy.transport)
    assert (list(copy.charged()), len(copy.leads()), Contact.objects.count()) == ([], 3, 3)


def test_the_doctor_finds_a_copy_and_says_what_to_do(copy):
    found = list(examine(copy.site, clock=copy.clock, transport=copy.transport))
    (error,) = [finding for finding in found if finding.level == "error"]
    assert "moved or copied" in error.message and "leadferry confirm acme" in error.fix


def test_what_speaks_to_nobody_works_in_a_copy(copy):
    assert copy.receive(CY).created == 1
    assert copy.standing("cy").status == "not_eligible"


def test_a_copy_stays_refused_until_somebody_confirms(copy):
    assert [copy.run().status for _ in range(2)] == ["failed", "failed"]
    confirm(copy)
    assert copy.run().status == "succeeded"
    assert copy.run().eligible == 0
    agree([copy])


def test_a_confirmed_move_goes_on_as_before(copy):
    links = dict(Link.objects.values_list("contact_id", "lead_id"))
    confirm(copy)
    run = copy.run()
    assert (run.created, run.updated, run.api_calls) == (0, 1, 2)  # the describe is read anew
    assert dict(Link.objects.values_list("contact_id", "lead_id")) == links
    assert organizations.of(copy.site).installation == organizations.here()


def test_who_confirmed_is_told(copy):
    confirm(copy)
    (event,) = copy.events(code="site.confirmed")
    assert (event.user, event.source) == ("ops", "organization")


def test_a_site_confirmed_twice_is_confirmed_once(copy):
    confirm(copy)
    confirm(copy)
    assert copy.run().status == "succeeded"


def test_a_site_that_never_wrote_can_be_confirmed(acme):
    confirm(acme)
    acme.receive(ADA)
    assert acme.run().created == 1


def test_confirming_one_site_confirms_no_other(copy, globex):
    globex.receive(ADA)
    globex.run()
    Organization.objects.update(installation="0" * 32)
    confirm(copy)
    globex.receive(ADA | {"company": "New Engines"})
    assert (copy.run().status, globex.run().status) == ("succeeded", "failed")


def test_credentials_of_another_organization_send_nothing(elsewhere):
    run = elsewhere.run()
    assert (run.status, run.api_calls, elsewhere.leads()) == ("failed", 0, [])
    assert "belongs to organization" in run.message and elsewhere.org.id in run.message


def test_another_organization_that_was_confirmed_gets_everybody_anew(elsewhere):
    confirm(elsewhere)
    run = elsewhere.run()
    assert (run.status, run.created, run.updated) == ("succeeded", 3, 0)
    assert elsewhere.run().eligible == 0
    agree([elsewhere])


def test_the_organization_left_behind_gets_nothing_more(acme, open_another):
    acme.receive(ADA, *people(2))
    acme.run()
    left, leads = acme.org, acme.leads()
    requests = len(left.log)
    open_another(acme)
    confirm(acme)
    acme.run()
    assert (left.store.select("Lead"), len(left.log)) == (leads, requests)


def test_everybody_goes_anew_even_when_nobody_was_due(acme, open_another):
    acme.receive(ADA, *people(2))
    acme.run()
    open_another(acme)
    confirm(acme)
    assert acme.run().created == 3


def test_a_change_of_organization_is_told_as_a_warning(elsewhere):
    pinned = organizations.of(elsewhere.site).org_id
    confirm(elsewhere)
    elsewhere.run()
    (event,) = elsewhere.events(code="organization.changed")
    assert event.type == "warning"
    assert pinned in event.description and elsewhere.org.id in event.description


def test_back_in_the_first_organization_leads_are_found_not_doubled(known, open_another):
    first, transport = known.org, known.transport
    open_another(known)
    confirm(known)
    known.run()
    known.org, known.transport = first, transport
    confirm(known)
    run = known.run()
    assert (run.created, run.updated) == (0, 3)
    assert sorted(lead[KEY_FIELD] for lead in known.leads()) == sorted(
        external_id("acme", key) for key in ("ada", "p00000", "p00001")
    )


def test_the_usage_of_the_organization_left_behind_stops_nobody(elsewhere):
    Organization.objects.update(used=15_000, allowed=15_000, used_at=elsewhere.clock())
    confirm(elsewhere)
    assert elsewhere.run().created == 3


def test_what_the_other_organization_cannot_take_is_found_before_anything_is_sent(elsewhere):
    elsewhere.org.schemas["Lead"].remove(KEY_FIELD)
    confirm(elsewhere)
    run = elsewhere.run()
    assert (run.status, list(elsewhere.writes())) == ("failed", [])
    assert KEY_FIELD in run.message
