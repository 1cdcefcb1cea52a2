"""One batch, one answer for each of its contacts, whatever happens on the way.

Passing faults are waited out a few times. A call refused as a whole because of one contact is cut in
halves until the culprit is found. What remains is either answered or ends the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from leadferry.core.batch import halves
from leadferry.core.change import Change
from leadferry.core.outcome import (
    Outcome,
    Postponed,
    Reason,
    Refused,
    beside_delivered,
    beside_nobody,
    verdict,
)
from leadferry.salesforce import InDoubt, LimitReached, NeedsPerson, Rejected, SalesforceError, TryLater

if TYPE_CHECKING:
    from leadferry.salesforce import RowResult

TRIES = 4
"""Calls made for one batch that keeps failing alike; below the five equal failing calls allowed."""
MOST_CULPRITS = 4
"""Contacts searched for in one refused batch; the others wait for the next run, so the calls stay bounded."""

Send: TypeAlias = "Callable[[Sequence[Change]], Sequence[RowResult]]"
Wait = Callable[[int], bool]
T = TypeVar("T")


@dataclass(kw_only=True)
class Delivery:
    """What came of a batch so far.

    `delivered` are the leads that Salesforce took, with its results, `outcomes` the other contacts.
    `fault` is what ends the run, `unanswered` are the contacts it left open.
    """

    delivered: list[tuple[Change, RowResult]] = field(default_factory=list)
    outcomes: list[tuple[Change, Outcome]] = field(default_factory=list)
    unanswered: list[Change] = field(default_factory=list)
    fault: SalesforceError | None = None


def patiently(call: Callable[[], T], wait: Wait) -> T:
    """Make a call that saves nothing; after a passing fault again, as often as a batch is sent.

    Raises the fault that outlasts the tries.
    """
    for failures in range(1, TRIES):
        try:
            return call()
        except TryLater as fault:
            if isinstance(fault, LimitReached) or not wait(failures):
                raise
    return call()


def deliver(changes: Sequence[Change], *, send: Send, wait: Wait, key_field: str) -> Delivery:
    """Send a batch and judge every contact of it.

    `send` makes one call and returns Salesforce's results by position. `wait(n)` pauses after the nth
    failure in a row and returns False when there is no more time to wait. Source of the classes:
    outcomes by what to do next (product description, the run).
    """
    errand = _Errand(send=send, wait=wait, key_field=key_field, delivery=Delivery(unanswered=list(changes)))
    try:
        errand.run()
    except (TryLater, NeedsPerson) as fault:
        errand.delivery.fault = fault
        errand.postpone_rest(fault, all_of_it=not isinstance(fault, LimitReached | NeedsPerson))
    return errand.delivery


@dataclass(kw_only=True)
class _Errand:
    send: Send
    wait: Wait
    key_field: str
    delivery: Delivery
    answered: bool = False
    culprits: int = 0
    in_doubt: set[int] = field(default_factory=set)

    def run(self) -> None:
        while self.delivery.unanswered:
            try:
                self._persist(self.delivery.unanswered)
            except Rejected as refusal:
                self._isolate(refusal)

    def postpone_rest(self, fault: SalesforceError, *, all_of_it: bool = True) -> None:
        """Nobody is blamed for a fault of the whole call: it does not count as a try of its contacts.

        Without `all_of_it` only those are postponed whose lead may have been saved; the others stay due as
        if they had not been sent.
        """
        reason = Reason(code=fault.code or type(fault).__name__, message=str(fault))
        for change in self.delivery.unanswered:
            doubted = change.contact_id in self.in_doubt
            if doubted or all_of_it:
                self.delivery.outcomes.append(
                    (change, Postponed(reason=reason, counted=False, in_doubt=doubted))
                )
        self.delivery.unanswered = []

    def _persist(self, changes: Sequence[Change]) -> None:
        """Send until answered; raises the fault that outlasts the tries, at once if trying is pointless."""
        for failures in range(1, TRIES + 1):
            try:
                return self._keep(changes, self.send(changes))
            except SalesforceError as fault:
                changes = self._keep_part(changes, fault)
                if isinstance(fault, InDoubt):
                    self.in_doubt.update(change.contact_id for change in changes)
                final = isinstance(fault, LimitReached) or not isinstance(fault, TryLater)
                if final or failures == TRIES or not self.wait(failures):
                    raise
        raise AssertionError("the last try returns or raises")

    def _keep(self, changes: Sequence[Change], results: Sequence[RowResult | None]) -> None:
        self.answered = True
        known = [(change, result) for change, result in zip(changes, results, strict=True) if result]
        delivered = [pair for pair in known if pair[1]["success"]]
        self.delivery.delivered += delivered
        refused = [pair for pair in known if not pair[1]["success"]]
        judged = [verdict(result["errors"], key_field=self.key_field) for _, result in refused]
        outcomes = [beside_delivered(one) for one in judged] if delivered else beside_nobody(judged)
        self.delivery.outcomes += [(change, one) for (change, _), one in zip(refused, outcomes, strict=True)]
        if self.in_doubt:
            self.in_doubt.difference_update(change.contact_id for change, _ in delivered)
        self._answer(known)

    def _answer(self, known: Sequence[tuple[Change, RowResult]]) -> None:
        if len(known) == len(self.delivery.unanswered):
            self.delivery.unanswered = []
            return
        answered = {change.contact_id for change, _ in known}
        self.delivery.unanswered = [c for c in self.delivery.unanswered if c.contact_id not in answered]

    def _keep_part(self, changes: Sequence[Change], fault: SalesforceError) -> Sequence[Change]:
        """Of a packed call answered in part: keep what is known, return what is not."""
        if not fault.rows:
            return changes
        self._keep(changes, fault.rows)
        return [change for change, result in zip(changes, fault.rows, strict=True) if result is None]

    def _isolate(self, refusal: Rejected) -> None:
        """Find one contact for which Salesforce refuses the whole call: log2 of the batch in calls.

        The half that is not tried waits: once the culprit is out, all that waited goes in one call.
        """
        suspects: Sequence[Change] = self.delivery.unanswered
        if self.culprits == MOST_CULPRITS:
            self.postpone_rest(refusal)
            return
        if self.culprits == 2 and not self.answered:
            raise _refuses_whatever(refusal)
        while len(suspects) > 1:
            left, right = halves(suspects)
            try:
                self._persist(left)
                suspects = right
            except Rejected as next_refusal:
                suspects, refusal = left, next_refusal
        self._blame(suspects[0], refusal)

    def _blame(self, culprit: Change, refusal: Rejected) -> None:
        self.culprits += 1
        reason = Reason(code=refusal.code or "REJECTED", message=refusal.message, fields=refusal.fields)
        self.delivery.outcomes.append((culprit, Refused(reason=reason)))
        self.delivery.unanswered = [c for c in self.delivery.unanswered if c.contact_id != culprit.contact_id]


def _refuses_whatever(refusal: Rejected) -> NeedsPerson:
    return NeedsPerson(
        f"Salesforce refuses the call whatever contacts are in it: {refusal.code or refusal.status}",
        code=refusal.code,
        message=refusal.message,
        status=refusal.status,
        fix="Look at why its contacts were refused (leadferry why); run the doctor command on the site.",
        who="Whoever configures Leadferry",
    )
