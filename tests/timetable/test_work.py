"""What the tasks of a site carry out."""

import pytest

from leadferry.engine.timetable import look
from leadferry.ledger import events, tasks
from leadferry.ledger.models import Attempt, Batch, Event, Run, Task
from leadferry.ledger.runs import SUCCEEDED
from leadferry.ledger.tasks import Kind


@pytest.fixture
def asked_for(acme, clock):
    """Carries out one of Acme's tasks now."""
    tasks.follow(acme, {"every": "1h"}, at=clock())

    def carry_out(kind):
        task = Task.objects.get(site=acme, kind=kind)
        tasks.request(task, at=clock(), by="ann")
        return look(task.pk, clock=clock)

    return carry_out


def old_run(site, at):
    """A run with one batch, one attempt in it and one that never left the house."""
    run = Run.objects.create(site=site, status=SUCCEEDED, started_at=at, ended_at=at)
    batch = Batch.objects.create(run=run, site_id=site.pk, number=1, sent_at=at, ended_at=at, size=1)
    for batch_id in (batch.pk, -run.pk):
        Attempt.objects.create(contact_id=1, batch_id=batch_id, outcome=1)
    events.note("run.finished", at=at, site=site.code, description="succeeded: old")
    return run


def test_retention_removes_what_is_older_than_the_site_keeps(asked_for, acme, globex, clock):
    elsewhere = old_run(globex, clock.now)
    clock.advance(days=91)
    young = old_run(acme, clock.now)
    clock.advance(days=-91)
    old_run(acme, clock.now)
    clock.advance(days=91)
    done = asked_for(Kind.RETENTION)
    assert done.result == SUCCEEDED
    assert set(Run.objects.all()) == {elsewhere, young}
    assert (Batch.objects.count(), Attempt.objects.count()) == (2, 4)
    assert not Event.objects.filter(
        site="acme", description="succeeded: old", time__lt=young.started_at
    ).exists()


def test_the_score_task_works_out_points_anew(asked_for, ada):
    done = asked_for(Kind.SCORING)
    assert (done.result, done.message) == (SUCCEEDED, "1 contacts, 0 with other points.")


def test_a_run_that_cannot_work_tells_why_in_its_task(asked_for, acme):
    done = asked_for(Kind.REPLICATION)
    assert done.result == "failed"
    assert "not enabled" in Task.objects.get(site=acme, kind=Kind.REPLICATION).last_message


@pytest.mark.parametrize("kind", list(Kind))
def test_a_turn_that_is_over_leaves_the_task_free(asked_for, acme, kind):
    asked_for(kind)
    task = Task.objects.get(site=acme, kind=kind)
    assert not task.running
    assert task.executions == 1
