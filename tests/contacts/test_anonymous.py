"""Who is anonymous: what was stated stays, the rest is worked out (interface description, section 3)."""

import pytest

from leadferry.contacts.importing import import_contacts, open_source
from leadferry.contacts.merging import attach, detach
from leadferry.contacts.models import Contact, Due
from tests.conftest import NOW


@pytest.fixture
def imported(acme, tmp_path):
    """Imports a CSV file of these lines; says who is anonymous after it."""

    def imported(*lines: str) -> dict[str, bool]:
        path = tmp_path / "c.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        import_contacts(acme, open_source(path), now=NOW, after_chunk=lambda ids: None)
        return dict(Contact.objects.values_list("key", "anonymous"))

    return imported


@pytest.fixture
def stated(imported):
    """Vis is anonymous by statement, with name and e-mail; Nemo is not, without either."""
    assert imported(
        "key,last_name,email,anonymous", "vis,Vis,vis@example.com,yes", "nemo,,,no", "dot,,,"
    ) == {"vis": True, "nemo": False, "dot": True}


def test_a_stated_anonymous_outlives_an_import_without_the_column(stated, imported):
    told = imported("key,city,email", "vis,Brno,v@example.com", "nemo,Brno,", "dot,Brno,")
    assert told == {"vis": True, "nemo": False, "dot": True}


def test_a_stated_anonymous_is_stated_anew(stated, imported):
    assert imported("key,anonymous", "vis,no", "nemo,yes") == {"vis": False, "nemo": True, "dot": True}


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_cell_takes_back_what_was_stated(stated, imported, empty):
    told = imported("key,anonymous,city", f"vis,{empty},x", f"nemo,{empty},x")
    assert told == {"vis": False, "nemo": True, "dot": True}


def test_a_null_takes_back_what_was_stated(stated, given, acme):
    given(acme, {"key": "vis", "anonymous": None})
    assert not Contact.objects.get(key="vis").anonymous


def test_where_nothing_is_stated_anonymity_follows_name_and_email(imported):
    assert imported("key,email", "dot,dot@example.com") == {"dot": False}
    assert imported("key,email", "dot,") == {"dot": True}
    assert imported("key,first_name", "dot,Dot") == {"dot": False}


def test_stating_the_same_again_changes_nothing(stated, given, acme):
    Due.objects.all().delete()
    assert given(acme, {"key": "vis", "anonymous": True}, {"key": "dot", "anonymous": ""}).unchanged == 2
    assert not Due.objects.exists()


def test_a_contact_from_before_anything_could_be_stated_is_worked_out(stated, imported):
    Contact.objects.update(anonymous_stated=None)
    assert imported("key,city", "vis,Brno", "nemo,Brno")["vis"] is False
    assert Contact.objects.get(key="nemo").anonymous


def test_merging_and_splitting_keep_what_was_stated(stated):
    vis, nemo = Contact.objects.get(key="vis"), Contact.objects.get(key="nemo")
    attach(nemo, vis)
    vis.refresh_from_db()
    detach(vis)
    kept = Contact.objects.exclude(key="dot").order_by("key").values_list("anonymous", "anonymous_stated")
    assert list(kept) == [(False, False), (True, True)]


def test_a_blank_time_of_creation_says_nothing(given, acme):
    given(acme, {"key": "dot", "created": " "})
    assert Contact.objects.get(key="dot").created == NOW
