"""The list of contacts: who sees it, what its filters find, and that it never reads everybody."""

import csv
import io
import json

import pytest

from leadferry.console.people.models import Role

LIST = "/site/acme/contacts/"


def shown(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [row.contact.key for row, _ in response.context["rows"]]


@pytest.fixture
def viewer(signed_in, crowd, acme):
    return signed_in(Role.VIEWER, acme)


def test_the_list_has_every_column(viewer):
    text = viewer.get(LIST).content.decode()
    columns = "First name,Last name,E-mail,Status,Company,Country,Score,Replication,Created"
    assert [name for name in columns.split(",") if f">{name}</th>" not in text] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["cy", "bob", "ada"]),
        ({"search": "ada"}, ["ada"]),
        ({"search": "BYRON"}, ["bob"]),
        ({"name": "ada LOVE"}, ["ada"]),
        ({"name": "lace"}, []),
        ({"email": "cy@"}, ["cy"]),
        ({"status": "warm"}, ["bob"]),
        ({"phone": "4 17"}, ["cy"]),
        ({"phone": "%"}, []),
        ({"country": "england", "city": "LONDON"}, ["ada"]),
        ({"country": "england", "city": "Paris"}, []),
        ({"created_from": "2026-11-23", "created_to": "2026-11-23"}, ["cy", "bob", "ada"]),
        ({"created_from": "2026-11-24"}, []),
        ({"created_to": "2026-11-22"}, []),
        ({"replication": "with_lead"}, ["ada"]),
        ({"replication": "not_replicated"}, ["cy", "bob"]),
        ({"replication": "blocked"}, ["bob"]),
        ({"replication": "pending"}, ["cy"]),
        ({"replication": "outdated"}, ["ada"]),
        ({"replication": "replicated"}, []),
        ({"replication": "invalid"}, []),
        ({"order": "key"}, ["ada", "bob", "cy"]),
        ({"order": "last_name"}, ["cy", "bob", "ada"]),
        ({"order": "-last_name"}, ["ada", "bob", "cy"]),
        ({"order": "email"}, ["bob", "ada", "cy"]),
        ({"order": "-score"}, []),
    ],
)
def test_a_filter_finds_whom_it_should_in_its_order(viewer, query, found):
    assert shown(viewer, **query) == found


def test_what_makes_no_sense_is_marked_and_left_out(viewer):
    response = viewer.get(
        LIST, {"created_from": "yesterday", "order": "'; DROP", "after": "[[", "name": "ada"}
    )
    assert "Enter a valid date" in response.content.decode()
    assert [row.contact.key for row, _ in response.context["rows"]] == ["ada"]


@pytest.mark.parametrize("order", ["key", "-key", "created", "-created", "last_name", "-email", "first_name"])
def test_pages_follow_each_other_without_gap_and_without_repetition(viewer, given, acme, order):
    given(acme, *({"key": f"k{n:03}", "last_name": f"Same{n % 3}"} for n in range(130)))
    seen, query = [], {"order": order}
    while True:
        response = viewer.get(LIST, query)
        seen += [row.contact.key for row, _ in response.context["rows"]]
        if not response.context["found"].next:
            break
        query["after"] = response.context["found"].next
    assert (len(seen), len(set(seen))) == (133, 133)


def test_the_same_contacts_are_found_by_an_index_and_without_one(viewer, monkeypatch, given, acme):
    given(acme, *({"key": f"k{n}", "last_name": f"N{n % 7}", "city": "Paris"} for n in range(60)))
    query = {"city": "paris", "name": "n3", "order": "key"}
    by_index = shown(viewer, **query)
    monkeypatch.setattr("leadferry.engine.listing.pages.narrow", lambda way: None)
    assert len(by_index) == 9
    assert shown(viewer, **query) == by_index


def test_a_page_that_ends_early_says_so_and_goes_on(viewer, monkeypatch, given, acme):
    given(acme, *({"key": f"k{n}", "last_name": "N"} for n in range(30)))
    monkeypatch.setattr("leadferry.engine.listing.pages.MOST_LOOKED_AT", 20)
    monkeypatch.setattr("leadferry.engine.listing.pages.WINDOWS", (10,))
    response = viewer.get(LIST, {"phone": "1791", "order": "-key"})
    assert "Narrow the filter" in response.content.decode()
    assert response.context["rows"] == []
    after = response.context["found"].next
    assert shown(viewer, phone="1791", order="-key", after=after) == ["cy"]


def test_a_page_takes_the_same_few_queries_however_many_rows_it_has(
    viewer, given, acme, django_assert_max_num_queries
):
    given(acme, *({"key": f"k{n}", "last_name": "N"} for n in range(60)))
    with django_assert_max_num_queries(32):
        assert len(shown(viewer, name="n")) == 50


def test_another_sites_contacts_do_not_exist(viewer, crowd):
    assert viewer.get("/site/globex/contacts/").status_code == 404
    assert viewer.get("/site/globex/contacts/export/csv/").status_code == 404
    for page in ("", "activities/", "scores/", "salesforce/"):
        assert viewer.get(f"{LIST}{crowd['dot'].pk}/{page}").status_code == 404
    assert viewer.get(f"{LIST}key/dot/").status_code == 404


def test_what_a_contact_is_called_is_never_taken_for_markup(viewer, given, acme):
    given(acme, {"key": "<b>k", "last_name": "<script>alert(1)</script>", "company": '"><img onerror=x>'})
    contact = acme.contact_set.get(key="<b>k")
    pages = [LIST, *(f"{LIST}{contact.pk}/{page}" for page in ("", "activities/", "scores/", "salesforce/"))]
    for page in pages:
        text = viewer.get(page).content.decode()
        assert "<script>alert" not in text and "<img onerror" not in text and "<b>k" not in text


def test_the_export_has_the_filtered_list_and_no_formula(viewer, given, acme):
    given(acme, {"key": "evil", "last_name": '=HYPERLINK("http://evil")', "email": "+1@example.com"})
    lines = b"".join(viewer.get(f"{LIST}export/csv/", {"search": "evil"}).streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(lines))
    assert row["last_name"] == '\'=HYPERLINK("http://evil")'
    assert row["email"] == "'+1@example.com"


def test_the_export_for_programs_has_every_value_as_it_is(viewer):
    lines = b"".join(viewer.get(f"{LIST}export/ndjson/", {"order": "key"}).streaming_content)
    rows = [json.loads(line) for line in lines.splitlines()]
    assert [(row["key"], row["replication"]) for row in rows] == [
        ("ada", "outdated"),
        ("bob", "blocked"),
        ("cy", "pending"),
    ]


def test_an_unknown_form_of_export_does_not_exist(viewer):
    assert viewer.get(f"{LIST}export/xls/").status_code == 404
