"""One run while it lasts: its claim, its batches, its second tries."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from leadferry.contacts.models import Site
from leadferry.core.batch import batches
from leadferry.core.change import Change
from leadferry.core.describe import LeadDescribe
from leadferry.core.outcome import Halted, Postponed, Reason, explain
from leadferry.engine import describes
from leadferry.engine.deliver import Delivery, deliver, patiently
from leadferry.engine.line import Line
from leadferry.engine.orders import Order
from leadferry.engine.survey import Looks, selection, surveyed
from leadferry.ledger import batches as record
from leadferry.ledger import organizations
from leadferry.ledger.settings import SiteSettings, stamp
from leadferry.ledger.storage import due
from leadferry.salesforce import NeedsPerson, TryLater
from leadferry.scoring.recalculation import expire

BACK_OFF = (0.5, 1.5, 4.0)
"""Seconds (with jitter) before the second, third and fourth try of a call."""
SECOND_TRIES = (1.0, 2.0)
"""Seconds before contacts postponed in this run are tried again in it; then they wait for the next."""
SMALLER = 10
"""How many batches one becomes at the last second try, when locks or governor limits were met."""
MOST_AGAIN = 2000
"""Postponed contacts that a run keeps for its own second tries; more wait for the next run."""
PATIENCE = 180.0
"""Seconds of failing after which a call is not repeated any more in this run."""

T = TypeVar("T")


class Cancelled(Exception):
    """Somebody asked the run to stop."""


class Reconfigured(Exception):
    """The settings that the run goes by were changed; the next run goes by the new ones."""


@dataclass(kw_only=True)
class Execution:
    """A run that holds its site."""

    claim: record.Claim
    settings: SiteSettings
    stamp: object
    line: Line
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    stop: Callable[[], bool]
    on_progress: Callable[["Execution"], None] | None
    looks: Looks = field(default_factory=Looks)
    again: list[int] = field(default_factory=list)
    too_many: bool = False
    answered: tuple[int, Delivery, int] | None = None
    failing_since: datetime | None = None
    read_describe: bool = False

    @property
    def site(self) -> Site:
        return self.claim.site

    def epoch(self) -> int:
        """Now, in epoch seconds."""
        return int(self.clock().timestamp())

    def waiting(self) -> int:
        """How many contacts are still on the site's list."""
        return due.waiting(self.site.pk, at_most=10_000_000)

    def has_work(self) -> bool:
        """Whether a contact is due, once expired points are counted. Raises NeedsPerson if disabled."""
        if not self.settings.replication.enabled:
            raise NeedsPerson(
                f"the replication of site {self.site.code} is not enabled",
                fix=f"Set enabled = true in [site.{self.site.code}.replication].",
                who="Whoever configures Leadferry",
            )
        if organizations.of(self.site).moving:
            self._connect()  # another organization makes everybody due
        expire(self.site, now=self.clock())
        return due.waiting(self.site.pk, at_most=1) > 0

    def describe(self, anew: bool) -> LeadDescribe:
        """The kept describe, or, when there is none or `anew`, one read from the organization, once a run."""
        calls = self.line.calls
        anew = anew and not self.read_describe
        found = self._patiently(lambda: describes.current(self.line, anew=anew))
        self.read_describe = self.read_describe or self.line.calls > calls
        return found

    def _connect(self) -> None:
        self._patiently(lambda: self.line.client)

    def _patiently(self, call: Callable[[], T]) -> T:
        try:
            found = patiently(call, self._wait)
        except TryLater:
            if self.stop():
                raise Cancelled from None  # somebody gave up waiting before the patience ended
            raise
        self.failing_since = None
        return found

    def check(self) -> None:
        """Raises Reconfigured once the settings that the run goes by were changed.

        Asked when a page was read: whoever is marked as due for a later change has another version then.
        """
        if stamp(self.site.pk) != self.stamp:
            raise Reconfigured

    def settle(self) -> None:
        """Write down what the survey found that needs no call."""
        self._count_looks()
        looks, invalid = self.looks.taken()
        if looks or invalid:
            with self._whole():
                record.settle(self.claim, looks, invalid, at=self.clock())

    def deliver(self, changes: Sequence[Change]) -> None:
        """Send one batch. Raises what ends the run.

        What came of the batch before is written down in one transaction with the intent of this one, so
        that between two calls there is one commit, and never more than one batch in doubt.
        """
        if self.stop():
            raise Cancelled
        self._count_looks()
        self.claim.counts.eligible += len(changes)
        self.line.afford()
        self._connect()  # before the batch is written down as sent
        with self._whole():
            self._record()
            batch_id = record.intend(self.claim, changes, at=self.clock())
        calls, key_field = self.line.calls, self.settings.replication.external_id_field
        delivery = deliver(changes, send=self.line.send, wait=self._wait, key_field=key_field)
        self.failing_since = None
        self.answered = (batch_id, delivery, self.line.calls - calls)
        self._raise_fault(delivery)

    def record(self) -> None:
        """Write down how the contacts of the last batch came out, unless that is done."""
        if self.answered is not None:
            with self._whole():
                self._record()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """One transaction. What it could not write did not happen: it can be written, and counted, again."""
        answered, again, counts = self.answered, list(self.again), replace(self.claim.counts)
        try:
            with record.held(self.claim, at=self.clock()):
                yield
        except BaseException:
            self.answered, self.again = answered, again
            self.claim.counts.become(counts)
            raise

    def _record(self) -> None:
        if self.answered is None:
            return
        batch_id, delivery, calls = self.answered
        postponed = record.record(
            self.claim,
            batch_id,
            delivered=delivery.delivered,
            outcomes=delivery.outcomes,
            calls=calls,
            at=self.clock(),
        )
        self.answered = None
        self.too_many |= any(isinstance(come, Postponed) and come.smaller for _, come in delivery.outcomes)
        self.again += [change.contact_id for change in postponed[: MOST_AGAIN - len(self.again)]]
        self.line.learn(now=self.clock())
        if self.on_progress:
            self.on_progress(self)

    def try_again(self, order: Order) -> None:
        """Second tries of the contacts that were postponed in this run, looked at as they are by then."""
        for number, pause in enumerate(SECOND_TRIES, start=1):
            self.record()
            if not self.again:
                return
            self.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret
            again, self.again = self.again, []
            self.claim.counts.retrying -= len(again)
            self.claim.counts.eligible -= len(again)
            last = number == len(SECOND_TRIES)
            size = max(1, order.batch_size // SMALLER) if last and self.too_many else order.batch_size
            for contact_ids in batches(again, size):
                self._look_again(contact_ids, order)

    def _look_again(self, contact_ids: Sequence[int], order: Order) -> None:
        page = due.these(self.site.pk, selection(order), contact_ids)
        self.check()
        if changes := surveyed(page, order, self.looks):
            self.deliver(changes)
        self.settle()

    def _count_looks(self) -> None:
        eligible, unchanged = self.looks.counted()
        self.claim.counts.eligible += eligible
        self.claim.counts.unchanged += unchanged

    def _wait(self, failures: int) -> bool:
        now = self.clock()
        self.failing_since = self.failing_since or now
        if self.stop() or (now - self.failing_since).total_seconds() > PATIENCE:
            return False
        pause = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
        self.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - jitter, not a secret
        return True

    def _raise_fault(self, delivery: Delivery) -> None:
        halted = [outcome.reason for _, outcome in delivery.outcomes if isinstance(outcome, Halted)]
        fault = delivery.fault or (needs_person(halted[0]) if halted else None)
        if isinstance(fault, NeedsPerson):
            describes.mistrust(self.site, fault)
        if fault is not None:
            raise fault


def needs_person(reason: Reason) -> NeedsPerson:
    """What a row's answer says about the whole site: nothing will pass until somebody acts."""
    told = explain(reason.code)
    return NeedsPerson(
        f"{told.sentence} Salesforce says: {reason.message}",
        code=reason.code,
        message=reason.message,
        fields=reason.fields,
        fix=told.fix,
        who=told.who,
    )
