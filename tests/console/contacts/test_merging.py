"""Merging two contacts, and splitting them, on the page of one."""

import pytest

from leadferry.console.people.models import Role
from leadferry.contacts.models import Activity, Contact
from leadferry.ledger.models import Event
from tests.conftest import NOW

LIST = "/site/acme/contacts/"
PAGES = ("merge/", "split/")


def at(contact, page=""):
    return f"{LIST}{contact.pk}/{page}"


@pytest.fixture
def operator(signed_in, crowd, acme):
    return signed_in(Role.OPERATOR, acme)


def merged(client, contact, other, stays="other"):
    return client.post(at(contact, "merge/"), {"other": other, "stays": stays}, follow=True)


def test_a_viewer_finds_neither_button_and_may_do_neither(signed_in, crowd, acme):
    client = signed_in(Role.VIEWER, acme)
    text = client.get(at(crowd["ada"])).content.decode()
    assert "Merge…" not in text and "Split" not in text
    for page in PAGES:
        assert client.post(at(crowd["ada"], page), {"other": "bob"}).status_code == 403
    assert client.get(at(crowd["ada"], "merge/")).status_code == 403


def test_somebody_of_another_site_finds_nobody_here(signed_in, crowd, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    for page in PAGES:
        assert client.post(at(crowd["ada"], page), {"other": "bob"}).status_code == 404
        assert client.post(f"/site/globex/contacts/{crowd['ada'].pk}/{page}").status_code == 404


def test_what_another_website_sends_is_refused(signed_in, crowd, acme):
    client = signed_in(Role.OPERATOR, acme, checks=True)
    for page in PAGES:
        assert client.post(at(crowd["ada"], page), {"other": "bob"}).status_code == 403
    assert not Contact.objects.exclude(merged_into=None).exists()


def test_what_will_happen_is_shown_before_it_does(operator, crowd, acme):
    Activity.objects.create(contact=crowd["cy"], site=acme, kind="visit", at=NOW, digest=1)
    page = operator.get(at(crowd["cy"], "merge/"), {"other": "ada", "stays": "other"})
    text = page.content.decode()
    assert "Merge cy into ada" in text and "1 activity of cy counts for ada" in text
    assert not Contact.objects.exclude(merged_into=None).exists()
    other_way = operator.get(at(crowd["cy"], "merge/"), {"other": "ada", "stays": "this"})
    assert "Merge ada into cy" in other_way.content.decode()


def test_two_contacts_are_merged_and_it_is_told_by_whom(operator, crowd):
    page = merged(operator, crowd["cy"], "ada")
    assert "cy was merged into ada." in page.content.decode()
    assert page.context["contact"].pk == crowd["ada"].pk
    assert Contact.objects.get(key="cy").merged_into_id == crowd["ada"].pk
    event = Event.objects.get(code="contact.merged")
    assert (event.contact, event.user) == ("cy", "operator0")


def test_a_merged_contact_is_listed_as_suppressed_and_says_why(operator, crowd):
    merged(operator, crowd["cy"], "bob", stays="this")
    rows = {row.contact.key: row.standing.status for row, _ in operator.get(LIST).context["rows"]}
    assert rows == {"ada": "outdated", "bob": "suppressed", "cy": "pending"}
    found = operator.get(LIST, {"replication": "suppressed"}).context["rows"]
    assert [row.contact.key for row, _ in found] == ["bob"]
    assert "Merged into cy." in operator.get(at(crowd["bob"], "salesforce/")).content.decode()


def test_a_split_is_offered_on_the_child_and_undoes_it(operator, crowd):
    merged(operator, crowd["cy"], "ada")
    text = operator.get(at(crowd["cy"])).content.decode()
    assert "Split</button>" in text and "Merge…" not in text
    page = operator.post(at(crowd["cy"], "split/"), follow=True)
    assert "own lead again" in page.content.decode()
    assert Contact.objects.get(key="cy").merged_into_id is None
    assert Event.objects.get(code="contact.split").user == "operator0"
    again = operator.post(at(crowd["cy"], "split/"), follow=True)
    assert "is not merged" in again.content.decode()


@pytest.mark.parametrize("other", ["ada", "nobody", "dot"])
def test_who_cannot_be_merged_is_refused_with_a_sentence(operator, crowd, other):
    for answer in (
        merged(operator, crowd["ada"], other),
        operator.get(at(crowd["ada"], "merge/"), {"other": other}),
    ):
        assert 'role="alert"' in answer.content.decode()
    assert not Contact.objects.exclude(merged_into=None).exists()


def test_a_parent_is_not_erased_alone(signed_in, crowd, acme):
    client = signed_in(Role.ADMINISTRATOR, acme)
    merged(client, crowd["cy"], "ada")
    page = client.post(at(crowd["ada"], "remove/"), {"how": "erase"}, follow=True)
    assert "split or erase them first" in page.content.decode()
    assert Contact.objects.filter(key="ada").exists()


def test_a_key_cannot_inject_a_script(operator, crowd, given, acme):
    given(acme, {"key": "<script>x</script>", "last_name": "Odd"})
    page = operator.get(at(crowd["ada"], "merge/"), {"other": "<script>x</script>"})
    assert "Merge ada into &lt;script&gt;" in page.content.decode()
    assert "<script>x" not in page.content.decode()
