"""The pages of the runs: who sees what, how far a run has come, execute and cancel."""

import pytest

from leadferry.console.people.models import Role
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import runs, tasks
from leadferry.ledger.models import Event, Run, Task
from leadferry.ledger.tasks import Kind

LIST = "/site/acme/runs/"


def text_of(client, address, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def lasting(refused, with_tasks) -> Run:
    """A run of Acme that a worker carries out just now."""
    refused.receive({"key": "dora", "last_name": "Dora", "job_title": "Director"})
    run = runs.open_run(refused.site, "worker", at=wall_clock())
    runs.count(run.pk, runs.Counts(eligible=4, created=3))
    Task.objects.filter(site=refused.site, kind=Kind.REPLICATION).update(owner="worker")
    return run


def test_the_list_tells_of_each_run_how_it_went(signed_in, refused, acme):
    text = text_of(signed_in(Role.VIEWER, acme), LIST)
    run = Run.objects.get()
    assert f"Run {run.pk}" in text and "partial" in text
    assert "1 created" in text and "3 blocked" in text and "1 invalid" in text


def test_htmx_gets_only_the_table(signed_in, refused, acme):
    text = text_of(signed_in(Role.VIEWER, acme), LIST, HX_Request="true")
    assert text.lstrip().startswith("<table")


def test_the_list_goes_on_below_its_last_run(signed_in, acme):
    at = wall_clock()
    Run.objects.bulk_create(
        Run(site=acme, status=runs.SUCCEEDED, started_at=at, ended_at=at) for _ in range(51)
    )
    client, (oldest, last) = signed_in(Role.VIEWER, acme), Run.objects.order_by("pk")[:2]
    assert f"?before={last.pk}" in text_of(client, LIST)
    older = text_of(client, f"{LIST}?before={last.pk}")
    assert f"Run {oldest.pk}</a>" in older and f"Run {last.pk}</a>" not in older


def test_only_runs_of_the_wanted_status_are_listed(signed_in, refused, acme):
    client = signed_in(Role.VIEWER, acme)
    assert "No such run" in text_of(client, f"{LIST}?status=failed")
    assert "partial" in text_of(client, f"{LIST}?status=partial")


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣"])
def test_a_number_that_is_none_is_passed_over(signed_in, refused, acme, before):
    assert "partial" in text_of(signed_in(Role.VIEWER, acme), f"{LIST}?before={before}")


def test_a_run_names_its_refused_contacts_and_its_events(signed_in, refused, acme):
    text = text_of(signed_in(Role.VIEWER, acme), f"{LIST}{Run.objects.get().pk}/")
    assert [key for key in ("bob", "p00000", "p00001", "p00002") if key not in text] == []
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in text and "run.finished" in text


def test_a_lasting_run_shows_how_far_it_is_and_asks_again(signed_in, lasting, acme):
    text = text_of(signed_in(Role.VIEWER, acme), f"{LIST}{lasting.pk}/", HX_Request="true")
    assert "3 contacts done, 1 waiting" in text
    assert 'value="75"' in text and "every 2s" in text


def test_a_run_that_has_ended_is_not_asked_after_again(signed_in, refused, acme):
    assert "every 2s" not in text_of(signed_in(Role.VIEWER, acme), f"{LIST}{Run.objects.get().pk}/")


def test_an_operator_cancels_a_run(signed_in, lasting, acme):
    client = signed_in(Role.OPERATOR, acme)
    assert "Cancel the run" in text_of(client, f"{LIST}{lasting.pk}/")
    client.post(f"{LIST}{lasting.pk}/cancel/")
    assert Task.objects.get(site=acme, kind=Kind.REPLICATION).cancelled
    assert Event.objects.get(code="task.cancelled").user == "operator0"


def test_a_run_begun_by_a_command_is_not_cancelled_here(signed_in, lasting, acme):
    Task.objects.update(owner="")
    answer = signed_in(Role.OPERATOR, acme).post(f"{LIST}{lasting.pk}/cancel/", follow=True)
    assert "stop it where it was begun" in answer.content.decode()


def test_an_operator_has_a_run_executed(signed_in, with_tasks, acme):
    client = signed_in(Role.OPERATOR, acme)
    assert "Execute now" in text_of(client, LIST)
    client.post(f"{LIST}execute/")
    assert Task.objects.get(site=acme, kind=Kind.REPLICATION).requested_at is not None


def test_a_run_under_way_is_not_asked_for_again(signed_in, lasting, acme):
    answer = signed_in(Role.OPERATOR, acme).post(f"{LIST}execute/", follow=True)
    assert "already running" in answer.content.decode()


def test_a_viewer_executes_and_cancels_nothing(signed_in, lasting, acme):
    client = signed_in(Role.VIEWER, acme)
    assert "Execute now" not in text_of(client, LIST)
    assert "Cancel the run" not in text_of(client, f"{LIST}{lasting.pk}/")
    assert client.post(f"{LIST}execute/").status_code == 403
    assert client.post(f"{LIST}{lasting.pk}/cancel/").status_code == 403


def test_an_action_from_another_website_is_refused(signed_in, lasting, acme):
    client = signed_in(Role.OPERATOR, acme, checks=True)
    assert client.post(f"{LIST}{lasting.pk}/cancel/").status_code == 403


def test_another_sites_runs_look_as_if_they_did_not_exist(signed_in, refused, globex):
    client, run = signed_in(Role.ADMINISTRATOR, globex), Run.objects.get()
    assert client.get(LIST).status_code == 404
    assert client.get(f"{LIST}{run.pk}/").status_code == 404
    assert client.get(f"/site/globex/runs/{run.pk}/").status_code == 404
    assert f"Run {run.pk}" not in text_of(client, "/all/runs/")


def test_over_all_sites_a_run_is_told_with_its_site(signed_in, refused, acme, globex):
    assert ">Acme</td>" in text_of(signed_in(Role.VIEWER, acme, globex), "/all/runs/")


def test_a_site_without_task_says_so(signed_in, acme):
    answer = signed_in(Role.OPERATOR, acme).post(f"{LIST}execute/", follow=True)
    assert "no replication task yet" in answer.content.decode()
    assert tasks.Task.objects.count() == 0
