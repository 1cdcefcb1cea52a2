"""The work list: pages of due contacts, best score first, each once."""

import pytest

from leadferry.contacts.models import Contact, Due
from leadferry.core.state import Cause, State
from leadferry.ledger.models import Link
from leadferry.ledger.storage import due
from leadferry.ledger.storage.rows import contact_columns
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

EPOCH = int(NOW.timestamp())


def _contacts(site, scores, **details):
    """A due contact for each score; their ids."""
    ids = []
    for number, score in enumerate(scores):
        made = Contact.objects.create(site=site, key=f"{site.code}{number}", created=NOW, modified=NOW)
        Due.objects.create(contact=made, site_id=site.pk, score=score, causes=int(Cause.CONTACT), **details)
        ids.append(made.pk)
    return ids


def _paged(site, *, size, now=EPOCH):
    columns = ["last_name", "key"]
    pages = due.pages(site.pk, contact_columns(columns), now=now, size=size)
    return [[row[len(columns)] for row in page] for page in pages]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_every_due_contact_comes_once_the_best_first(acme, size):
    ids = _contacts(acme, [5, 50, 50, -3, 50, 7])
    pages = _paged(acme, size=size)
    assert all(len(page) <= size for page in pages)
    expected = [ids[1], ids[2], ids[4], ids[5], ids[0], ids[3]]
    assert [contact_id for page in pages for contact_id in page] == expected


def test_only_the_sites_own_contacts_come(acme, globex):
    _contacts(globex, [9])
    ids = _contacts(acme, [1])
    assert _paged(acme, size=10) == [ids]


def test_who_waits_for_a_later_try_is_left_out_until_then(acme):
    ids = _contacts(acme, [1], not_before=EPOCH + 5)
    assert _paged(acme, size=10) == []
    assert _paged(acme, size=10, now=EPOCH + 5) == [ids]


def test_contacts_taken_away_between_two_pages_skip_nobody(acme):
    ids = _contacts(acme, [3, 3, 3, 2, 1])
    seen = []
    for page in due.pages(acme.pk, contact_columns(["key"]), now=EPOCH, size=2):
        seen += [row[1] for row in page]
        due.take({1: [row[1] for row in page]})
    assert seen == ids
    assert not Due.objects.exists()


def test_who_was_touched_since_it_was_read_is_not_taken(acme):
    (contact_id,) = _contacts(acme, [1], version=2)
    due.take({1: [contact_id]})
    due.hold([(EPOCH + 99, contact_id, 1)])
    assert Due.objects.get().not_before == 0


def test_those_held_back_wait(acme):
    (contact_id,) = _contacts(acme, [1])
    due.hold([(EPOCH + 5, contact_id, 1)])
    assert Due.objects.get().not_before == EPOCH + 5


def test_waiting_counts_no_further_than_asked(acme):
    _contacts(acme, [1, 2, 3])
    assert (due.waiting(acme.pk, at_most=2), due.waiting(acme.pk, at_most=9)) == (2, 3)


@pytest.mark.parametrize(
    ("state", "lead", "score", "causes", "counted"),
    [
        (None, "", 50, Cause.CONTACT, True),
        (None, "", 49, Cause.CONTACT, False),
        (State.REPLICATED, "00Q1", 0, Cause.CONTACT, True),
        (State.RETRYING, "", 49, Cause.CONTACT, False),
        (State.IN_DOUBT, "", 0, Cause.CONTACT, True),
        (State.BLOCKED, "", 50, Cause.SCORE, False),
        (State.BLOCKED, "", 50, Cause.UNBLOCKED, True),
        (State.INVALID, "", 50, Cause.MAPPING, True),
        (State.CONVERTED, "00Q1", 50, Cause.CONTACT, False),
        (State.SUPPRESSED, "00Q1", 50, Cause.CONTACT, False),
    ],
)
def test_to_send_counts_whom_a_run_would_map(acme, state, lead, score, causes, counted):
    (contact_id,) = _contacts(acme, [score])
    Due.objects.update(causes=int(causes))
    if state is not None:
        Link.objects.create(contact_id=contact_id, site_id=acme.pk, state=state, lead_id=lead)
    told = due.to_send(acme.pk, minimum=50, anonymous_too=False, updates_too=True)
    assert told == counted
