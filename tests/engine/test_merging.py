"""Two contacts that are one person: what becomes of their activities, points and leads."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadferry.contacts.importing import import_activities
from leadferry.contacts.merging import NotMerged
from leadferry.contacts.models import Activity, Contact, Due
from leadferry.contacts.sources import Rows
from leadferry.engine.merging import merge, split
from leadferry.engine.removal import remove
from leadferry.engine.send_now import NotSent, send_now
from leadferry.engine.why import explained
from leadferry.ledger.models import Link
from leadferry.scoring.models import Total
from leadferry.scoring.points import refresh
from leadferry.simulator import life

from .website import ADA, BOB, SCORE, Website, agree

pytestmark = pytest.mark.django_db
VISITS = {"name": "Visits", "points": 30, "activity": "visit"}
EVE = {"key": "eve", "last_name": "Everett", "email": "eve@example.com"}
DAY = "2026-11-20T10:00:00Z"
numbers = count()


@pytest.fixture
def site(acme: Website) -> Website:
    """Ada is a lead for what she is; Eve, who came once, is not; visits give 30 points, 50 are needed."""
    acme.scores = [SCORE | {"rule": [*SCORE["rule"], VISITS]}]
    acme.mapping["Description"] = {"template": "{{ score }} points"}
    acme.configure()
    acme.receive(ADA, EVE)
    did(acme, "eve", "a")
    acme.run()
    acme.forget_requests()
    return acme


def did(website, key, *titles):
    site, now = website.site, website.clock()
    rows = [{"key": key, "type": "visit", "time": DAY, "title": title} for title in titles]
    return import_activities(site, Rows(rows), now=now, after_chunk=lambda ids: refresh(site, ids, now=now))


def merged(website, child, into):
    merge(website.site, child, into=into, by="op", at=website.clock())


def parted(website, child):
    split(website.site, child, by="op", at=website.clock())


def done(website):
    """What each contact did, by key, and since when it belongs there."""
    rows = Activity.objects.filter(site=website.site).values_list("contact__key", "title", "origin")
    return sorted(rows, key=str)


def scored(website):
    rows = Total.objects.filter(contact__site=website.site).exclude(points=0)
    return sorted(rows.values_list("contact__key", "points"))


def test_the_parent_is_sent_with_the_points_of_both(site):
    did(site, "ada", "x")
    merged(site, "eve", "ada")
    run = site.run()
    assert (run.created, run.updated) == (0, 1)
    assert site.lead("ada")["Description"] == "110 points"
    assert scored(site) == [("ada", 110)]
    assert site.statuses() == {"ada": "replicated", "eve": "suppressed"}


def test_a_parent_that_qualifies_only_with_its_child_gets_a_lead(site):
    site.receive(BOB | {"job_title": "Clerk", "last_name": "Bobbin"})
    did(site, "bob", "x")
    site.run()
    assert not site.has_lead("bob")
    merged(site, "eve", "bob")
    assert site.run().created == 1
    assert site.lead("bob")["Description"] == "60 points"


def test_the_lead_of_a_child_is_left_alone_whatever_changes(site):
    merged(site, "ada", "eve")
    before = site.lead("ada")
    site.receive(ADA | {"company": "Elsewhere"})
    site.map(Title={"value": "Other"})
    site.run()
    assert site.lead("ada") == before
    assert not Due.objects.exists()


def test_a_split_child_has_its_own_lead_brought_up_to_date_and_no_second_one(site):
    merged(site, "ada", "eve")
    site.receive(ADA | {"company": "Elsewhere"})
    site.run()
    parted(site, "ada")
    assert site.standing("ada").status == "outdated"
    run = site.run()
    assert (run.created, run.updated) == (0, 1)
    assert site.lead("ada")["Company"] == "Elsewhere"
    agree([site])


def test_a_split_child_without_lead_is_looked_at_again(site):
    merged(site, "eve", "ada")
    parted(site, "eve")
    did(site, "eve", "b")
    assert site.run().created == 1
    agree([site])


def test_what_a_child_does_later_counts_for_the_parent_and_goes_back(site):
    merged(site, "eve", "ada")
    report = did(site, "eve", "a", "b")
    assert (report.created, report.unchanged) == (1, 1)
    assert scored(site) == [("ada", 110)]
    parted(site, "eve")
    assert scored(site) == [("ada", 50), ("eve", 60)]


def test_what_both_did_counts_once_and_each_has_it_back(site):
    did(site, "ada", "a")
    merged(site, "eve", "ada")
    assert scored(site) == [("ada", 80)]
    did(site, "eve", "b")
    assert did(site, "ada", "b").created == 1
    assert scored(site) == [("ada", 110)]
    parted(site, "eve")
    assert scored(site) == [("ada", 110), ("eve", 60)]


def test_what_two_children_did_still_counts_after_one_is_split(site):
    site.receive(BOB)
    did(site, "bob", "a")
    merged(site, "eve", "ada")
    merged(site, "bob", "ada")
    assert scored(site) == [("ada", 80)]
    parted(site, "eve")
    assert scored(site) == [("ada", 80), ("eve", 30)]


def test_a_child_of_a_child_belongs_to_the_one_at_the_top(site):
    site.receive(BOB)
    merged(site, "eve", "bob")
    merged(site, "bob", "ada")
    ada = Contact.objects.get(key="ada")
    assert set(Contact.objects.filter(merged_into=ada).values_list("key", flat=True)) == {"bob", "eve"}
    assert Link.objects.get(contact__key="eve").message == "Merged into ada."
    assert scored(site) == [("ada", 80)]
    parted(site, "eve")
    assert scored(site) == [("ada", 50), ("eve", 30)]


@pytest.mark.parametrize(
    ("child", "into"), [("ada", "ada"), ("ada", "eve"), ("eve", "ada"), ("nobody", "ada"), ("dot", "ada")]
)
def test_nobody_is_merged_into_himself_his_child_or_a_stranger(site, globex, child, into):
    globex.receive({"key": "dot", "last_name": "Dotson"})
    merged(site, "eve", "ada")
    before = done(site), scored(site)
    with pytest.raises(NotMerged):
        merged(site, child, into)
    assert (done(site), scored(site)) == before


def test_who_is_not_merged_cannot_be_split(site):
    with pytest.raises(NotMerged):
        parted(site, "ada")


def test_a_setting_that_makes_deleted_leads_again_does_not_revive_a_child(site):
    site.configure(on_deleted="suppress")
    life.delete(site.org, {}, site.lead("ada")["Id"])
    merged(site, "ada", "eve")
    site.configure(on_deleted="create")
    site.run()
    assert site.standing("ada").status == "suppressed"
    assert not site.has_lead("ada")


def test_a_child_whose_lead_was_converted_is_so_again_after_a_split(site):
    Link.objects.filter(contact__key="ada").update(state=6)
    merged(site, "ada", "eve")
    parted(site, "ada")
    assert site.standing("ada").status == "converted"
    site.run()
    assert site.writes() == []


def test_a_child_merged_while_its_batch_is_under_way_stays_merged(site):
    """What the call brought is known after a split, so that there is no second lead."""
    did(site, "eve", "b")
    whole = site.transport.request

    def request(method, url, headers, body):
        if "/composite" in url and Contact.objects.get(key="eve").merged_into_id is None:
            merged(site, "eve", "ada")
        return whole(method, url, headers, body)

    site.transport.request = request
    site.run()
    assert site.standing("eve").status == "suppressed"
    parted(site, "eve")
    assert site.run().created == 0
    agree([site])


def test_people_are_told_why_a_child_is_not_sent(site):
    merged(site, "eve", "ada")
    answer = explained(site.site, "eve", at=site.clock())
    assert answer is not None and "Merged into ada." in answer.because[0]
    assert "Split" in answer.changes[0]
    with pytest.raises(NotSent, match="Merged into ada"):
        send_now(site.site, Contact.objects.get(key="eve"), by="op", at=site.clock())


def test_both_are_told_with_who_did_it(site):
    merged(site, "eve", "ada")
    parted(site, "eve")
    told = [(e.code, e.contact, e.user, e.description) for e in site.events(source="contacts")]
    assert told == [
        ("contact.merged", "eve", "op", "Merged into ada."),
        ("contact.split", "eve", "op", "Split from ada."),
    ]


def gone(website, *keys, erase=False):
    contacts = list(Contact.objects.filter(key__in=keys))
    return remove(website.site, contacts, erase=erase, clock=website.clock, transport=website.transport)


def test_a_deleted_parent_gives_its_children_back_all_they_had(site):
    merged(site, "eve", "ada")
    gone(site, "ada")
    assert scored(site) == [("eve", 30)]
    assert site.statuses() == {"eve": "not_eligible"}


def test_a_deleted_child_takes_its_activities_with_it(site):
    merged(site, "eve", "ada")
    gone(site, "eve", erase=True)
    assert done(site) == []
    assert scored(site) == [("ada", 50)]


def test_a_parent_is_erased_only_with_its_children(site):
    merged(site, "eve", "ada")
    with pytest.raises(NotMerged, match=r"merged into these contacts \(eve\)"):
        gone(site, "ada", erase=True)
    assert site.has_lead("ada")
    gone(site, "ada", "eve", erase=True)
    assert not site.leads() and not Contact.objects.exists()


ACTS = st.lists(st.sampled_from("abcd"), max_size=4)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=ACTS, second=ACTS)
def test_merge_then_split_changes_nothing(site, first, second):
    one, two = f"one{next(numbers)}", f"two{next(numbers)}"
    site.receive(ADA | {"key": one}, EVE | {"key": two})
    did(site, one, *first)
    did(site, two, *second)
    before = done(site), scored(site)
    merged(site, one, two)
    parted(site, one)
    assert (done(site), scored(site)) == before
