"""The pages of the quarantine: causes, their contacts, and unblocking."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadferry.console.people.models import Role
from leadferry.ledger import causes
from leadferry.ledger.models import Event
from tests.engine.website import people

LIST = "/site/acme/quarantine/"
RULE, MISSING = "FIELD_CUSTOM_VALIDATION_EXCEPTION", "REQUIRED_FIELD_MISSING"


def told(client, address=LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_causes_are_told_with_their_number_what_they_mean_and_who_can_help(refused, acme):
    first, second = causes.groups(acme)
    assert (first.code, first.blocked, first.invalid) == (RULE, 3, 0)
    assert (second.code, second.blocked, second.invalid) == (MISSING, 0, 1)
    assert first.told.who == "Salesforce administrator"
    assert second.fields == ("LastName",)


def test_the_page_says_it_in_plain_sentences(signed_in, refused, acme):
    text = told(signed_in(Role.VIEWER, acme))
    assert "4 contacts wait for a change" in text
    assert "A validation rule of the organization refused the lead." in text
    assert "Salesforce administrator" in text and "LastName" in text


def test_who_was_released_is_not_in_quarantine_any_more(refused, acme):
    refused.unblock("bob")
    assert [group.code for group in causes.groups(acme)] == [RULE]


def test_the_contacts_of_a_cause_come_page_by_page(refused, acme):
    first, after = causes.contacts_of(acme, RULE, size=2)
    rest, end = causes.contacts_of(acme, RULE, after=after, size=2)
    assert [held.key for held in [*first, *rest]] == ["p00000", "p00001", "p00002"]
    assert end is None


def test_blocked_and_invalid_contacts_of_one_code_are_listed_together(refused, acme):
    refused.refuse("LastName", "^Nobody$")
    refused.receive({"key": "zoe", "last_name": "Zoe", "job_title": "Director", "email": "no address"})
    refused.run()
    assert sum(group.count for group in causes.groups(acme)) == 5


@pytest.mark.parametrize(
    ("posted", "left"),
    [
        ({"key": "p00001", "cause": RULE}, 3),
        ({"cause": RULE}, 1),
        ({"all": "1"}, 0),
    ],
)
def test_an_operator_unblocks_one_a_cause_or_all(signed_in, refused, acme, posted, left):
    answer = signed_in(Role.OPERATOR, acme).post(f"{LIST}unblock/", posted, follow=True)
    assert f"{4 - left} contact" in answer.content.decode()
    assert sum(group.count for group in causes.groups(acme)) == left
    assert Event.objects.get(code="contact.released").user == "operator0"


@pytest.mark.parametrize("posted", [{}, {"key": "nobody"}, {"cause": "NOTHING"}])
def test_unblocking_nobody_is_said(signed_in, refused, acme, posted):
    answer = signed_in(Role.OPERATOR, acme).post(f"{LIST}unblock/", posted, follow=True)
    assert "Nobody was unblocked" in answer.content.decode()
    assert sum(group.count for group in causes.groups(acme)) == 4


def test_a_viewer_unblocks_nobody(signed_in, refused, acme):
    client = signed_in(Role.VIEWER, acme)
    assert "Unblock" not in told(client) + told(client, f"{LIST}cause/{RULE}/")
    assert client.post(f"{LIST}unblock/", {"all": "1"}).status_code == 403


def test_unblocking_from_another_website_is_refused(signed_in, refused, acme):
    client = signed_in(Role.OPERATOR, acme, checks=True)
    assert client.post(f"{LIST}unblock/", {"all": "1"}).status_code == 403


def test_another_sites_quarantine_looks_as_if_it_did_not_exist(signed_in, refused, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    assert client.get(LIST).status_code == 404
    assert client.post(f"{LIST}unblock/", {"all": "1"}).status_code == 404
    assert "Nobody is in quarantine" in told(client, "/site/globex/quarantine/")


def test_what_salesforce_and_contacts_say_stays_text(signed_in, refused, acme):
    refused.receive(*people(1, start=9, company="Acme Rockets", first_name="<script>alert(1)</script>"))
    refused.run()
    text = told(signed_in(Role.VIEWER, acme), f"{LIST}cause/{RULE}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<script>alert(1)" not in text
    assert "&lt;b&gt;please" in text


def test_a_page_asks_the_database_as_often_for_many_contacts_as_for_few(refused, acme):
    with CaptureQueriesContext(connection) as few:
        causes.contacts_of(acme, RULE, size=1)
    with CaptureQueriesContext(connection) as many:
        causes.contacts_of(acme, RULE, size=50)
    assert len(few) == len(many)


def test_causes_are_looked_up_along_the_index(refused, acme):
    with CaptureQueriesContext(connection) as asked:
        causes.groups(acme)
    if connection.vendor == "sqlite":
        plans = [_plan(query["sql"]) for query in asked if "ledger_link" in query["sql"]]
        assert [plan for plan in plans if "link_state" not in plan] == []
    assert len(asked) < 20


def _plan(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        return " / ".join(row[3] for row in cursor.fetchall())
