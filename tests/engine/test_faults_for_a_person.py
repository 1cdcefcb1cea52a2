"""Faults that need a person: the run fails with the fix, at once, and no contact is blamed."""

import socket

import pytest
import urllib3

from leadferry.engine.doctor import examine
from leadferry.ledger import organizations
from leadferry.ledger.models import Organization
from leadferry.salesforce import Transport
from leadferry.simulator import InProcess, create_app, fields
from tests.answers import answer

from .website import ADA, Website, agree, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(acme: Website) -> Website:
    """Acme with five contacts to send, two in a batch."""
    acme.configure(batch_size=2)
    acme.receive(*people(5))
    acme.forget_requests()
    return acme


def _stopped(website: Website, *, calls: int, **words: str) -> None:
    """The next run fails after so many calls, says how to mend it in one event, and blames nobody."""
    run = website.run()
    assert (run.status, run.blocked, run.invalid) == ("failed", 0, 0), run.message
    assert len(website.writes()) == calls
    assert website.held() == {}
    errors = website.events(type="error")
    assert [(event.code, event.run) for event in errors] == [("run.finished", str(run.pk))]
    for word in words.values():
        assert word in run.message and word in errors[0].description


def _goes_on(website: Website) -> None:
    """Mended, the next run delivers everybody."""
    assert website.run_later().status == "succeeded"
    assert set(website.statuses().values()) == {"replicated"}
    agree([website])


@pytest.mark.fault(
    name="API switched off (API_DISABLED_FOR_ORG)",
    happens="The run fails with the fix; nobody is blocked.",
    calls="the one that showed it",
)
def test_a_switched_off_api_stops_the_run(ready):
    ready.break_down("api_disabled")
    _stopped(ready, calls=1, said="API is not enabled", fix="Enable the API")
    ready.mend()
    _goes_on(ready)


@pytest.mark.fault(
    name="Session refused again and again (HTTP 401)",
    happens="One new session is tried, then the run fails with the fix.",
    calls="none: Salesforce does not charge a refused session",
)
def test_a_session_that_is_refused_for_ever_stops_the_run(ready):
    ready.break_down("invalid_session_forever")
    _stopped(ready, calls=2, said="Session expired", fix="Connect to Salesforce again")
    assert ready.charged() == []
    ready.mend()
    _goes_on(ready)


@pytest.mark.fault(
    name="Wrong credentials",
    happens="The run fails with the fix before anything is sent.",
    calls="none",
)
@pytest.mark.parametrize("kind", ["invalid_client", "invalid_grant"])
def test_wrong_credentials_stop_the_run_before_anything_is_sent(ready, kind):
    ready.transport = InProcess(create_app(ready.org))  # nobody has signed in on it yet
    ready.break_down(kind)
    _stopped(ready, calls=0, said="refused the authorization")
    assert ready.charged() == []
    ready.mend()
    _goes_on(ready)


@pytest.mark.fault(
    name="External ID field not there, or hidden from the user",
    happens="The run fails with the fix; the describe is read anew by the next run.",
    calls="the one that showed it",
)
def test_a_missing_external_id_field_stops_the_run(ready):
    fields.put(ready.org, {"name": "LeadferryId__c", "hidden": True})
    _stopped(ready, calls=1, said="LeadferryId__c")
    fields.put(ready.org, {"name": "LeadferryId__c", "hidden": False})
    _goes_on(ready)


@pytest.mark.fault(
    name="Mapped field hidden from the user, or not there",
    happens="The run fails with the fix and the field's name; nobody is blocked.",
    calls="the one that showed it",
)
@pytest.mark.parametrize("level", ["row", "request"])
def test_a_hidden_mapped_field_stops_the_run(ready, level):
    ready.org.change_settings({"unknown_field": level})
    fields.put(ready.org, {"name": "Phone", "hidden": True})
    _stopped(ready, calls=1, said="Phone")
    fields.put(ready.org, {"name": "Phone", "hidden": False})
    _goes_on(ready)


