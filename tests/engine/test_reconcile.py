"""Both sides compared: every way in which they can disagree, and what a repair makes of it."""

import tracemalloc
from typing import Any

import pytest

from leadferry.contacts.models import Contact
from leadferry.engine.line import OverBudget
from leadferry.engine.reconcile import MOST_EXAMPLES, Comparison, reconcile
from leadferry.ledger import leases
from leadferry.ledger.models import Link
from leadferry.salesforce import SalesforceError, Transport
from leadferry.simulator import life
from tests.answers import answer

from .website import ADA, BOB, CY, KEY_FIELD, Website, agree, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(acme: Website) -> Website:
    """Acme with Ada and three others as leads."""
    acme.receive(ADA, *people(3))
    acme.run()
    acme.forget_requests()
    return acme


def compared(website: Website, *, repair: bool = False) -> Comparison:
    return reconcile(website.site, repair=repair, clock=website.clock, transport=website.transport)


def differences(website: Website, *, repair: bool = False) -> dict[str, int]:
    """How many differ, by kind; only those that do."""
    return {kind: number for kind, number in compared(website, repair=repair).counts.items() if number}


def edit(website: Website, key: str, **changes: object) -> None:
    """Have somebody in sales change a lead."""
    website.org.store.update(website.lead(key) | changes)


def lose(website: Website, key: str) -> None:
    """Have one lead erased for good, out of the recycle bin too."""
    life.delete(website.org, {"hard": True}, website.lead(key)["Id"])


def mended(website: Website) -> None:
    """A repair, and the run after it, bring both sides to agree."""
    compared(website, repair=True)
    run = website.run()
    assert run.status == "succeeded", run.message
    assert differences(website) == {}
    agree([website])


class Neighbour(Website):
    """Another site, which has an app of its own in the same organization."""

    def tables(self) -> dict[str, Any]:
        tables = super().tables()
        tables["salesforce"]["client_id"] = "3MVG9neighbour"
        return tables


def strangers(website: Website, number: int) -> None:
    """Leads that hold external IDs of nobody here."""
    lead = website.lead("ada")
    for n in range(number):
        row = {"Id": website.org.store.next_id("Lead"), KEY_FIELD: f"{n:032x}"}
        website.org.store.insert("Lead", lead | row)


def test_both_sides_agree_after_a_run(known):
    found = compared(known)
    assert (found.compared, found.api_calls, sum(found.counts.values())) == (4, 1, 0)
    assert found.sentence() == "4 leads compared in 1 API calls: no difference."


def test_a_lead_that_is_gone_for_good_is_missing(known):
    lose(known, "ada")
    assert differences(known) == {"missing": 1}


def test_a_lead_in_the_recycle_bin_is_deleted(known):
    life.delete(known.org, {}, known.lead("ada")["Id"])
    assert differences(known) == {"deleted": 1}


def test_a_lead_that_lost_to_another_one_is_merged(known):
    life.merge(known.org, {"winner": known.lead("p00000")["Id"]}, known.lead("ada")["Id"])
    assert differences(known) == {"merged": 1}


def test_a_converted_lead_is_converted(known):
    life.convert(known.org, {}, known.lead("ada")["Id"])
    assert differences(known) == {"converted": 1}


def test_a_lead_that_sales_changed_has_drifted_in_the_fields_named(known):
    edit(known, "ada", Title="Countess", Phone="1")
    found = compared(known)
    lead_id = known.lead("ada")["Id"]
    example = {"difference": "drifted", "key": "ada", "lead_id": lead_id, "fields": "Phone, Title"}
    assert found.examples == [example]


def test_a_change_of_a_field_that_is_not_mapped_is_nobodys_business(known):
    edit(known, "ada", City="London", Status="Working - Contacted")
    assert differences(known) == {}


def test_a_lead_whose_link_is_lost_is_unlinked(known):
    Link.objects.filter(contact__key="ada").delete()
    assert differences(known) == {"unlinked": 1}


def test_a_lead_that_has_another_id_than_is_known_is_unlinked(known):
    Link.objects.filter(contact__key="ada").update(lead_id="00Q000000000001AAA")
    assert differences(known) == {"unlinked": 1}


def test_a_lead_with_the_key_of_nobody_is_extra(known):
    strangers(known, 1)
    assert differences(known) == {"extra": 1}


def test_a_lead_without_key_is_not_looked_at(known):
    strangers(known, 1)
    (stranger,) = [lead for lead in known.leads() if lead[KEY_FIELD] == f"{0:032x}"]
    known.org.store.update(stranger | {KEY_FIELD: None})
    assert compared(known).compared == 4
    assert differences(known) == {}


