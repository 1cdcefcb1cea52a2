"""What workers carry out, by kind of task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadferry.contacts.models import Contact
from leadferry.engine.execution import Cancelled
from leadferry.engine.opening import ended
from leadferry.engine.reconcile import reconcile
from leadferry.engine.replicate import replicate
from leadferry.ledger import turns
from leadferry.ledger.leases import SiteBusy
from leadferry.ledger.models import Task
from leadferry.ledger.retention import forget_before
from leadferry.ledger.runs import CANCELLED, PARTIAL, SKIPPED, SUCCEEDED, Counts
from leadferry.ledger.settings import effective
from leadferry.ledger.tasks import Kind
from leadferry.salesforce import SalesforceError
from leadferry.scoring.recalculation import recalculate

Clock = Callable[[], datetime]
Stop = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a turn went: a status of ``ledger.runs`` and a sentence."""

    result: str
    message: str


class Stopped(Exception):
    """Somebody asked the work to stop."""


def replication(task: Task, clock: Clock, stop: Stop) -> Done:
    run = replicate(task.site, clock=clock, stop=stop)
    return Done(result=run.status, message=run.message)


def scoring(task: Task, clock: Clock, stop: Stop) -> Done:
    expected = Contact.objects.filter(site=task.site).count()
    turns.show(task, done=0, of=expected)

    def on_progress(contacts: int) -> None:
        turns.show(task, done=contacts, of=expected)
        _go_on(stop)

    try:
        done = recalculate(task.site, now=clock(), on_progress=on_progress)
    except Stopped:
        return Done(result=CANCELLED, message="Stopped on request; points so far are kept.")
    return Done(result=SUCCEEDED, message=f"{done.contacts:,} contacts, {done.changed:,} with other points.")


def reconciliation(task: Task, clock: Clock, stop: Stop) -> Done:
    """Differences that stay make it `partial`; with the option `repair` they are put right.

    A site that sends nothing has nothing to be compared, and costs no call.
    """
    if not effective(task.site).replication.enabled:
        return Done(result=SKIPPED, message="The replication of the site is off: nothing was compared.")
    try:
        found = reconcile(task.site, repair=bool(task.options.get("repair")), clock=clock, stop=stop)
    except SiteBusy as busy:
        return Done(result=SKIPPED, message=str(busy))
    except Cancelled:
        return Done(result=CANCELLED, message="Stopped on request; what was put right so far stays so.")
    except SalesforceError as error:
        result, message = ended(error, Counts())
        return Done(result=result, message=message)
    agreed = found.repaired == sum(found.counts.values())
    return Done(result=SUCCEEDED if agreed else PARTIAL, message=found.sentence())


def retention(task: Task, clock: Clock, stop: Stop) -> Done:
    edge = clock() - timedelta(days=int(task.options["keep_days"]))
    removed = 0
    for number in forget_before(task.site, edge):
        removed += number
        if stop():
            return Done(result=CANCELLED, message=f"Stopped on request; {removed:,} lines removed.")
    return Done(result=SUCCEEDED, message=f"{removed:,} lines from before {edge:%Y-%m-%d} removed.")


WORK: Mapping[str, Callable[[Task, Clock, Stop], Done]] = {
    Kind.REPLICATION: replication,
    Kind.SCORING: scoring,
    Kind.RECONCILIATION: reconciliation,
    Kind.RETENTION: retention,
}


def _go_on(stop: Stop) -> None:
    if stop():
        raise Stopped
