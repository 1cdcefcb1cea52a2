"""How outcomes become links, attempts, due marks and events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from leadferry.contacts.models import Site
from leadferry.core import quarantine
from leadferry.core.change import Change, Look
from leadferry.core.outcome import (
    Converted,
    Deleted,
    Halted,
    Invalid,
    Outcome,
    Postponed,
    Reason,
    Refused,
    explain,
)
from leadferry.core.state import State
from leadferry.ledger import events
from leadferry.ledger.attempts import Answer
from leadferry.ledger.models import Run
from leadferry.ledger.runs import Counts
from leadferry.ledger.storage import due, links
from leadferry.ledger.storage.rows import instant


class Recording:
    """Rows collected over one batch and written in its transaction."""

    def __init__(self, site: Site, run: Run, *, at: datetime, suppress_deleted: bool) -> None:
        self._site, self._run, self._at, self._suppress = site, run, at, suppress_deleted
        self._stored_at = instant(at)
        self.delivered: list[tuple[Any, ...]] = []
        self.made: list[int] = []
        self.undelivered: list[tuple[Any, ...]] = []
        self.settled: list[tuple[int, int]] = []
        self.reprinted: list[tuple[bytes, int]] = []
        self.gone: list[tuple[int]] = []
        self.attempts: list[tuple[Any, ...]] = []
        self.taken: dict[int, list[int]] = defaultdict(list)
        self.postponed: list[tuple[int, int, int]] = []
        self.waiting: list[Change] = []
        self.events: list[events.Line] = []
        self.created = self.updated = self.blocked = self.invalid = 0

    def deliver(self, delivered: Sequence[tuple[Change, Mapping[str, Any]]]) -> None:
        """The leads that Salesforce took, with its results; nearly all contacts of nearly all batches."""
        site_id, stored_at = self._site.pk, self._stored_at
        self.delivered = [
            (change.contact_id, site_id, result["id"], change.fingerprint, stored_at)
            for change, result in delivered
        ]
        for change, _ in delivered:
            self.taken[change.version].append(change.contact_id)
        self.made = [
            change.contact_id for change, result in delivered if result.get("created", not change.known)
        ]
        self.created = len(self.made)
        self.updated = len(delivered) - self.created

    def delivered_contacts(self) -> str:
        """Whose leads the batch created and updated, as JSON: the attempts that need no row of their own."""
        made = set(self.made)
        rest = [row[0] for row in self.delivered if row[0] not in made]
        return orjson.dumps({"created": self.made, "updated": rest}).decode()

    def add(self, change: Change, outcome: Outcome, batch_id: int) -> None:
        """One contact of a batch and what came of it."""
        match outcome:
            case Postponed():
                self._postpone(change, outcome, batch_id)
            case Refused(reason=reason):
                self._hold(change, State.BLOCKED, reason, batch_id, Answer.REFUSED)
                self.blocked += 1
            case Converted(reason=reason):
                self._finish(change, State.CONVERTED, reason, batch_id, Answer.CONVERTED)
            case Deleted(reason=reason) if self._suppress:
                self._finish(change, State.SUPPRESSED, reason, batch_id, Answer.DELETED)
            case Deleted(reason=reason):
                # Sent again by its key, it makes a new lead; if it never does, the tries run out.
                self.gone.append((change.contact_id,))
                self._postpone(change, Postponed(reason=reason), batch_id)
            case Halted(reason=reason):
                self.attempts.append(self._attempt(change, batch_id, Answer.HALTED, reason))
            case Invalid(reason=reason):
                self.invalidate(change, reason)

    def invalidate(self, change: Change, reason: Reason) -> None:
        """A contact whose values cannot pass; nothing was sent, so the attempt belongs to the run alone."""
        self._hold(change, State.INVALID, reason, -self._run.pk, Answer.INVALID)
        self.invalid += 1

    def settle(self, looks: Iterable[Look]) -> None:
        """Contacts that need no call."""
        for contact_id, version, state, print_ in looks:
            self.taken[version].append(contact_id)
            if state is not None:
                self.settled.append((state, contact_id))
            if print_ is not None:
                self.reprinted.append((print_, contact_id))

    def count(self, counts: Counts) -> None:
        """Add this recording to the run's counts."""
        counts.created += self.created
        counts.updated += self.updated
        counts.blocked += self.blocked
        counts.invalid += self.invalid
        counts.retrying += len(self.postponed)

    def write(self) -> None:
        """Everything but the batch's own row; belongs into the batch's transaction."""
        links.DELIVERED.write(self.delivered)
        links.UNDELIVERED.write(self.undelivered)
        links.GONE.write(self.gone)
        links.SETTLED.write(self.settled)
        links.REPRINTED.write(self.reprinted)
        links.ATTEMPT.write(self.attempts)
        due.take(self.taken)
        due.hold(self.postponed)
        events.note_contacts(self.events, at=self._at, site=self._site.code, run=str(self._run.pk))

    def note_batch(self, number: int) -> None:
        """One line for the delivered contacts of a batch; the attempts say who they were."""
        if self.delivered:
            text = f"Batch {number}: {self.created} leads created, {self.updated} updated."
            events.note(
                "batch.delivered", at=self._at, site=self._site.code, run=str(self._run.pk), description=text
            )

    def _postpone(self, change: Change, outcome: Postponed, batch_id: int) -> None:
        counted = outcome.counted and change.tried_in != self._run.pk
        tries = change.tries + counted
        if quarantine.after_postponed(tries) or (outcome.once and change.tries >= 1):
            self._hold(change, State.BLOCKED, outcome.reason, batch_id, Answer.REFUSED)
            self.blocked += 1
            return
        self._link(
            change,
            State.IN_DOUBT if outcome.in_doubt else State.RETRYING,
            outcome.reason,
            tries,
            self._run.pk if outcome.counted else change.tried_in,
        )
        self.attempts.append(self._attempt(change, batch_id, Answer.POSTPONED, outcome.reason))
        self.waiting.append(change._replace(tries=tries, tried_in=self._run.pk))
        until = int(self._at.timestamp()) + int(quarantine.retry_delay(tries))
        self.postponed.append((until, change.contact_id, change.version))

    def _hold(self, change: Change, state: State, reason: Reason, batch_id: int, answer: Answer) -> None:
        self._link(change, state, reason, 0, 0)
        self.attempts.append(self._attempt(change, batch_id, answer, reason))
        self.taken[change.version].append(change.contact_id)
        self._note(change, events.ERROR, reason.code, reason)

    def _finish(self, change: Change, state: State, reason: Reason, batch_id: int, answer: Answer) -> None:
        self._link(change, state, reason, 0, 0)
        self.attempts.append(self._attempt(change, batch_id, answer, reason))
        self.taken[change.version].append(change.contact_id)
        self._note(change, events.INFORMATION, f"lead.{state.name.lower()}", reason)

    def _link(self, change: Change, state: State, reason: Reason, tries: int, tried_in: int) -> None:
        fields = ",".join(reason.fields)
        explained = (self._stored_at, reason.code, reason.message, fields)
        self.undelivered.append((change.contact_id, self._site.pk, int(state), *explained, tries, tried_in))

    @staticmethod
    def _attempt(change: Change, batch_id: int, answer: Answer, reason: Reason) -> tuple[Any, ...]:
        return (change.contact_id, batch_id, int(answer), reason.code, reason.message)

    def _note(self, change: Change, type: str, code: str, reason: Reason) -> None:
        # Salesforce's own text may quote what it refused; it stays with the contact, and goes with it.
        named = f" Fields: {', '.join(reason.fields)}." if reason.fields else ""
        self.events.append((type, code, change.key, f"{explain(reason.code).sentence}{named}"))