@pytest.mark.fault(
    name="Mapped field that the user may only read",
    happens="As above.",
    calls="the one that showed it",
)
def test_a_mapped_field_that_may_not_be_written_stops_the_run(ready):
    fields.put(ready.org, {"name": "Phone", "createable": False, "updateable": False})
    _stopped(ready, calls=1, said="Phone", fix="edit permission")
    fields.put(ready.org, {"name": "Phone", "createable": True, "updateable": True})
    _goes_on(ready)


def test_while_the_organization_stays_unfit_each_run_asks_its_describe_once(ready):
    fields.put(ready.org, {"name": "Phone", "hidden": True})
    ready.run()
    for _ in range(3):
        ready.forget_requests()
        run = ready.run_later()
        assert (run.status, run.api_calls) == ("failed", 1)
        assert [each.path.rpartition("/")[2] for each in ready.charged()] == ["describe"]
        assert "Phone" in run.message


@pytest.mark.fault(
    name="Permission lost (INSUFFICIENT_ACCESS for the whole call)",
    happens="The run fails with the fix; nobody is blocked.",
    calls="the one that showed it",
)
def test_a_lost_permission_stops_the_run(ready):
    answer = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "insufficient access rights on object id"}]
    whole = ready.transport
    ready.transport = Refusing(whole, 403, answer)
    _stopped(ready, calls=0, said="insufficient access rights", fix="read, create and edit access")
    assert ready.transport.calls == 1
    ready.transport = whole
    _goes_on(ready)


class Refusing:
    """Answers every delivery with one refusal."""

    def __init__(self, inner: Transport, status: int, answer: object) -> None:
        self._inner, self._status, self._answer, self.calls = inner, status, answer, 0

    def request(self, method, url, headers, body):
        if "/composite" not in url:
            return self._inner.request(method, url, headers, body)
        self.calls += 1
        return answer(self._status, self._answer)


@pytest.mark.fault(
    name="Storage full (STORAGE_LIMIT_EXCEEDED)",
    happens="Updates of the batch are delivered, new leads wait, the run fails with the fix.",
    calls="the one that showed it",
)
def test_full_storage_stops_the_run_and_blames_nobody(ready):
    ready.break_down("storage_full")
    _stopped(ready, calls=1, said="storage", fix="Free or buy data storage")
    ready.mend()
    _goes_on(ready)


def test_full_storage_still_lets_the_updates_of_the_batch_through(acme):
    acme.receive(ADA)
    acme.run()
    acme.break_down("storage_full")
    acme.receive(ADA | {"company": "New"}, *people(1))
    run = acme.run()
    assert (run.status, run.updated, run.created) == ("failed", 1, 0)
    assert acme.statuses() == {"ada": "replicated", "p00000": "pending"}


@pytest.mark.parametrize("code", ["INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS"])
def test_a_permission_lost_for_every_row_stops_the_run_and_blames_nobody(ready, code):
    ready.break_down("row_error", code=code, message="insufficient access rights on object id")
    _stopped(ready, calls=1, said="may not write", fix="Lead permissions")
    ready.mend()
    _goes_on(ready)


def test_a_lead_that_is_not_shared_with_the_user_blocks_its_contact_only(ready):
    where = {"field": "Email", "equals": "p1@example.com"}
    ready.break_down("row_error", code="INSUFFICIENT_ACCESS_OR_READONLY", message="no", where=where)
    run = ready.run()
    assert (run.status, run.created, run.blocked) == ("partial", 4, 1)


