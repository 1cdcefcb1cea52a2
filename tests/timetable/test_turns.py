"""Turns of scheduled tasks, over both switches of the clocks."""

from datetime import UTC, datetime

import pytest

from leadferry.engine.reschedule import enable, reschedule
from leadferry.engine.tasks import Done
from leadferry.engine.timetable import look, tick
from leadferry.ledger import configuration, tasks, turns
from leadferry.ledger.models import Event, Task
from leadferry.ledger.runs import CANCELLED, SUCCEEDED
from leadferry.ledger.tasks import Kind

HOUR = {"every": "1h", "timezone": "UTC"}


@pytest.fixture
def task(acme, clock):
    """Acme's replication, planned an hour from now."""
    tasks.follow(acme, HOUR, at=clock())
    return Task.objects.get(site=acme, kind=Kind.REPLICATION)


def codes() -> list[str]:
    return list(Event.objects.order_by("id").values_list("code", flat=True))


def work(result=SUCCEEDED, during=lambda: None):
    """Work that only notes that it was done."""

    def done(task, clock, stop):
        during()
        return Done(result=CANCELLED if stop() else result, message="done")

    return {Kind.REPLICATION: done}


def turn(task, clock, **options):
    """One tick and, if the task is due, its turn."""
    due = tick(clock=clock)
    return look(task.pk, clock=clock, work=work(**options)) if task.pk in due else None


def due_ids(clock) -> list[int]:
    return [each.pk for each in turns.due(now=clock())]


def test_a_site_gets_its_tasks_when_it_is_configured(db, clock):
    configuration.apply('[site.acme]\ndisplay_name = "Acme"\n', now=clock(), environ={})
    made = {task.kind: task for task in Task.objects.all()}
    assert made.keys() == set(Kind)
    assert made[Kind.REPLICATION].schedule == {"every": "1h"}
    assert made[Kind.REPLICATION].next_run_at == clock.advance(hours=1)


def test_a_site_of_an_earlier_version_gets_its_tasks(acme, clock):
    tasks.complete(at=clock())
    assert set(Task.objects.filter(site=acme).values_list("kind", flat=True)) == set(Kind)


def test_a_site_gets_a_kind_of_task_that_came_with_a_later_version(task, acme, clock):
    Task.objects.filter(site=acme, kind=Kind.RECONCILIATION).delete()
    tasks.complete(at=clock())
    assert Task.objects.get(site=acme, kind=Kind.RECONCILIATION).enabled


def test_the_next_turn_is_counted_from_the_planned_time(task, clock):
    planned = task.next_run_at
    clock.advance(hours=1, minutes=7)
    assert turn(task, clock) is not None
    task.refresh_from_db()
    assert (task.next_run_at - planned).total_seconds() == 3600
    assert (task.executions, task.last_result, task.last_run_at) == (1, SUCCEEDED, clock())


def test_nothing_is_done_before_the_time_comes(task, clock):
    clock.advance(minutes=59)
    assert tick(clock=clock) == []
    assert look(task.pk, clock=clock, work=work()) is None


def test_a_turn_that_comes_due_while_the_last_one_runs_is_left_out(task, clock):
    clock.advance(hours=1)
    turns.claim(task.pk, "another worker", now=clock())
    for _ in range(4):
        clock.advance(minutes=20)
        turns.keep(task.pk, "another worker", now=clock())
        tick(clock=clock)
    task.refresh_from_db()
    assert task.next_run_at > clock()
    assert codes() == ["task.skipped"]


def test_two_workers_asked_about_one_turn_carry_it_out_once(task, clock):
    clock.advance(hours=1)
    seen = []
    look(task.pk, clock=clock, work=work(during=lambda: seen.append(look(task.pk, clock=clock, work=work()))))
    assert seen == [None]
    task.refresh_from_db()
    assert task.executions == 1


def test_a_worker_is_not_asked_again_at_every_tick(task, clock):
    clock.advance(hours=1)
    assert [task.pk in tick(clock=clock) for _ in range(3)] == [True, False, False]
    clock.advance(seconds=31)
    assert task.pk in tick(clock=clock)


def test_what_a_killed_worker_left_is_carried_on_by_the_next(task, clock):
    clock.advance(hours=1)
    turns.claim(task.pk, "killed worker", now=clock())
    clock.advance(seconds=30)
    assert task.pk not in tick(clock=clock)
    clock.advance(seconds=31)
    assert turn(task, clock) == Done(result=SUCCEEDED, message="done")
    assert "task.interrupted" in codes()


def test_a_task_can_be_asked_for_at_any_time_even_when_disabled(task, clock):
    tasks.enable(task, False, at=clock(), by="ann")
    tasks.request(task, at=clock(), by="ann")
    assert turn(task, clock) is not None
    task.refresh_from_db()
    assert task.requested_at is None
    assert tick(clock=clock) == []


def test_asking_for_a_running_task_is_refused(task, clock):
    turns.Task.objects.filter(pk=task.pk).update(owner="worker", expires=clock().timestamp() + 60)
    with pytest.raises(tasks.AlreadyRunning):
        tasks.request(task, at=clock(), by="ann")