def test_the_lead_of_another_site_of_the_same_organization_is_not_extra(known, clock):
    globex = Neighbour("globex", clock, org=known.org)
    globex.configure()
    globex.receive(ADA)
    globex.run()
    assert differences(known) == differences(globex) == {}


def test_the_lead_of_a_deleted_contact_is_extra(known):
    Contact.objects.filter(key="ada").delete()
    assert differences(known) == {"extra": 1}


def test_somebodys_former_lead_in_the_recycle_bin_is_no_difference(known):
    life.delete(known.org, {}, known.lead("ada")["Id"])
    mended(known)
    assert compared(known).compared == 4


def test_a_contact_that_is_due_has_not_drifted(known):
    known.receive(ADA | {"job_title": "Director of Engines"})
    assert differences(known) == {}


def test_people_who_were_never_sent_are_no_difference(known):
    known.receive(BOB, CY)
    known.run()
    assert differences(known) == {}


@pytest.mark.parametrize("on_deleted", ["create", "suppress"])
def test_a_repair_and_the_next_run_bring_both_sides_to_agree(known, on_deleted):
    known.receive(*people(5, start=3))
    known.run()
    known.configure(on_deleted=on_deleted)
    known.run()
    lose(known, "ada")
    life.delete(known.org, {}, known.lead("p00000")["Id"])
    life.merge(known.org, {"winner": known.lead("p00007")["Id"]}, known.lead("p00001")["Id"])
    life.convert(known.org, {}, known.lead("p00002")["Id"])
    edit(known, "p00003", LastName="Changed")
    Link.objects.filter(contact__key="p00004").delete()
    Link.objects.filter(contact__key="p00005").update(lead_id="00Q000000000001AAA")
    wrong = {"missing": 1, "deleted": 1, "merged": 1, "converted": 1, "drifted": 1, "unlinked": 2}
    assert differences(known) == wrong
    found = compared(known, repair=True)
    assert (found.repaired, {kind: n for kind, n in found.counts.items() if n}) == (7, wrong)
    run = known.run()
    assert (run.created, run.updated) == ((3, 3) if on_deleted == "create" else (0, 3))
    assert differences(known) == {}
    gone = "replicated" if on_deleted == "create" else "suppressed"
    expected = {f"p{n:05d}": "replicated" for n in range(3, 8)} | {"p00002": "converted"}
    assert known.statuses() == expected | dict.fromkeys(["ada", "p00000", "p00001"], gone)


def test_without_repair_nothing_is_changed(known):
    lose(known, "ada")
    edit(known, "p00000", LastName="Changed")
    before = list(Link.objects.order_by("pk").values())
    compared(known)
    assert list(Link.objects.order_by("pk").values()) == before
    assert known.run().eligible == 0


def test_our_values_win_over_a_drift_if_asked(known):
    edit(known, "ada", Title="Countess")
    mended(known)
    assert known.lead("ada")["Title"] == "Director"


def test_a_drift_stays_where_leads_are_not_kept_updated(known):
    known.configure(keep_updated=False)
    known.run()
    edit(known, "ada", Title="Countess")
    compared(known, repair=True)
    known.run()
    assert differences(known) == {}
    assert (known.lead("ada")["Title"], known.standing("ada").status) == ("Countess", "outdated")


def test_a_lost_link_is_restored_even_of_someone_no_longer_worth_a_lead(known):
    known.receive(ADA | {"job_title": "Retired"})
    known.run()
    Link.objects.filter(contact__key="ada").delete()
    mended(known)
    assert known.standing("ada").lead_id == known.lead("ada")["Id"]


def test_an_extra_lead_is_left_alone(known):
    strangers(known, 1)
    leads = known.leads()
    assert compared(known, repair=True).repaired == 0
    assert known.run().eligible == 0
    assert known.leads() == leads


def test_a_blocked_contact_whose_lead_is_gone_is_sent_again(known):
    known.refuse("Title", "Baroness")
    known.receive(ADA | {"job_title": "Director Baroness"})
    known.run()
    assert known.standing("ada").status == "blocked"
    lose(known, "ada")
    known.allow("Title")
    mended(known)


def test_what_was_compared_and_put_right_is_told(known):
    lose(known, "ada")
    edit(known, "p00000", LastName="Changed")
    compared(known, repair=True)
    told = {event.code: event.description for event in known.events(source="reconciliation")}
    assert told.keys() == {"lead.missing", "lead.drifted", "reconciliation.finished"}
    counts = "3 leads compared in 1 API calls: 1 missing, 1 drifted. 2 put right."
    assert told["reconciliation.finished"] == counts


def test_no_value_of_a_lead_is_told(known):
    edit(known, "ada", LastName="Byron", Email="byron@example.com")
    told = f"{compared(known, repair=True).as_dict()} {[event.description for event in known.events()]}"
    assert "byron" not in told.lower() and "lovelace" not in told.lower()