def test_credentials_under_another_key_fail_the_run_with_the_fix(ready, monkeypatch):
    monkeypatch.setenv("LEADFERRY_SECRET_KEY", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
    _stopped(ready, calls=0, said="encrypted with another key", fix="LEADFERRY_SECRET_KEY")
    monkeypatch.undo()
    _goes_on(ready)


def test_an_owner_who_left_stops_the_run_when_nobody_passes(ready):
    ready.break_down("row_error", code="INACTIVE_OWNER_OR_USER", message="inactive user")
    _stopped(ready, calls=1, said="not active", fix="Choose an active owner")
    ready.mend()
    _goes_on(ready)


def test_an_owner_who_left_stops_only_the_contact_that_names_him_when_others_pass(ready):
    where = {"field": "Email", "equals": "p1@example.com"}
    ready.break_down("row_error", code="INACTIVE_OWNER_OR_USER", message="inactive user", where=where)
    run = ready.run()
    assert (run.status, run.created, run.blocked) == ("partial", 4, 1)
    assert ready.held() == {"p00001": "INACTIVE_OWNER_OR_USER"}


def test_a_describe_that_is_none_fails_the_run_with_a_message(ready):
    organizations.mistrust_describe(ready.site)
    inner = ready.transport.request

    def request(method, url, headers, body):
        return answer(200, {}) if "describe" in url else inner(method, url, headers, body)

    ready.transport.request = request
    run = ready.run()
    assert (run.status, run.blocked) == ("failed", 0)
    assert "describe of Lead cannot be read" in run.message


@pytest.mark.fault(
    name="No connection (port closed)",
    happens="The run fails after four tries; nothing was sent; nobody is blocked.",
    calls="none",
)
def test_a_closed_port_fails_the_run_and_blocks_nobody(ready):
    whole = ready.transport, ready.login_url
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    ready.transport, ready.login_url = None, f"http://127.0.0.1:{port}"
    ready.configure()
    run = ready.run()
    assert (run.status, run.api_calls, run.blocked) == ("failed", 0, 0)
    assert f"127.0.0.1:{port}" in run.message
    ready.transport, ready.login_url = whole
    ready.configure()
    _goes_on(ready)


class Unresolved:
    """A host whose name nobody knows."""

    def request(self, method, url, headers, body):
        raise urllib3.exceptions.NewConnectionError(None, "[Errno -2] Name or service not known")


@pytest.mark.fault(
    name="Host name not found",
    happens="As a closed port: the run fails and names the host.",
    calls="none",
)
def test_an_unknown_host_fails_the_run_and_is_named(ready):
    whole = ready.transport
    ready.transport = Unresolved()
    run = ready.run()
    assert (run.status, run.api_calls, run.blocked) == ("failed", 0, 0)
    assert "No connection to 127.0.0.1:8089" in run.message
    ready.transport = whole
    _goes_on(ready)


def test_another_organization_behind_the_credentials_is_not_written_to(ready):
    _pinned_elsewhere(ready)
    _stopped(ready, calls=0, said="belongs to organization 00D000000000001AAA", fix="leadferry confirm acme")
    assert ready.leads() == []


def test_once_confirmed_the_other_organization_gets_every_contact_anew(ready):
    ready.run()
    _pinned_elsewhere(ready)
    organizations.confirm(ready.site, by="test", at=ready.clock())
    ready.forget_requests()
    run = ready.run_later()
    assert (run.status, run.created + run.updated) == ("succeeded", 5)
    assert ready.charged()[0].path.endswith("/describe")
    agree([ready])


def _pinned_elsewhere(website: Website) -> None:
    Organization.objects.filter(site=website.site).update(org_id="00D000000000001AAA")


@pytest.mark.fault(
    name="Field of the organization changed (longer, other entries, no longer required)",
    happens="Contacts that were held back because of it are released when the describe is read anew.",
    calls="1 for the describe, when the site is doctored or an answer contradicts the kept one",
)
def test_a_widened_field_releases_the_contacts_it_held_back(acme):
    acme.receive(ADA | {"business_phone": "1" * 60}, *people(1, last_name=""))
    acme.run()
    assert acme.statuses() == {"ada": "invalid", "p00000": "invalid"}
    fields.put(acme.org, {"name": "Phone", "length": 80})
    list(examine(acme.site, clock=acme.clock, transport=acme.transport))
    assert acme.run().created == 1
    assert acme.statuses() == {"ada": "replicated", "p00000": "invalid"}
