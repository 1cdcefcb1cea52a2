"""A grant given in the browser, shared by many: each refresh is sent once, and its answer stored first."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection as database

from leadferry.contacts.models import Site
from leadferry.engine.connect import connect
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import access, configuration, grants
from leadferry.ledger.access import Grant
from leadferry.ledger.models import Access
from leadferry.ledger.settings import effective
from leadferry.salesforce import AuthorizationRefused, Client, NeedsPerson, TryLater
from leadferry.simulator import InProcess, Org, create_app
from leadferry.simulator import grants as simulated

APP = "3MVG9app"
FILE = '[site.acme.salesforce]\nflow = "web_server"\nlogin_url = "{}"\nclient_id = "3MVG9app"\n'
ASIDE = """
import json, sys
import leadferry.project.settings as ours
ours.DATABASES["default"] |= json.loads(sys.argv[1])
import django
django.setup()
from leadferry.contacts.models import Site
from leadferry.engine.connect import connect
from leadferry.engine.replicate import wall_clock
from leadferry.ledger.settings import effective
site = Site.objects.get()
print("ready", flush=True)
sys.stdin.readline()
with connect(site, effective(site), clock=wall_clock) as client:
    print(client.connect().org_id, len(client.limits()) > 0)
"""


NOWHERE = "http://127.0.0.1:8089"


def given(org: Org, place: str) -> Site:
    """Acme, connected to the organization at this address."""
    configuration.apply(FILE.format(place), now=wall_clock(), environ={})
    site = Site.objects.get()
    grant_anew(site, org, place)
    return site


def grant_anew(site: Site, org: Org, place: str) -> str:
    asked = {"client_id": APP, "redirect_uri": "http://127.0.0.1/back", "scope": "api refresh_token"}
    with org.store.atomic():
        code = simulated.issue_code(org, asked | {"code_challenge": ""})
        form = {"code": code, "client_id": APP, "client_secret": "s", "redirect_uri": "http://127.0.0.1/back"}
        _, extra = simulated.redeem_code(org, form)
    token = extra["refresh_token"]
    granted = Grant(token=token, login_url=place, client_id=APP, user_id=org.user_id, instance_url=place)
    access.grant(site, granted, by="ops", at=wall_clock())
    return token


def connected(site: Site, org: Org) -> Client:
    """A client that shares no session with any other, like one of another process."""
    transport = InProcess(create_app(org))
    return connect(site, effective(site), clock=wall_clock, transport=transport)


def refreshes(org: Org) -> int:
    return sum(each.path.endswith("/token") for each in org.log)


@pytest.mark.django_db
class TestOneProcess:
    """What one client sees."""

    def test_a_rotated_token_is_stored_before_its_access_token_is_used(self, org):
        site = given(org, NOWHERE)
        org.settings = org.settings.changed({"refresh_rotation": True})
        before = grants.token(site)
        connected(site, org).connect()
        assert grants.token(site) != before
        assert Access.objects.get().rotates is True
        assert [each.path for each in org.log if "/data/" in each.path] == []

    def test_clients_one_after_the_other_each_present_the_newest_token(self, org):
        site = given(org, NOWHERE)
        org.settings = org.settings.changed({"refresh_rotation": True})
        for _ in range(3):
            connected(site, org).connect()
        assert refreshes(org) == 3 and len(org.store.documents("grant")) == 1

    def test_a_client_that_stayed_open_takes_the_token_that_another_stored(self, org):
        site = given(org, NOWHERE)
        org.settings = org.settings.changed({"refresh_rotation": True})
        first, second = connected(site, org), connected(site, org)
        first.connect()
        second.connect()
        assert len(org.store.documents("grant")) == 1

    def test_a_token_that_does_not_rotate_is_known_not_to(self, org):
        site = given(org, NOWHERE)
        connected(site, org).connect()
        known = Access.objects.get()
        assert (known.rotates, known.doubt, known.owner) == (False, False, "")

    def test_a_lost_answer_needs_a_person_and_is_never_asked_for_again(self, org):
        site = given(org, NOWHERE)
        org.faults.add("reset_after", path="/services/oauth2/token", times=1)
        with pytest.raises(TryLater, match="was lost"):
            connected(site, org).connect()
        sent = refreshes(org)
        for _ in range(2):
            with pytest.raises(AuthorizationRefused, match="may be used only once"):
                connected(site, org).connect()
        assert refreshes(org) == sent

    def test_connecting_anew_ends_the_doubt(self, org):
        site = given(org, NOWHERE)
        Access.objects.update(doubt=True)
        with pytest.raises(NeedsPerson):
            connected(site, org).connect()
        grant_anew(site, org, NOWHERE)
        assert connected(site, org).connect().org_id == org.id

    def test_a_lost_answer_of_a_token_that_does_not_rotate_is_asked_for_again(self, org):
        site = given(org, NOWHERE)
        connected(site, org).connect()
        org.faults.add("reset_after", path="/services/oauth2/token", times=1)
        with pytest.raises(TryLater):
            connected(site, org).connect()
        assert connected(site, org).connect().org_id == org.id

    def test_a_refusal_spends_nothing(self, org):
        site = given(org, NOWHERE)
        org.faults.add("invalid_client", times=1)
        with pytest.raises(AuthorizationRefused):
            connected(site, org).connect()
        assert connected(site, org).connect().org_id == org.id

    def test_an_answer_that_comes_after_the_site_was_connected_anew_is_dropped(self, org):
        site = given(org, NOWHERE)
        grants.take(site, "slow", now=0.0)
        newest = grant_anew(site, org, NOWHERE)
        with pytest.raises(grants.Replaced):
            grants.rotated(site, "slow", "late token")
        assert grants.token(site) == newest

    def test_who_was_killed_while_refreshing_leaves_doubt_and_his_late_answer_is_kept(self, org):
        site, now = given(org, NOWHERE), wall_clock().timestamp()
        grants.take(site, "slow", now=now)
        grants.sending(site, "slow")
        with pytest.raises(grants.Taken):
            grants.take(site, "other", now=now + grants.SECONDS)
        with pytest.raises(grants.InDoubt):
            grants.take(site, "other", now=now + grants.SECONDS + 1)
        grants.rotated(site, "slow", "late token")
        grants.take(site, "other", now=now + grants.SECONDS + 1)
        assert grants.token(site) == "late token"


@pytest.mark.django_db(transaction=True)
def test_processes_that_refresh_at_once_leave_one_living_grant(org, simulator_url):
    site = given(org, simulator_url)
    org.settings = org.settings.changed({"refresh_rotation": True})
    name = {"NAME": str(database.settings_dict["NAME"])}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ASIDE, json.dumps(name)],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [each.stdout.readline() for each in processes] == ["ready\n"] * 2
    for each in processes:
        each.stdin.write("go\n")
        each.stdin.flush()
    said = [each.communicate(timeout=60)[0] for each in processes]
    assert said == [f"{org.id} True\n"] * 2
    assert refreshes(org) == 2 and len(org.store.documents("grant")) == 1
    assert connected(site, org).connect().org_id == org.id


def environment() -> dict[str, str]:
    return os.environ | {"DJANGO_SETTINGS_MODULE": "leadferry.project.settings"}
