"""The line to Salesforce during one run: opened when first needed, every call counted and afforded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from leadferry.contacts.models import Site
from leadferry.core.budget import Budget
from leadferry.core.change import Change
from leadferry.ledger import access, organizations, spending
from leadferry.ledger.settings import SiteSettings
from leadferry.salesforce import LimitReached, NeedsPerson

if TYPE_CHECKING:
    from leadferry.salesforce import Client, RowResult, Transport

STALE_USAGE = timedelta(hours=1)
"""After this long without an answer, what the last one told about usage is not trusted any more."""

RE_READ = timedelta(minutes=1)
LEARN_AGAIN = timedelta(seconds=2)
LEAD = "Lead"


class OverBudget(LimitReached):
    """The next call would cross the reserve or the site's ceiling; the text says which."""


@dataclass(kw_only=True)
class Line:
    """Salesforce as one run of one site sees it."""

    site: Site
    settings: SiteSettings
    clock: Callable[[], datetime]
    transport: Transport | None = None
    _client: Client | None = field(default=None, repr=False)
    _budget: Budget | None = None
    _budget_at: datetime | None = None
    _calls_then: int = 0
    _learned_at: datetime | None = None
    _accounted: int = 0

    @property
    def client(self) -> Client:
        """The client, connected to the organization that this site is pinned to. Costs no API call."""
        if self._client is None:
            # A run that finds nothing due does without an HTTP library.
            from leadferry.engine.connect import connect  # noqa: PLC0415

            client = connect(self.site, self.settings, clock=self.clock, transport=self.transport)
            self._check_organization(client)
            self._client = client
        return self._client

    @property
    def calls(self) -> int:
        """API calls that Salesforce charged on this line."""
        return self._client.calls if self._client else 0

    def send(self, changes: Sequence[Change]) -> Sequence[RowResult]:
        """One call for these contacts; results by position. Raises OverBudget instead of crossing a limit."""
        self.afford()
        key_field = self.settings.replication.external_id_field
        rows, existing = [change.row for change in changes], [change.known for change in changes]
        return self.client.upsert_rows(LEAD, key_field, rows, existing=existing)

    def describe(self) -> Mapping[str, Any]:
        """The org's describe of Lead; one call."""
        try:
            description = self.client.describe(LEAD)
        finally:
            self.account()
        if description is None:
            raise NeedsPerson(
                "Salesforce sent no describe of Lead", fix="Run the doctor command on the site."
            )
        return description.content

    def afford(self) -> None:
        """Make sure that one more call stays within the budget. Raises OverBudget."""
        budget = self.budget()
        if not budget.may_spend(1):
            raise OverBudget(budget.why_not(1) or "")

    def budget(self) -> Budget:
        """What may be spent now, from the newest usage that an answer told, and this site's own calls.

        Read from the ledger once a minute, because the day rolls on; in between this line counts itself.
        """
        now = self.clock()
        if self._budget is None or self._budget_at is None or now - self._budget_at > RE_READ:
            self._budget, self._budget_at, self._calls_then = self._read_budget(now), now, self.calls
        told = self._client.usage if self._client else None
        known = {"used_by_org": told.used, "allowed": told.allowed} if told else {}
        mine = self._budget.used_by_site_today + self.calls - self._calls_then
        return replace(self._budget, used_by_site_today=mine, **known)

    def _read_budget(self, now: datetime) -> Budget:
        replication = self.settings.replication
        organization = organizations.of(self.site)
        fresh = organization.used_at is not None and now - organization.used_at < STALE_USAGE
        return Budget(
            used_by_org=organization.used if fresh else None,
            allowed=organization.allowed if fresh else None,
            reserve_percent=replication.api_reserve_percent,
            used_by_site_today=spending.spent(self.site.pk, at=now),
            ceiling=replication.max_calls_per_day,
        )

    def account(self) -> None:
        """Note the calls that belong to no batch as spent by the site."""
        spending.spend(self.site.pk, self.calls - self._accounted, at=self.clock())
        self._accounted = self.calls

    def close(self) -> None:
        """Keep what the answers told about usage; close the connections."""
        if self._client is not None:
            self.learn()
            self._client.close()

    def learn(self, *, now: datetime | None = None) -> None:
        """Keep the usage that the newest answer told; with `now`, only every few seconds."""
        usage = self._client.usage if self._client else None
        if usage is None or (now and self._learned_at and now - self._learned_at < LEARN_AGAIN):
            return
        self._learned_at = now
        spending.learn(self.site.pk, used=usage.used, allowed=usage.allowed, at=self.clock())

    def _check_organization(self, client: Client) -> None:
        """A copied installation, or other credentials, must not write to an organization by surprise."""
        pinned = organizations.of(self.site)
        known = bool(pinned.org_id) and not pinned.moving
        # Before anything is sent: a copy that refreshed the grant would spend the token of the original.
        if known and pinned.installation != organizations.here():
            raise self._unconfirmed(
                "its database has been moved or copied since it first wrote to Salesforce"
            )
        identity = client.connect()
        if not identity.org_id:
            return
        if not known:
            organizations.adopt(self.site, identity.org_id, at=self.clock())
        elif pinned.org_id != identity.org_id:
            raise self._unconfirmed(f"it belongs to organization {pinned.org_id}, not {identity.org_id}")
        access.learn(self.site, identity.user_id, identity.instance_url, at=self.clock())

    def _unconfirmed(self, what: str) -> NeedsPerson:
        code = self.site.code
        return NeedsPerson(
            f"site {code} does not write to Salesforce: {what}",
            fix=f"If this is meant to be, run: leadferry confirm {code}. If it is a copy, leave it as it is.",
            who="Whoever configures Leadferry",
        )