CLOTHED = {
    "AnnualRevenue": "custom.revenue",
    "NumberOfEmployees": "custom.staff",
    "Description": "notes",
    "Street": "address1",
}


def test_values_in_other_clothing_have_not_drifted(acme):
    acme.map(**CLOTHED)
    clothed = {"revenue": "1234.567", "staff": "7"}
    acme.receive(ADA | clothed | {"notes": " one\r\ntwo \t", "address1": "1 Row\nFlat 2 "})
    run = acme.run()
    assert run.created == 1, run.message
    edit(acme, "ada", Description="one\ntwo", Street="1 Row\r\nFlat 2", Email="ada@example.com")
    assert differences(acme) == {}


def test_an_address_that_salesforce_saved_in_lower_case_has_not_drifted(acme):
    acme.receive(ADA | {"email": "Ada.Lovelace@Example.com"})
    acme.run()
    edit(acme, "ada", Email="ada.lovelace@example.com")
    assert differences(acme) == {}


def test_fields_may_be_configured_in_any_case(acme):
    acme.configure(
        mapping={"lastname": "last_name", "COMPANY": "company"}, external_id_field="leadferryid__C"
    )
    acme.receive(ADA)
    acme.run()
    assert differences(acme) == {}
    edit(acme, "ada", LastName="Byron")
    assert compared(acme).examples[0]["fields"] == "LastName"


@pytest.mark.parametrize(("others", "calls"), [(0, 1), (1996, 1), (1997, 2), (4500, 3)])
def test_2000_leads_cost_one_call(known, others, calls):
    strangers(known, others)
    known.forget_requests()
    found = compared(known)
    assert (found.api_calls, len(known.charged())) == (calls, calls)
    assert (found.compared, found.counts["extra"]) == (4, others)
    assert len(found.examples) == min(others, MOST_EXAMPLES)


def test_an_empty_organization_costs_one_call(acme):
    assert compared(acme).sentence() == "0 leads compared in 1 API calls: no difference."


def test_what_it_costs_counts_against_the_budget_of_the_site(known):
    strangers(known, 4500)
    known.configure(max_calls_per_day=4)  # the describe and the run spent two
    known.forget_requests()
    with pytest.raises(OverBudget):
        compared(known)
    assert len(known.charged()) == 2


def test_a_budget_that_is_just_enough_is_enough(known):
    strangers(known, 1996)
    known.configure(max_calls_per_day=3)
    assert compared(known).api_calls == 1
    with pytest.raises(OverBudget):
        compared(known)


def test_a_run_in_progress_is_not_disturbed(known):
    leases.claim(known.site, "another", now=known.clock().timestamp())
    with pytest.raises(leases.SiteBusy):
        compared(known)
    assert list(known.org.log) == []
    leases.release(known.site.pk, "another")


def test_the_site_is_free_when_it_has_ended_however_it_has(known):
    compared(known)
    assert known.run().status == "succeeded"
    known.break_down("status_503")
    with pytest.raises(SalesforceError):
        compared(known)
    known.mend()
    assert known.run().status == "succeeded"
    assert differences(known) == {}


def test_what_another_process_took_over_is_left_to_it(known, monkeypatch):
    lose(known, "ada")
    renew = leases.renew

    def taken_over(site_id: int, owner: str, *, now: float) -> None:
        leases.release(site_id, owner)
        renew(site_id, owner, now=now)

    monkeypatch.setattr(leases, "renew", taken_over)
    with pytest.raises(leases.ClaimLost):
        compared(known, repair=True)
    assert known.standing("ada").lead_id


class Endless:
    """An organization whose query has so many pages of 2,000 strangers; the rest is answered by `behind`."""

    def __init__(self, behind: Transport, pages: int) -> None:
        self.behind, self.left = behind, pages

    def request(self, method, url, headers, body):
        if "/query" not in url:
            return self.behind.request(method, url, headers, body)
        self.left -= 1
        records = [
            {"Id": f"00Q{n:015d}", KEY_FIELD: f"{n:032x}", "IsDeleted": False, "LastName": "x" * 80}
            for n in range(self.left * 2000, self.left * 2000 + 2000)
        ]
        path = f"/services/data/v66.0/query/01g-{self.left}"
        following = {"nextRecordsUrl": path} if self.left else {}
        return answer(200, {"done": not self.left, "records": records} | following)


def test_20000_leads_take_no_more_memory_than_4000(known):
    transport, peaks = known.transport, []
    for pages in (2, 2, 10):  # the first time warms up
        known.transport = Endless(transport, pages)
        tracemalloc.start()
        assert compared(known).counts["extra"] == pages * 2000
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] * 1.2
