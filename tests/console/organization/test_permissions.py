"""Only administrators change how a site signs in; everybody else sees it, or does not see the site."""

import pytest
from django.urls import reverse

from leadferry.console.people.models import Role

from .conftest import PAGE

ACTS = ("connect", "disconnect", "test", "confirm")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_who_is_no_administrator_sees_the_page_and_can_do_nothing(signed_in, site, role):
    client = signed_in(role, site)
    text = client.get(PAGE).content.decode()
    assert "Login address" in text and "<button" not in text.partition('id="page-content"')[2]
    assert {client.post(f"{PAGE}{act}/").status_code for act in ACTS} == {403}
    for method in (client.get, client.post):
        assert method(f"{PAGE}sign-in/web_server/").status_code == 403


def test_another_sites_organization_looks_as_if_it_did_not_exist(signed_in, site, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    assert client.get(PAGE).status_code == 404
    assert {client.post(f"{PAGE}{act}/").status_code for act in ACTS} == {404}
    assert client.get(f"{PAGE}sign-in/web_server/").status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_an_act_from_another_website_is_refused(signed_in, site, act):
    client = signed_in(Role.ADMINISTRATOR, site, checks=True)
    assert client.post(f"{PAGE}{act}/").status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_a_link_does_nothing(administrator, act):
    assert administrator.get(f"{PAGE}{act}/").status_code == 405


def test_over_all_sites_nothing_can_be_done(administrator):
    assert administrator.post("/all/organization/connect/").status_code in (403, 404)
    assert administrator.get(reverse("organization", args=[None])).headers["Location"] == PAGE
