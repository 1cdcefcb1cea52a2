"""Where a person may not go: a sentence and a way back, not a bare code."""

from leadferry.console.people.models import Role


def test_a_site_without_role_is_answered_in_a_sentence(signed_in, acme, globex):
    answer = signed_in(Role.VIEWER, acme).get("/site/globex/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_role_too_low_is_told_who_can_help(signed_in, acme):
    answer = signed_in(Role.VIEWER, acme).get("/site/acme/contacts/new/")
    assert answer.status_code == 403
    assert "An administrator gives roles" in answer.content.decode()


def test_a_wrong_password_is_told_in_our_words(client, person):
    answer = client.post("/sign-in/", {"username": "ada", "password": "wrong"})
    page = answer.content.decode()
    assert "The name or the password is wrong" in page and "staff account" not in page


def test_times_name_their_zone(signed_in, with_tasks):
    page = signed_in(Role.VIEWER, with_tasks).get("/site/acme/tasks/").content.decode()
    assert '<span class="lf-zone">UTC</span></time>' in page
