"""The pages of the scheduled tasks: who sees what, who may do what, what comes of it."""

import pytest
from auditlog.models import LogEntry

from leadferry.console.people.models import Role
from leadferry.ledger.models import Event, Task
from leadferry.ledger.tasks import Kind

LIST = "/site/acme/tasks/"


@pytest.fixture
def task(with_tasks) -> Task:
    return Task.objects.get(site=with_tasks, kind=Kind.REPLICATION)


def post(client, task, action):
    return client.post(f"/site/{task.site.code}/tasks/{task.pk}/{action}/", follow=True)


def edited(client, task, **changes):
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    fields = {"period": "h", "every": "1", "timezone": "UTC", "days": days, "start": "", "cron": ""}
    return client.post(f"/site/acme/tasks/{task.pk}/", fields | {"opens": "", "closes": ""} | changes)


def test_the_list_has_every_column_of_every_task(signed_in, task, acme):
    text = signed_in(Role.VIEWER, acme).get(LIST).content.decode()
    columns = "Name,Site,Last run,Next run,Last result,Executions,Enabled,Running"
    assert [name for name in columns.split(",") if f">{name}</th>" not in text] == []
    assert [name for name in ("Salesforce replication", "Log retention") if name not in text] == []


def test_a_viewer_is_offered_no_action_and_can_do_none(signed_in, task, acme):
    client = signed_in(Role.VIEWER, acme)
    assert "Execute now" not in client.get(LIST).content.decode()
    for action in ("execute", "cancel", "enable", "disable", "reset"):
        assert post(client, task, action).status_code == 403
    assert edited(client, task, every="5").status_code == 403


def test_another_sites_tasks_look_as_if_they_did_not_exist(signed_in, task, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    assert client.get(LIST).status_code == 404
    assert post(client, task, "execute").status_code == 404
    assert client.get(f"/site/globex/tasks/{task.pk}/").status_code == 404
    assert "Acme" not in client.get("/all/tasks/").content.decode()


def test_over_all_sites_one_sees_the_sites_one_may_see(signed_in, task, acme, globex):
    text = signed_in(Role.VIEWER, acme, globex).get("/all/tasks/").content.decode()
    assert "Acme</td>" in text and "Globex</td>" in text


def test_somebody_without_any_role_is_refused(signed_in, task):
    assert signed_in(None).get("/all/tasks/").status_code == 403


def test_nobody_gets_in_without_signing_in(client, task):
    assert client.get(LIST).headers["Location"] == f"/sign-in/?next={LIST}"


def test_executing_now_asks_for_the_task_and_tells_the_event_log_who_did(signed_in, task, acme):
    assert "begins within seconds" in post(signed_in(Role.OPERATOR, acme), task, "execute").content.decode()
    task.refresh_from_db()
    assert task.requested_at is not None
    assert Event.objects.get(code="task.requested").user == "operator0"


def test_cancelling_what_does_not_run_is_told(signed_in, task, acme):
    assert "is not running" in post(signed_in(Role.OPERATOR, acme), task, "cancel").content.decode()


def test_cancelling_reaches_the_running_task(signed_in, task, acme):
    Task.objects.filter(pk=task.pk).update(owner="worker", expires=9e9, started_at=task.next_run_at)
    client = signed_in(Role.OPERATOR, acme)
    assert "Cancel</button>" in client.get(LIST).content.decode()
    post(client, task, "cancel")
    task.refresh_from_db()
    assert task.cancelled


@pytest.mark.parametrize(("action", "enabled"), [("disable", False), ("enable", True)])
def test_a_task_is_enabled_and_disabled(signed_in, task, acme, action, enabled):
    post(signed_in(Role.OPERATOR, acme), task, action)
    task.refresh_from_db()
    assert task.enabled is enabled


def test_executions_are_counted_from_0_after_a_reset(signed_in, task, acme):
    Task.objects.filter(pk=task.pk).update(executions=7)
    post(signed_in(Role.OPERATOR, acme), task, "reset")
    task.refresh_from_db()
    assert task.executions == 0


def test_a_saved_schedule_is_in_force_and_in_the_audit(signed_in, task, acme):
    response = edited(
        signed_in(Role.OPERATOR, acme),
        task,
        every="15",
        period="m",
        opens="06:00",
        closes="22:00",
        days=["mon", "fri"],
        timezone="Europe/Prague",
    )
    assert response.status_code == 302
    task.refresh_from_db()
    assert task.schedule == {
        "every": "15m",
        "between": ["06:00", "22:00"],
        "days": ["mon", "fri"],
        "timezone": "Europe/Prague",
    }
    changes = LogEntry.objects.get_for_object(task).filter(action=LogEntry.Action.UPDATE).latest()
    assert changes.actor.username == "operator0"
    assert "schedule" in changes.changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"every": ""}, "a number and s, m, h"),
        ({"period": "cron", "cron": "often"}, "five fields"),
        ({"period": "cron", "cron": "61 * * * *"}, "valid cron expression"),
        ({"opens": "06:00"}, "Give both times of day"),
        ({"opens": "06:00", "closes": "06:00"}, "two different times"),
        ({"period": "once"}, "Say when"),
        ({"days": []}, "This field is required"),
        ({"timezone": "Mars/Olympus"}, "Select a valid choice"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_with_what_is_allowed(
    signed_in, task, acme, changes, message
):
    response = edited(signed_in(Role.OPERATOR, acme), task, **changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    task.refresh_from_db()
    assert task.schedule == {"every": "1h", "timezone": "UTC"}


def test_what_is_stored_is_what_the_editor_shows(signed_in, task, acme):
    client = signed_in(Role.OPERATOR, acme)
    edited(client, task, period="cron", cron="30 2 * * *", start="2027-01-05T10:30", timezone="Europe/Prague")
    form = client.get(f"/site/acme/tasks/{task.pk}/").context["form"]
    shown = {name: form[name].value() for name in ("period", "cron", "start", "timezone")}
    assert list(shown.values()) == ["cron", "30 2 * * *", "2027-01-05T10:30", "Europe/Prague"]


def test_an_action_from_another_website_is_refused(signed_in, task, acme):
    client = signed_in(Role.OPERATOR, acme, checks=True)
    assert post(client, task, "execute").status_code == 403


def test_htmx_gets_only_the_table(signed_in, task, acme):
    text = signed_in(Role.VIEWER, acme).get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert text.lstrip().startswith("<table")
