"""Both sides compared: what is known of leads, and what the organization has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from leadferry.contacts.models import Contact, Site
from leadferry.core.contact import external_id
from leadferry.core.mapping import parse_mapping
from leadferry.core.outcome import Invalid
from leadferry.core.reconciliation import FIELDS, Difference, differs, judge
from leadferry.core.state import State
from leadferry.engine import describes
from leadferry.engine.execution import Cancelled
from leadferry.engine.heartbeat import alone
from leadferry.engine.line import LEAD, Line
from leadferry.engine.orders import Order, prepared
from leadferry.engine.replicate import never
from leadferry.ledger import events, leases, organizations, repairs
from leadferry.ledger.settings import effective
from leadferry.ledger.storage import census
from leadferry.salesforce import Transport

PAGE = 2000
"""Leads in one answer of a query (REST guide, query options), so one API call each."""
MOST_EXAMPLES = 100
ELSEWHERE = 0
"""Stands for the contact of another site that writes to the same organization."""

Lead = Mapping[str, Any]
Found = list[tuple[int, str]]


@dataclass(kw_only=True)
class Comparison:
    """How many leads were compared, how many differ and how, the first of them by name, and what it cost."""

    site: str
    compared: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Difference), 0))
    repaired: int = 0
    api_calls: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def note(self, kind: Difference, *, lead_id: str, key: str = "", fields: Sequence[str] = ()) -> None:
        """One difference."""
        self.counts[kind] += 1
        if len(self.examples) < MOST_EXAMPLES:
            named = ", ".join(fields)
            self.examples.append({"difference": str(kind), "key": key, "lead_id": lead_id, "fields": named})

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        cost = {"repaired": self.repaired, "api_calls": self.api_calls, "examples": self.examples}
        return {"site": self.site, "compared": self.compared, **self.counts, **cost}

    def sentence(self) -> str:
        """For people."""
        told = (
            ", ".join(f"{number} {kind}" for kind, number in self.counts.items() if number) or "no difference"
        )
        mended = f" {self.repaired} put right." if self.repaired else ""
        return f"{self.compared} leads compared in {self.api_calls} API calls: {told}.{mended}"


def reconcile(
    site: Site,
    *,
    repair: bool,
    clock: Callable[[], datetime],
    transport: Transport | None = None,
    stop: Callable[[], bool] = never,
) -> Comparison:
    """Compare every lead that holds an external ID with what is known of it; with `repair`, put right.

    One call for each 2,000 leads. `stop` is asked before each. Raises SiteBusy while a run of the
    site is in progress, Cancelled when told to stop, and SalesforceError. Source:
    product description, lead lifecycle.
    """
    settings = effective(site)
    line = Line(site=site, settings=settings, clock=clock, transport=transport)
    with alone(site, clock=clock, doing="Reconcile") as owner:
        try:
            _ = line.client  # whose leads they are is settled before anything is compared
            order = prepared(site, settings, lambda anew: describes.current(line, anew=anew))
            return _Reconciliation(line=line, order=order, repair=repair, owner=owner, stop=stop).run()
        finally:
            line.account()
            line.close()


@dataclass(kw_only=True)
class _Reconciliation:
    line: Line
    order: Order
    repair: bool
    owner: str
    stop: Callable[[], bool]

    def __post_init__(self) -> None:
        self.found = Comparison(site=self.line.site.code)
        self.describe = describes.current(self.line, anew=False)
        self.key_field = self._named(self.order.external_id_field)
        self.suppress = self.line.settings.replication.on_deleted == "suppress"

    def run(self) -> Comparison:
        try:
            self._register()
            for leads in self._leads():
                self._compare(leads)
            self._miss()
        finally:
            census.end()
        self.found.api_calls = self.line.calls
        events.note(
            "reconciliation.finished",
            at=self.line.clock(),
            source="reconciliation",
            site=self.found.site,
            description=self.found.sentence(),
        )
        return self.found

    def _register(self) -> None:
        census.begin()
        for site in organizations.sharing(self.line.site):
            ours = site.pk == self.line.site.pk
            for page in census.contacts(site.pk):
                census.add([(external_id(site.code, key), pk if ours else ELSEWHERE) for pk, key in page])

    def _leads(self) -> Iterator[Sequence[Lead]]:
        mapped = [self._named(rule.target) for rule in parse_mapping(self.line.settings.mapping).rules]
        fields = dict.fromkeys([*FIELDS, self.key_field, *mapped])
        query = f"SELECT {', '.join(fields)} FROM {LEAD} WHERE {self.key_field} != null"
        leads = self.line.client.query(query, include_deleted=True, before_call=self.line.afford)
        while page := list(islice(leads, PAGE)):
            if self.stop():
                raise Cancelled
            # Taken for dead, a reconciliation must not mend beside the run that took over.
            leases.renew(self.line.site.pk, self.owner, now=self.line.clock().timestamp())
            yield page

    def _named(self, field: str) -> str:
        """The field as answers name it, in whatever case it was configured."""
        known = self.describe.field(field)
        return known.name if known else field

    def _compare(self, leads: Sequence[Lead]) -> None:
        key_field = self.key_field
        known = census.found([lead[key_field] for lead in leads])
        kinds: dict[Difference, Found] = {}
        untouched: dict[int, Lead] = {}
        seen = []
        for lead in leads:
            contact_id, state, lead_id, _, is_due = known.get(lead[key_field], (None, None, "", None, False))
            if lead["IsDeleted"] and lead["Id"] != lead_id:
                continue  # somebody's former lead
            seen.append(lead[key_field])
            if contact_id is None:
                self.found.note(Difference.EXTRA, lead_id=lead["Id"])
            if not contact_id:
                continue
            self.found.compared += 1
            kind = judge(lead, state=State(state or 0), lead_id=lead_id or "")
            if kind:
                kinds.setdefault(kind, []).append((contact_id, lead["Id"]))
            elif state == State.REPLICATED and not is_due and not lead["IsDeleted"]:
                untouched[contact_id] = lead
        census.see(seen)
        self._compare_values(untouched, kinds)
        self._conclude(kinds)

    def _compare_values(self, untouched: Mapping[int, Lead], kinds: dict[Difference, Found]) -> None:
        """Drift: somebody changed in Salesforce what was delivered from here."""
        ids = list(untouched)
        mapping = self.order.mapping
        rows = census.rows(ids, mapping.columns, self.line.settings.replication.score)
        for contact_id, points, *row in rows:
            ours, lead = mapping.apply(row, points), untouched[contact_id]
            fields = (
                [] if isinstance(ours, Invalid) else differs(mapping.for_update(ours), lead, self.describe)
            )
            if fields:
                self._note(Difference.DRIFTED, contact_id, lead["Id"], fields)
                kinds.setdefault(Difference.DRIFTED, []).append((contact_id, lead["Id"]))

    def _miss(self) -> None:
        for page in census.unseen(int(State.SUPPRESSED)):
            self._conclude({Difference.MISSING: page})

    def _conclude(self, kinds: Mapping[Difference, Found]) -> None:
        for kind, found in kinds.items():
            if kind is not Difference.DRIFTED:
                for contact_id, lead_id in found:
                    self._note(kind, contact_id, lead_id)
            if self.repair:
                at = self.line.clock()
                self.found.repaired += repairs.repair(
                    self.line.site, kind, found, suppress=self.suppress, at=at
                )

    def _note(self, kind: Difference, contact_id: int, lead_id: str, fields: Sequence[str] = ()) -> None:
        named = len(self.found.examples) < MOST_EXAMPLES
        key = Contact.objects.values_list("key", flat=True).get(pk=contact_id) if named else ""
        self.found.note(kind, lead_id=lead_id, key=key, fields=fields)
