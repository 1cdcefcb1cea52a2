"""People, as administrators see and change them."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from leadferry.console.people import staff
from leadferry.console.people.models import Membership, Role
from leadferry.console.people.roles import role_of
from leadferry.engine.replicate import wall_clock
from leadferry.ledger.models import Event

PASSWORD = "correct horse battery"
NEW = {"username": "nia", "email": "nia@example.com", "place": "", "role": "1"}


@pytest.fixture
def boss(signed_in) -> Client:
    """An administrator of all sites."""
    return signed_in(Role.ADMINISTRATOR)


def act(client, user, action, where="all"):
    return client.post(f"/{where}/people/{user.pk}/{action}/", follow=True)


def shown_password(page) -> str:
    return re.search(r"<output[^>]*><code>([^<]+)</code>", page.content.decode())[1]


def sign_in(name, password) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": name, "password": password})
    return client


def test_an_invited_person_gets_a_password_that_has_to_be_changed(boss, acme):
    password = shown_password(boss.post("/all/people/add/", NEW))
    answer = sign_in("nia", password).get("/all/")
    assert answer.headers["Location"] == "/admin/password_change/"
    assert role_of(User.objects.get(username="nia"), None) is Role.VIEWER
    assert password not in boss.get("/all/people/").content.decode()


def test_an_event_tells_who_invited_whom(boss, acme):
    boss.post("/all/people/add/", NEW | {"place": "acme"})
    event = Event.objects.get(code="person.invited")
    assert (event.user, event.site, event.description) == ("administrator0", "acme", "Invited: nia")


def test_a_name_is_given_once(boss, person):
    taken = person(Role.VIEWER).username
    page = boss.post("/all/people/add/", NEW | {"username": taken.upper()})
    assert "Somebody has this name already" in page.content.decode()


def test_a_role_is_given_changed_and_taken_away(boss, person, acme):
    user = person(None)
    for chosen, expected in (("2", Role.OPERATOR), ("1", Role.VIEWER), ("", None)):
        boss.post(f"/all/people/{user.pk}/", {"place": "acme", "role": chosen})
        assert role_of(user, acme) is expected


def test_the_last_administrator_stays(boss):
    admin = User.objects.get(username="administrator0")
    page = boss.post(f"/all/people/{admin.pk}/", {"place": "", "role": "1"}, follow=True)
    assert "Somebody has to stay administrator" in page.content.decode()
    assert "Somebody has to stay administrator" in act(boss, admin, "deactivate").content.decode()
    assert list(staff.administrators()) == [admin]


def test_one_of_two_administrators_may_go(boss, person):
    other = person(Role.ADMINISTRATOR)
    act(boss, other, "deactivate")
    other.refresh_from_db()
    assert not other.is_active


def test_the_first_administrator_can_be_made_a_viewer_once_there_is_another(boss, db):
    first = User.objects.create_superuser("first")
    staff.give_role(first, None, Role.VIEWER, by="ann", at=wall_clock())
    assert role_of(User.objects.get(pk=first.pk), None) is Role.VIEWER


def test_who_is_deactivated_is_out_at_once_and_in_again_when_activated(boss, person):
    user = person(Role.VIEWER)
    theirs = sign_in(user.username, PASSWORD)
    assert theirs.get("/all/profile/").status_code == 200
    act(boss, user, "deactivate")
    assert theirs.get("/all/profile/").status_code == 302
    act(boss, user, "activate")
    assert sign_in(user.username, PASSWORD).get("/all/profile/").status_code == 200


def test_signing_out_everywhere_ends_their_sessions_and_nobody_elses(boss, person):
    user = person(Role.VIEWER)
    theirs = [sign_in(user.username, PASSWORD) for _ in range(2)]
    assert "signed out of 2 sessions" in act(boss, user, "sign-out").content.decode()
    assert {client.get("/all/profile/").status_code for client in theirs} == {302}
    assert boss.get("/all/people/").status_code == 200


def test_a_reset_password_is_shown_once_and_ends_the_old_one(boss, person):
    user = person(Role.VIEWER)
    theirs = sign_in(user.username, PASSWORD)
    password = shown_password(act(boss, user, "reset-password"))
    assert theirs.get("/all/profile/").status_code == 302
    assert (
        sign_in(user.username, password).get("/all/profile/").headers["Location"] == "/admin/password_change/"
    )


def test_who_is_locked_out_is_shown_as_such_and_can_be_unlocked(boss, person):
    user = person(Role.VIEWER)
    for _ in range(5):
        sign_in(user.username, "wrong")
    assert "locked out" in boss.get("/all/people/").content.decode()
    act(boss, user, "unlock")
    assert "locked out" not in boss.get("/all/people/").content.decode()
    assert sign_in(user.username, PASSWORD).get("/all/profile/").status_code == 200


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_administrators_see_people(signed_in, acme, role):
    client = signed_in(role)
    assert [client.get(path).status_code for path in ("/all/people/", "/all/people/add/")] == [403, 403]


def test_an_administrator_of_one_site_gives_roles_there_and_does_nothing_else(
    signed_in, person, acme, globex
):
    client, theirs, stranger = (
        signed_in(Role.ADMINISTRATOR, acme),
        person(Role.VIEWER, acme),
        person(Role.VIEWER, globex),
    )
    everyone = person(Role.ADMINISTRATOR)
    assert stranger.username not in client.get("/site/acme/people/").content.decode()
    assert client.get(f"/site/acme/people/{stranger.pk}/").status_code == 404
    client.post(f"/site/acme/people/{theirs.pk}/", {"place": "acme", "role": "2"})
    assert role_of(theirs, acme) is Role.OPERATOR
    for place in ("globex", ""):
        client.post(f"/site/acme/people/{theirs.pk}/", {"place": place, "role": "3"})
    assert not Membership.objects.filter(user=theirs, role=Role.ADMINISTRATOR).exists()
    assert {
        act(client, everyone, action, "site/acme").status_code for action in ("reset-password", "deactivate")
    } == {403}
    assert client.get("/all/people/").status_code == 403


def test_a_name_with_markup_stays_text(boss, db):
    user = User.objects.create_user("<script>alert(1)</script>")
    for path in ("/all/people/", f"/all/people/{user.pk}/"):
        assert "<script>alert(1)" not in boss.get(path).content.decode()


def test_changes_need_the_token_of_the_page(signed_in, person):
    client = signed_in(Role.ADMINISTRATOR, checks=True)
    assert client.post("/all/people/add/", NEW).status_code == 403


def test_people_change_their_own_name_and_nothing_more(signed_in, acme):
    client = signed_in(Role.VIEWER, acme)
    client.post("/all/profile/", {"first_name": "Vi", "email": "vi@example.com", "is_superuser": "on"})
    user = User.objects.get(username="viewer0")
    assert (user.first_name, user.email, user.is_superuser) == ("Vi", "vi@example.com", False)
