import pytest

from leadferry.contacts.importing import Report, Rows, import_activities, import_contacts
from leadferry.contacts.models import Activity, Contact, Due, Site, Tombstone
from leadferry.contacts.people import delete
from tests.conftest import NOW

ADA = {"key": "ada", "email": "Ada@example.com", "first_name": "Ada"}


def take(site, *records) -> Report:
    return import_contacts(site, Rows(records), now=NOW, after_chunk=lambda ids: None)


@pytest.fixture
def site(acme) -> Site:
    take(acme, ADA, {"key": "bob"})
    visit = {"key": "ada", "type": "page_visit", "time": "2026-11-01T10:00:00Z"}
    import_activities(acme, Rows([visit]), now=NOW, after_chunk=lambda ids: None)
    return acme


def test_a_deleted_contact_goes_with_all_that_is_its_own(site) -> None:
    ada = Contact.objects.get(key="ada").pk
    gone: list[int] = []
    assert delete(site, ["ada", "nobody"], before=gone.extend) == ["nobody"]
    assert gone == [ada]
    assert not Activity.objects.exists()
    assert list(Contact.objects.values_list("key", flat=True)) == ["bob"]
    assert list(Due.objects.values_list("contact__key", flat=True)) == ["bob"]


def test_a_deleted_contact_may_come_back(site) -> None:
    delete(site, ["ada"], before=lambda ids: None)
    assert take(site, ADA).created == 1


def test_another_site_keeps_its_contact_of_that_key(site, globex) -> None:
    take(globex, ADA)
    delete(site, ["ada"], before=lambda ids: None)
    assert Contact.objects.get(key="ada").site == globex


@pytest.mark.parametrize(
    ("record", "field"),
    [(ADA, "key"), ({"key": "ada"}, "key"), ({"key": "new", "email": "ADA@EXAMPLE.COM"}, "email")],
)
def test_an_erased_person_does_not_come_back(site, record, field) -> None:
    delete(site, ["ada"], before=lambda ids: None, erase=True)
    report = take(site, record, {"key": "cy", "email": "cy@example.com"})
    assert (report.created, report.rejected) == (1, 1)
    assert report.rejections[0].reason == f"{field}: allowed is any but that of a person who was erased"


def test_another_contact_does_not_take_on_an_erased_address(site) -> None:
    delete(site, ["ada"], before=lambda ids: None, erase=True)
    assert take(site, {"key": "bob", "email": "ada@example.com"}).rejected == 1
    assert Contact.objects.get(key="bob").email == ""


def test_an_erasure_holds_for_its_site_alone_and_keeps_no_trace_in_the_clear(site, globex) -> None:
    delete(site, ["ada"], before=lambda ids: None, erase=True)
    assert take(globex, ADA).created == 1
    delete(globex, ["ada"], before=lambda ids: None, erase=True)
    digests = [bytes(digest) for digest in Tombstone.objects.values_list("digest", flat=True)]
    assert len(set(digests)) == 4
    assert not any(b"ada" in digest.lower() for digest in digests)


def test_erasing_again_changes_nothing(site) -> None:
    delete(site, ["ada"], before=lambda ids: None, erase=True)
    assert delete(site, ["ada"], before=lambda ids: None, erase=True) == ["ada"]
    assert Tombstone.objects.count() == 2


def test_a_failure_on_the_way_deletes_nothing(site) -> None:
    def fails(ids) -> None:
        raise RuntimeError("the other tables cannot be written")

    with pytest.raises(RuntimeError):
        delete(site, ["ada"], before=fails, erase=True)
    assert Contact.objects.filter(key="ada").exists()
    assert Activity.objects.exists()
    assert not Tombstone.objects.exists()
