"""Connecting a site in the browser: what Salesforce gives is stored, and nobody gets in by another way."""

import re
from datetime import timedelta

import httpx2
import pytest

from leadferry.console.people.models import Membership, Role
from leadferry.engine.replicate import replicate, wall_clock
from leadferry.ledger import configuration, grants, organizations
from leadferry.ledger.models import Access, Consent, Event, Organization, Secret

from .conftest import CALLBACK, PAGE, SECRET


def introspected(org_url: str, token: str) -> bool:
    """Whether a grant lives: only a living one can be refreshed."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": "3MVG9app",
        "client_secret": SECRET,
    }
    return httpx2.post(f"{org_url}/services/oauth2/token", data=form).status_code == 200


def text_of(response) -> str:
    return response.content.decode()


def test_the_person_is_sent_to_the_login_address_with_a_challenge_and_a_state(administrator, simulator_url):
    address = administrator.post(f"{PAGE}connect/").headers["Location"]
    assert address.startswith(f"{simulator_url}/services/oauth2/authorize?")
    assert "code_challenge_method=S256" in address and "state=" in address
    assert SECRET not in address


def test_a_connected_site_shows_organization_user_and_time(connected, site, org):
    text = text_of(connected.get(PAGE))
    assert org.user_id in text and org.settings.username in text
    known = Access.objects.get(site=site)
    assert (known.by, known.since is None) == ("administrator0", False)


def test_a_run_works_by_the_grant_and_pins_the_organization(connected, site, org, ada):
    assert replicate(site, clock=wall_clock).created == 1
    assert organizations.of(site).org_id == org.id


def test_the_refresh_token_is_stored_encrypted_and_exported_nowhere(connected, site):
    token = grants.token(site)
    assert token.encode() not in bytes(Secret.objects.get(name="refresh_token").ciphertext)
    exported = configuration.export()
    assert 'flow = "web_server"' in exported
    assert [each for each in (token, SECRET, "refresh_token") if each in exported] == []


def test_the_page_shows_no_secret(connected, site):
    pages = [text_of(connected.get(f"{PAGE}{more}")) for more in ("", "sign-in/web_server/")]
    assert [each for each in (grants.token(site), SECRET) if each in "".join(pages)] == []


def test_applying_the_file_again_keeps_the_site_connected(connected, configured, site, ada):
    token = grants.token(site)
    configured(api_version="65.0")
    assert grants.token(site) == token
    assert replicate(site, clock=wall_clock).created == 1


def test_a_grant_is_not_sent_to_another_address(connected, configured, site, ada):
    configured(login_url="http://127.0.0.1:9")
    run = replicate(site, clock=wall_clock)
    assert run.status == "failed" and "another address" in run.message
    assert "to be connected again" in text_of(connected.get(PAGE))


def test_who_connected_is_told_without_a_secret(connected, site):
    event = Event.objects.get(code="organization.connected")
    assert (event.user, event.site) == ("administrator0", "acme")
    assert grants.token(site) not in event.description


def test_a_denial_changes_nothing(administrator, asked, site):
    response = administrator.get(asked(administrator, "deny"), follow=True)
    assert "told to deny" in text_of(response)
    assert grants.token(site) is None and Consent.objects.count() == 0


@pytest.mark.parametrize("state", ["", "guessed", "\x00"])
def test_a_state_that_was_not_begun_is_refused(administrator, asked, site, state):
    asked(administrator)
    response = administrator.get(CALLBACK, {"code": "abc", "state": state})
    assert response.status_code == 400 and "was not begun in this browser" in text_of(response)
    assert grants.token(site) is None


def test_a_state_works_once(connected, asked, site):
    back = asked(connected)
    assert connected.get(back).status_code == 302
    assert connected.get(back).status_code == 400


def test_a_state_works_in_the_session_that_began_it_alone(administrator, asked, signed_in, site):
    back = asked(administrator)
    assert signed_in(Role.ADMINISTRATOR, site).get(back).status_code == 400
    assert grants.token(site) is None
    assert administrator.get(back).status_code == 302


def test_a_state_is_over_after_ten_minutes(administrator, asked, site):
    back = asked(administrator)
    Consent.objects.update(started_at=wall_clock() - timedelta(minutes=10, seconds=1))
    assert administrator.get(back).status_code == 400
    assert grants.token(site) is None


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in_without_the_code(client, site):
    response = client.get(CALLBACK, {"code": "abc", "state": "def"})
    assert response.headers["Location"] == "/sign-in/"


def test_who_lost_the_role_meanwhile_is_refused(administrator, asked, site):
    back = asked(administrator)
    Membership.objects.update(role=Role.OPERATOR)
    assert administrator.get(back).status_code == 403
    assert grants.token(site) is None


def test_the_callback_leads_to_the_page_of_the_site_whatever_the_address_says(administrator, asked):
    back = asked(administrator)
    response = administrator.get(f"{back}&next=https://evil.example&redirect_uri=//evil.example")
    assert response.headers["Location"] == PAGE


@pytest.mark.parametrize("name", ["site", "login_url", "next", "redirect_uri"])
def test_who_begins_is_sent_nowhere_else_whatever_the_form_says(administrator, simulator_url, name):
    sent = administrator.post(f"{PAGE}connect/?{name}=https://evil.example", {name: "https://evil.example"})
    assert sent.headers["Location"].startswith(f"{simulator_url}/") and "evil" not in sent.headers["Location"]


def test_another_organization_is_refused_and_its_grant_revoked(administrator, asked, site, org):
    Organization.objects.update_or_create(
        site=site, defaults={"org_id": "00D000000000042EAA", "installation": organizations.here()}
    )
    text = text_of(administrator.get(asked(administrator), follow=True))
    assert "belongs to 00D000000000042EAA" in text and org.id in text
    assert grants.token(site) is None and org.store.documents("grant") == {}


def test_connecting_again_revokes_the_grant_before(connected, asked, site, org):
    before = grants.token(site)
    connected.get(asked(connected))
    assert grants.token(site) != before
    assert len(org.store.documents("grant")) == 1


def test_disconnecting_revokes_and_forgets(connected, site, simulator_url):
    token = grants.token(site)
    assert introspected(simulator_url, token)
    text = text_of(connected.post(f"{PAGE}disconnect/", follow=True))
    assert "Disconnected" in text and "not connected" in text
    assert not introspected(simulator_url, token)
    assert not Secret.objects.filter(name="refresh_token").exists()
    assert Event.objects.get(code="organization.disconnected").user == "administrator0"


def test_a_disconnected_site_says_what_to_do(connected, site, ada):
    connected.post(f"{PAGE}disconnect/")
    run = replicate(site, clock=wall_clock)
    assert run.status == "failed" and "Connect the site to Salesforce in the console" in run.message


def test_what_could_not_be_revoked_stays_until_one_says_to_forget_it(connected, site):
    Access.objects.update(login_url="http://127.0.0.1:9")
    text = text_of(connected.post(f"{PAGE}disconnect/"))
    assert "Still connected" in text and "Forget without revoking" in text
    assert grants.token(site) is not None
    connected.post(f"{PAGE}disconnect/", {"only": "forget"})
    assert grants.token(site) is None


def test_a_copied_installation_neither_spends_nor_ends_the_grant_of_its_original(connected, site, org, ada):
    Organization.objects.update(installation="0" * 32)
    requests = len(org.log)
    assert "moved or copied" in replicate(site, clock=wall_clock).message
    connected.post(f"{PAGE}disconnect/")
    assert grants.token(site) is None
    assert len(org.log) == requests and len(org.store.documents("grant")) == 1


def test_the_callback_address_is_that_of_the_public_address(administrator, settings):
    settings.PUBLIC_URL = settings.PUBLIC_URL._replace(scheme="https", netloc="leads.example.com")
    text = text_of(administrator.get(PAGE))
    assert re.search(r'value="https://leads\.example\.com/organization/callback/"', text)
