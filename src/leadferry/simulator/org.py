"""The organization: its records, fields, settings, faults, and what it was asked."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from leadferry.simulator import lead
from leadferry.simulator.faults import Faults
from leadferry.simulator.objects import others
from leadferry.simulator.schema import Field, Schema, key_field, schema_of
from leadferry.simulator.settings import Settings
from leadferry.simulator.store import Store, column
from leadferry.simulator.values import timestamp

_DAY_IN_MINUTES = 24 * 60
_LOG_LENGTH = 1000


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One API request as the control API tells it afterwards."""

    time: str
    method: str
    path: str
    status: int
    counted: bool
    rows: int


class Org:
    """One simulated organization; safe to use from several threads.

    `path` is a SQLite file, or None for memory. `external_id_fields` exist from the start as Text(32), unique
    and case-sensitive. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        external_id_fields: Sequence[str] = ("LeadferryId__c",),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = Store(path)
        self.faults = Faults()
        self.log: deque[Logged] = deque(maxlen=_LOG_LENGTH)
        self.ahead = 0.0
        self._clock = clock
        self._keys = tuple(external_id_fields)
        self._prepare()

    def _prepare(self) -> None:
        """Reads what the store remembers, or founds the organization."""
        with self.store.atomic():
            self.settings = Settings().changed(self.store.document("setting", "all") or {})
            self.schemas = {"Lead": schema_of("Lead", lead.FIELDS), **others()}
            for name in self._keys:
                self.schemas["Lead"].put(key_field(name))
            for stored in self.store.documents("field").values():
                self.schemas["Lead"].put(_field_from(stored))
            for each in self.schemas["Lead"]:
                if each.indexed:
                    self.store.index(each.name, case_sensitive=each.minds_case)
            if self.store.document("schema", "changed") is None:
                self.store.put("schema", "changed", self.seconds())
            self.id, self.user_id = self._found("Organization"), self._found("User")

    def _found(self, sobject: str) -> str:
        """The id of the one organization, or of its one user."""
        known = self.store.select(sobject)
        if known:
            return str(known[0]["Id"])
        body: dict[str, Any] = {"Id": self.store.next_id(sobject), "Name": f"Simulated {sobject}"}
        if sobject == "User":
            body |= {"Username": self.settings.username, "Email": self.settings.username, "IsActive": True}
        stamp = self.stamp()
        body |= {"IsDeleted": False, "CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp}
        self.store.insert(sobject, body)
        return str(body["Id"])

    def reset(self) -> None:
        """Back to an empty organization; sessions, faults, settings, fields and usage are gone too."""
        with self.store.lock:
            self.store.clear()
            self.faults.clear()
            self.log.clear()
            self.ahead = 0.0
            self._prepare()

    # time

    def seconds(self) -> float:
        return self._clock() + self.ahead

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def stamp(self) -> str:
        return timestamp(self.now())

    # shape

    @property
    def leads(self) -> Schema:
        return self.schemas["Lead"]

    def put_field(self, changed: Field) -> None:
        """Adds or alters a field of Lead, for good."""
        with self.store.atomic():
            self.store.put("field", changed.name, asdict(changed))
            self._mark_change()
            if changed.indexed:
                self.store.index(changed.name, case_sensitive=changed.minds_case, anew=True)
            self.leads.put(changed)

    def drop_field(self, name: str) -> None:
        with self.store.atomic():
            self.store.drop("field", name)
            self._mark_change()
            self.leads.remove(name)

    def _mark_change(self) -> None:
        """Notes the time; two changes within a second must not look like one to `If-Modified-Since`."""
        self.store.put("schema", "changed", max(self.seconds(), int(self.schema_changed()) + 1))

    def schema_changed(self) -> float:
        """When a field was last added or altered, in seconds since 1970."""
        return float(self.store.document("schema", "changed"))

    def change_settings(self, changes: dict[str, Any]) -> Settings:
        with self.store.atomic():
            self.settings = self.settings.changed(changes)
            self.store.put("setting", "all", self.settings.as_json())
            return self.settings

    def sql_of(self, field: Field) -> str:
        return column(field.name, case_sensitive=field.minds_case)

    # usage

    def spend(self) -> None:
        """Counts one API call."""
        with self.store.atomic():
            self.store.spend(int(self.seconds() // 60))
            self.store.count_up("calls")

    def used(self) -> int:
        """API calls of the last 24 hours."""
        return self.store.spent_since(int(self.seconds() // 60) - _DAY_IN_MINUTES)

    def calls(self) -> int:
        """API calls since the organization was founded or reset."""
        return self.store.counted("calls")


def _field_from(stored: dict[str, Any]) -> Field:
    lists = {name: tuple(stored[name]) for name in ("values", "refers_to")}
    return Field(**{**stored, **lists})