def test_cancelling_what_does_not_run_is_refused(task, clock):
    with pytest.raises(tasks.NotRunning):
        tasks.cancel(task, at=clock(), by="ann")


def test_a_cancelled_task_loses_the_consent_to_go_on(task, clock):
    clock.advance(hours=1)
    claimed = turns.claim(task.pk, "worker", now=clock())
    assert turns.keep(claimed.pk, "worker", now=clock())
    tasks.cancel(task, at=clock(), by="ann")
    assert not turns.keep(claimed.pk, "worker", now=clock())


def test_a_worker_that_is_to_end_hands_the_rest_to_the_next(task, clock):
    clock.advance(hours=1)
    done = look(task.pk, clock=clock, work=work(), stopping=lambda: True)
    assert done is not None and done.result == CANCELLED
    assert task.pk in due_ids(clock)


def test_a_defect_closes_the_turn_and_is_not_swallowed(task, clock):
    clock.advance(hours=1)

    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look(task.pk, clock=clock, work=work(during=broken))
    task.refresh_from_db()
    assert (task.owner, task.last_result) == ("", "failed")
    assert "ZeroDivisionError" in task.last_message


def test_a_turn_that_nobody_began_in_time_raises_one_alarm(task, clock):
    clock.advance(hours=1, minutes=6)
    for _ in range(3):
        tick(clock=clock)
    assert codes() == ["task.missed"]


def test_turns_missed_while_nothing_ran_are_made_up_for_once(task, clock):
    clock.advance(hours=5, minutes=10)
    assert turn(task, clock) is not None
    assert turn(task, clock) is None
    task.refresh_from_db()
    assert (task.next_run_at.hour, task.next_run_at.minute) == (16, 0)


def test_an_edited_schedule_is_the_sites_setting_and_counts_at_once(task, clock):
    reschedule(task, schedule={"every": "15m"}, start=None, options={}, at=clock(), by="ann")
    assert '[site.acme.schedule]\nevery = "15m"\nenabled = true' in configuration.export(["acme"])
    clock.advance(minutes=15)
    assert task.pk in tick(clock=clock)


def test_a_disabled_task_is_disabled_in_the_file_too(task, clock):
    enable(task, False, at=clock(), by="ann")
    assert "enabled = false" in configuration.export(["acme"])
    clock.advance(hours=2)
    assert task.pk not in tick(clock=clock)


def test_a_task_for_once_runs_at_its_start_and_never_again(task, clock):
    start = clock.advance(hours=3)
    clock.advance(hours=-3)
    reschedule(task, schedule={"every": "once"}, start=start, options={}, at=clock(), by="ann")
    assert turn(task, clock) is None
    clock.advance(hours=3)
    assert turn(task, clock) is not None
    task.refresh_from_db()
    assert task.next_run_at is None


SPRING = datetime(2026, 3, 28, 12, 0, tzinfo=UTC), ["29 01:00", "30 00:30", "31 00:30"]
AUTUMN = datetime(2026, 10, 24, 12, 0, tzinfo=UTC), ["25 00:30", "26 01:30", "27 01:30"]


@pytest.mark.parametrize(("noon", "expected"), [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_half_past_two_by_cron_comes_once_a_day_when_the_clocks_are_changed(task, clock, noon, expected):
    clock.now = noon
    schedule = {"cron": "30 2 * * *", "timezone": "Europe/Prague"}
    reschedule(task, schedule=schedule, start=None, options={}, at=clock(), by="ann")
    assert taken_over(task, clock, turns=3) == expected


SUMMER = datetime(2026, 3, 28, 5, 0, tzinfo=UTC), ["29 04:00", "30 04:00"]
WINTER = datetime(2026, 10, 24, 4, 0, tzinfo=UTC), ["25 05:00", "26 05:00"]


@pytest.mark.parametrize(("six", "expected"), [SUMMER, WINTER], ids=["spring", "autumn"])
def test_six_o_clock_stays_six_o_clock_when_the_clocks_are_changed(task, clock, six, expected):
    clock.now = six
    schedule = {"every": "1d", "timezone": "Europe/Prague"}
    reschedule(task, schedule=schedule, start=None, options={}, at=clock(), by="ann")
    assert taken_over(task, clock, turns=2) == expected


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 29, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)]
)
def test_an_hour_is_an_hour_when_the_clocks_are_changed(task, clock, night):
    clock.now = night
    schedule = {"every": "1h", "timezone": "Europe/Prague"}
    reschedule(task, schedule=schedule, start=None, options={}, at=clock(), by="ann")
    assert [each[-5:] for each in taken_over(task, clock, turns=3)] == ["01:00", "02:00", "03:00"]


def taken_over(task, clock, *, turns: int) -> list[str]:
    """Day and time, in UTC, of the turns taken by a clock that leaps from one planned time to the next."""
    taken = []
    for _ in range(turns):
        task.refresh_from_db()
        clock.now = task.next_run_at
        assert turn(task, clock) is not None
        taken.append(f"{clock.now:%d %H:%M}")
    return taken
