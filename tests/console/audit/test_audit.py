"""The audit: who changed what, from what to what."""

import pytest

from leadferry.console.people.models import Role
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import events
from leadferry.ledger.models import Event, Task


@pytest.fixture
def boss(signed_in):
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def changed(boss, with_tasks):
    """Somebody disabled Acme's log retention."""
    task = Task.objects.get(site=with_tasks, kind="retention")
    boss.post(f"/site/acme/tasks/{task.pk}/disable/")
    return task


def text(client, path):
    return client.get(path).content.decode()


def test_a_change_is_told_with_person_before_and_after(boss, changed):
    page = text(boss, "/site/acme/audit/")
    assert "administrator0" in page and "scheduled task" in page
    assert "enabled: <del>True</del> → <ins>False</ins>" in page


def test_another_sites_changes_are_not_told(boss, changed):
    assert "<del>True</del>" not in text(boss, "/site/globex/audit/")


def test_what_people_did_is_told_and_what_happened_by_itself_is_not(boss, changed):
    events.note("run.finished", at=wall_clock(), site="acme", description="by itself")
    page = text(boss, "/site/acme/audit/actions/")
    assert "Disabled: Log retention" in page and "by itself" not in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("person=administrator0", True),
        ("person=ann", False),
        ("what=rule", False),
        ("since=2099-01-01", False),
    ],
)
def test_filters_leave_out_the_rest(boss, changed, query, told):
    assert ("<del>True</del>" in text(boss, f"/all/audit/?{query}")) is told


def test_older_actions_are_on_the_next_page(boss, acme):
    for number in range(60):
        events.note(
            "task.changed", at=wall_clock(), site="acme", user="ann", description=f"Deed {number:02}."
        )
    first = text(boss, "/site/acme/audit/actions/?person=ann")
    assert "Deed 59." in first and "Deed 09." not in first
    last_shown = Event.objects.get(description="Deed 10.").pk
    assert f"person=ann&amp;before={last_shown}" in first
    assert "Deed 09." in text(boss, f"/site/acme/audit/actions/?person=ann&before={last_shown}")


@pytest.mark.parametrize("path", ["audit/", "audit/actions/"])
def test_only_administrators_see_the_audit(signed_in, acme, globex, path):
    assert signed_in(Role.OPERATOR, acme).get(f"/site/acme/{path}").status_code == 403
    assert signed_in(Role.ADMINISTRATOR, globex).get(f"/site/acme/{path}").status_code == 404


def test_a_secret_is_in_no_change(boss, acme):
    from leadferry.ledger.models import Secret

    Secret.objects.create(scope="acme", name="client_secret", ciphertext=b"cipher-of-it")
    page = text(boss, "/site/acme/audit/")
    assert "client_secret" in page and "cipher-of-it" not in page
