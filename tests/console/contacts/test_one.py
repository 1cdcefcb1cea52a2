"""One contact: its tabs, and what people may do to it."""

import pytest

from leadferry.console.people.models import Role
from leadferry.contacts.models import Activity, Contact, Due, Tombstone
from leadferry.ledger.access import Access
from leadferry.ledger.models import Attempt, Batch, Event, Run, Settings, Task
from leadferry.ledger.tasks import Kind
from leadferry.scoring.scores import save_scores
from tests.conftest import NOW

LIST = "/site/acme/contacts/"
ADDRESSES = ("edit/", "remove/", "unblock/", "send/")


def at(contact, page=""):
    return f"{LIST}{contact.pk}/{page}"


@pytest.fixture
def operator(signed_in, crowd, acme):
    return signed_in(Role.OPERATOR, acme)


def saved(client, contact, **changes):
    """The editor's answer to `changes` of what it shows."""
    form = client.get(at(contact, "edit/")).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in shown.items() if value is not None and value is not False}
    return client.post(at(contact, "edit/"), kept | changes, follow=True)


def test_a_viewer_may_look_and_do_nothing(signed_in, crowd, acme):
    client = signed_in(Role.VIEWER, acme)
    text = client.get(at(crowd["bob"], "salesforce/")).content.decode()
    assert "Unblock</button>" not in text and "Send now" not in text
    for page in ADDRESSES:
        assert client.post(at(crowd["bob"], page), {"how": "delete"}).status_code == 403
    for page in ("new/", "import/"):
        assert client.get(LIST + page).status_code == 403


def test_an_operator_of_another_site_finds_nobody_here(signed_in, crowd, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    for page in ADDRESSES:
        assert client.post(at(crowd["ada"], page)).status_code == 404
        assert client.post(f"/site/globex/contacts/{crowd['ada'].pk}/{page}").status_code == 404


def test_what_another_website_sends_is_refused(signed_in, crowd, acme):
    client = signed_in(Role.ADMINISTRATOR, acme, checks=True)
    for page in ADDRESSES:
        assert client.post(at(crowd["bob"], page), {"how": "erase"}).status_code == 403
    assert Contact.objects.filter(key="bob").exists()


def test_a_contact_is_found_by_its_key_whatever_that_holds(operator, given, acme):
    given(acme, {"key": "a/b ?%#&é", "last_name": "Odd"})
    page = operator.get("/site/acme/contacts/key/a%2Fb%20%3F%25%23&%C3%A9/", follow=True)
    assert page.context["contact"].last_name == "Odd"


def test_an_edit_changes_what_was_altered_and_is_told(operator, crowd):
    assert "was saved" in saved(operator, crowd["cy"], company="Difference Ltd").content.decode()
    cy = Contact.objects.get(key="cy")
    assert (cy.company, cy.mobile_phone) == ("Difference Ltd", "+44 1791")
    event = Event.objects.get(code="contact.edited")
    assert (event.contact, event.user, event.description) == ("cy", "operator0", "Edited: company.")


def test_an_edit_lifts_a_block(operator, crowd):
    saved(operator, crowd["bob"], email="bob@example.com")
    page = operator.get(at(crowd["bob"], "salesforce/"))
    assert page.context["standing"].status == "pending"


def test_an_edit_that_alters_nothing_marks_nobody(operator, crowd):
    assert "Nothing was altered" in saved(operator, crowd["bob"]).content.decode()
    assert not Due.objects.filter(contact=crowd["bob"]).exists()


def test_an_edit_does_not_undo_what_somebody_else_did_meanwhile(operator, crowd, given, acme):
    form = operator.get(at(crowd["cy"], "edit/")).context["form"]
    stale = {name: form[name].value() for name in form.fields if form[name].value()}
    given(acme, {"key": "cy", "city": "London"})
    operator.post(at(crowd["cy"], "edit/"), stale | {"company": "Difference Ltd", "city": "London"})
    cy = Contact.objects.get(key="cy")
    assert (cy.city, cy.company) == ("London", "Difference Ltd")


def test_a_value_that_no_contact_can_hold_is_refused_at_its_field(operator, crowd):
    page = saved(operator, crowd["cy"], last_name="x" * 1001)
    assert "at most 1000 characters" in page.content.decode()
    page = saved(operator, crowd["cy"], new_name="no.dots", new_value="x")
    assert "allowed is a name of letters" in page.content.decode()
    assert Contact.objects.get(key="cy").last_name == "Babbage"


def test_custom_fields_keep_their_kind_and_are_cleared(operator, given, acme, crowd):
    given(acme, {"key": "cy", "custom.visits": 3, "custom.vip": True, "custom.tier": "gold"})
    changes = {"custom.visits": "4", "custom.tier": "", "new_name": "colour", "new_value": "red"}
    saved(operator, crowd["cy"], **changes)
    assert Contact.objects.get(key="cy").custom == '{"colour":"red","vip":true,"visits":4}'


def test_a_person_states_who_is_anonymous_and_takes_it_back(operator, crowd, given, acme):
    saved(operator, crowd["cy"], anonymous="yes")
    given(acme, {"key": "cy", "city": "London"})
    assert Contact.objects.get(key="cy").anonymous
    assert "yes, as stated" in operator.get(at(crowd["cy"]), follow=True).content.decode()
    assert "Nothing was altered" in saved(operator, crowd["cy"]).content.decode()
    saved(operator, crowd["cy"], anonymous="")
    assert not Contact.objects.get(key="cy").anonymous


def test_a_contact_is_added_once(operator, crowd):
    posted = {"key": "eve", "last_name": "Everett", "email": "eve@example.com"}
    assert "was added" in operator.post(LIST + "new/", posted, follow=True).content.decode()
    assert Due.objects.filter(contact__key="eve").exists()
    again = operator.post(LIST + "new/", posted | {"last_name": "Other"})
    assert "has a contact with this key already" in again.content.decode()
    assert Contact.objects.get(key="eve").last_name == "Everett"
    assert Event.objects.get(code="contact.added").contact == "eve"


def test_a_deleted_contact_is_gone_and_only_after_a_question(operator, crowd):
    assert "cannot be undone" in operator.get(at(crowd["ada"], "remove/")).content.decode()
    assert Contact.objects.filter(key="ada").exists()
    operator.post(at(crowd["ada"], "remove/"), {"how": "delete"})
    assert not Contact.objects.filter(key="ada").exists()


def test_erasing_takes_an_administrator(operator, signed_in, crowd, acme):
    assert operator.post(at(crowd["cy"], "remove/"), {"how": "erase"}).status_code == 403
    page = signed_in(Role.ADMINISTRATOR, acme).post(at(crowd["cy"], "remove/"), {"how": "erase"}, follow=True)
    assert "it had no lead" in page.content.decode()
    assert Tombstone.objects.exists() and not Contact.objects.filter(key="cy").exists()


def test_erasing_without_a_way_to_the_organization_removes_nothing(signed_in, crowd, acme):
    page = signed_in(Role.ADMINISTRATOR, acme).post(
        at(crowd["ada"], "remove/"), {"how": "erase"}, follow=True
    )
    assert "Nothing was removed" in page.content.decode()
    assert Contact.objects.filter(key="ada").exists()


def test_unblocking_releases_one_and_tells_who_did(operator, crowd):
    operator.post(at(crowd["bob"], "unblock/"))
    assert Event.objects.get(code="contact.released").user == "operator0"
    assert "nothing to lift" in operator.post(at(crowd["cy"], "unblock/"), follow=True).content.decode()


def test_sending_now_puts_the_contact_first_and_asks_for_the_task(operator, crowd, acme):
    Due.objects.filter(contact=crowd["cy"]).update(score=99)
    assert "first in line" in operator.post(at(crowd["bob"], "send/"), follow=True).content.decode()
    assert Due.objects.filter(site_id=acme.pk).order_by("-score").first().contact_id == crowd["bob"].pk
    assert Task.objects.get(site=acme, kind=Kind.REPLICATION).requested_at
    assert Event.objects.get(code="contact.first_in_line").contact == "bob"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"enabled": False}, "is off"),
        ({"enabled": True, "keep_updated": False}, "does not keep leads updated"),
    ],
)
def test_what_no_run_would_send_is_told_instead(operator, crowd, acme, settings, reason):
    Settings.objects.filter(site=acme).update(replication=settings)
    assert reason in operator.post(at(crowd["ada"], "send/"), follow=True).content.decode()
    assert Task.objects.get(site=acme, kind=Kind.REPLICATION).requested_at is None


