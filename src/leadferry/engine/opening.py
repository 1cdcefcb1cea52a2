"""How a run begins and, whatever happens in it, ends."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from leadferry.contacts.models import Site
from leadferry.engine.execution import Cancelled, Execution, Reconfigured
from leadferry.engine.heartbeat import beating
from leadferry.engine.line import Line, OverBudget
from leadferry.ledger import runs
from leadferry.ledger.batches import Claim
from leadferry.ledger.leases import ClaimLost
from leadferry.ledger.models import Run
from leadferry.ledger.runs import CANCELLED, FAILED, PARTIAL, PAUSED, SUCCEEDED, Counts
from leadferry.ledger.settings import effective, stamp
from leadferry.ledger.storage import due
from leadferry.salesforce import LimitReached, NeedsPerson, SalesforceError

if TYPE_CHECKING:
    from leadferry.salesforce import Transport


class AlreadyRunning(Exception):
    """Another run of the site is in progress; `run` is the turn that was skipped."""

    def __init__(self, run: Run) -> None:
        super().__init__(run.message)
        self.run = run


@contextmanager
def opened(
    site: Site,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    stop: Callable[[], bool],
    transport: Transport | None,
    on_progress: Callable[[Execution], None] | None,
) -> Iterator[Execution]:
    """A run that holds its site, closed with a status whatever happens. Raises AlreadyRunning."""
    owner, seen, settings = uuid.uuid4().hex, stamp(site.pk), effective(site)
    run = runs.open_run(site, owner, at=clock())
    if run is None:
        raise AlreadyRunning(runs.skip(site, at=clock()))
    suppress = settings.replication.on_deleted == "suppress"
    execution = Execution(
        claim=Claim(run=run, site=site, owner=owner, counts=Counts(), suppress_deleted=suppress),
        settings=settings,
        stamp=seen,
        line=Line(site=site, settings=settings, clock=clock, transport=transport),
        clock=clock,
        sleep=sleep,
        stop=stop,
        on_progress=on_progress,
    )
    with beating(site.pk, owner, clock=clock):
        try:
            yield execution
        except ClaimLost:
            raise  # the run that took over has closed this one
        except BaseException as error:
            execution.record()
            status, message = ended(error, execution.claim.counts)
            _close(execution, status, message)
            if not isinstance(error, EXPECTED):
                raise
        else:
            execution.record()
            _close(execution, *_finished(execution.claim.counts))
        finally:
            execution.line.close()


EXPECTED = (Cancelled, Reconfigured, SalesforceError)
IF_IT_STAYS = "If it stays, check the address and the network."


def ended(error: BaseException, counts: Counts) -> tuple[str, str]:
    """Status and message of a run that `error` ended early (interface description, status and exit code)."""
    delivered = counts.created + counts.updated
    match error:
        case Cancelled() | KeyboardInterrupt():
            return CANCELLED, f"Stopped on request after {counts.batches} batches; the rest goes next time."
        case Reconfigured():
            return PAUSED, "The settings of the site were changed meanwhile. The rest goes next time."
        case OverBudget():
            return PAUSED, _sentence(error)  # it says itself when the rest goes
        case LimitReached():
            return PAUSED, f"{_sentence(error)} The rest goes next time."
        case NeedsPerson():
            told = [_sentence(error), error.fix, f"({error.who})" if error.who else ""]
            return FAILED, " ".join(part for part in told if part)
        case SalesforceError():
            advice = f" {IF_IT_STAYS}" if error.status is None and not delivered else ""
            status = PAUSED if delivered else FAILED
            return status, f"{_sentence(error)}{advice} The rest goes next time."
    return FAILED, f"Unexpected error: {type(error).__name__}. The rest goes next time."


def _finished(counts: Counts) -> tuple[str, str]:
    left = [
        f"{number} {word}"
        for number, word in (
            (counts.blocked, "blocked"),
            (counts.invalid, "invalid"),
            (counts.retrying, "to be retried"),
        )
        if number
    ]
    delivered = f"{counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged"
    return (PARTIAL, f"{delivered}, {', '.join(left)}.") if left else (SUCCEEDED, f"{delivered}.")


def _close(execution: Execution, status: str, message: str) -> None:
    claim, settings = execution.claim, execution.settings.replication
    counts = claim.counts
    counts.api_calls = execution.line.calls
    waiting = due.to_send(
        claim.site.pk,
        minimum=settings.minimum_score if settings.score else None,
        anonymous_too=settings.include_anonymous,
        updates_too=settings.keep_updated,
    )
    counts.remaining = max(0, waiting - counts.retrying)
    if status not in (SUCCEEDED, PARTIAL):
        # What was looked at ahead of the batches is still to come.
        done = counts.created + counts.updated + counts.unchanged + counts.blocked + counts.invalid
        counts.eligible = done + counts.retrying + counts.remaining
    runs.close_run(claim.run, claim.owner, counts, status=status, message=message, at=execution.clock())


def _sentence(error: BaseException) -> str:
    text = str(error).strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
