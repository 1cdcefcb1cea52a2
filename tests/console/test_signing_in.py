"""Ways in and what stands in them: password, lock-out, one-time password, link, redirects."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from leadferry.console.people.entering import LINK_LIVES, first_administrator, link_token, spend
from leadferry.console.people.models import Role
from leadferry.console.people.roles import role_of, sites_of
from leadferry.engine.replicate import wall_clock

PASSWORD = "correct horse battery"


def sign_in(client, name, password=PASSWORD, to="/sign-in/"):
    return client.post(to, {"username": name, "password": password})


def test_a_person_signs_in_and_lands_on_the_console(client, person):
    user = person(Role.VIEWER)
    assert sign_in(client, user.username).headers["Location"] == "/"


def test_signing_in_leads_to_no_other_website(client, person):
    user = person(Role.VIEWER)
    answer = sign_in(client, user.username, to="/sign-in/?next=https://evil.example/")
    assert answer.headers["Location"] == "/"


def test_switching_sites_leads_to_no_other_website(signed_in):
    answer = signed_in(Role.VIEWER).get("/switch/?at=https://evil.example/&to=acme")
    assert answer.headers["Location"].startswith("/all/")


def test_five_wrong_passwords_lock_a_person_out_even_with_the_right_one(client, person):
    user = person(Role.VIEWER)
    for _ in range(5):
        sign_in(client, user.username, "wrong")
    answer = sign_in(client, user.username)
    assert answer.status_code == 429
    assert "Locked out" in answer.content.decode()


def test_somebody_else_is_not_locked_out_with_them(client, person):
    locked, free = person(Role.VIEWER), person(Role.VIEWER)
    for _ in range(5):
        sign_in(client, locked.username, "wrong")
    assert sign_in(client, free.username).status_code == 302


def test_the_first_administrator_has_to_change_the_password_that_was_shown(client, acme):
    password = first_administrator()
    sign_in(client, "admin", password)
    assert client.get("/all/tasks/").headers["Location"] == "/admin/password_change/"
    new = {"old_password": password, "new_password1": "a longer secret", "new_password2": "a longer secret"}
    client.post("/admin/password_change/", new)
    assert client.get("/all/tasks/").status_code == 200


def test_a_password_that_was_given_is_not_shown_and_stays(client, acme):
    assert first_administrator(password="given by variable") == ""
    sign_in(client, "admin", "given by variable")
    assert client.get("/all/tasks/").status_code == 200


def test_there_is_one_first_administrator(db):
    first_administrator()
    assert first_administrator() is None
    assert User.objects.count() == 1


def test_a_link_signs_in_once(client, person):
    token = link_token(person(Role.VIEWER), now=wall_clock())
    assert client.get(f"/sign-in/{token}/").headers["Location"] == "/"
    client.logout()
    assert client.get(f"/sign-in/{token}/").headers["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    "elsewhere",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}],
    ids=["remote", "proxy"],
)
def test_a_link_works_on_this_machine_only(client, person, elsewhere):
    token = link_token(person(Role.VIEWER), now=wall_clock())
    assert client.get(f"/sign-in/{token}/", **elsewhere).headers["Location"] == "/sign-in/"


def test_a_link_does_not_last(person):
    token = link_token(person(Role.VIEWER), now=wall_clock())
    assert spend(token, now=wall_clock() + LINK_LIVES + timedelta(seconds=1)) is None


def test_the_best_role_that_covers_a_site_counts(person, acme, globex):
    user = person(Role.VIEWER)
    assert role_of(user, acme) is Role.VIEWER
    user.memberships.create(site=acme, role=Role.OPERATOR)
    assert (role_of(user, acme), role_of(user, globex)) == (Role.OPERATOR, Role.VIEWER)


def test_a_person_sees_the_sites_they_have_a_role_on(person, acme, globex):
    assert list(sites_of(person(Role.OPERATOR, globex))) == [globex]
    assert list(sites_of(person(Role.VIEWER))) == [acme, globex]


def test_pages_forbid_framing_guessing_and_foreign_scripts(client, db):
    headers = client.get("/sign-in/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_an_unknown_host_is_refused(client, db):
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