def test_sending_beside_a_run_waits_for_the_next_one(operator, crowd, acme):
    Task.objects.filter(site=acme).update(owner="worker", expires=9e9)
    assert "first of the next one" in operator.post(at(crowd["cy"], "send/"), follow=True).content.decode()


def test_the_salesforce_tab_tells_lead_values_attempts_and_why(operator, crowd, acme):
    Access.objects.create(site=acme, instance_url="https://acme.my.salesforce.com")
    run = Run.objects.create(site=acme, status="partial", started_at=NOW)
    batch = Batch.objects.create(run=run, site_id=acme.pk, number=1, sent_at=NOW, ended_at=NOW, size=1)
    Attempt.objects.create(
        contact_id=crowd["bob"].pk,
        batch_id=batch.pk,
        outcome=3,
        code="INVALID_EMAIL_ADDRESS",
        message="bad <b>",
    )
    text = operator.get(at(crowd["ada"], "salesforce/")).content.decode()
    assert "https://acme.my.salesforce.com/00Qxx0000000001EAA" in text
    assert "Analytical Ltd" in text and "never tried" in text
    text = operator.get(at(crowd["bob"], "salesforce/")).content.decode()
    assert "INVALID_EMAIL_ADDRESS: bad &lt;b&gt;" in text and "REQUIRED_FIELD_MISSING" in text


def test_activities_are_shown_a_page_at_a_time(operator, crowd, acme):
    ada = crowd["ada"]
    Activity.objects.bulk_create(
        Activity(contact=ada, site=acme, kind="page_visit", at=NOW, title=f"Visit {n}.", digest=n)
        for n in range(70)
    )
    first = operator.get(at(ada, "activities/"))
    older = operator.get(at(ada, "activities/"), {"before": first.context["older"]})
    titles = [each.title for page in (first, older) for each in page.context["activities"]]
    assert (len(titles), len(set(titles))) == (70, 70)


def test_the_scores_tab_has_the_points_of_every_rule(operator, crowd, acme, given):
    rule = {"name": "Has a company", "points": 7, "attribute": "company", "operator": "not_empty"}
    save_scores(acme, [{"name": "engagement", "rule": [rule]}])
    given(acme, {"key": "ada", "company": "Analytical Engines"})
    text = operator.get(at(crowd["ada"], "scores/")).content.decode()
    assert "engagement: 7 points" in text and "Has a company" in text
