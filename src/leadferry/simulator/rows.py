"""One row from JSON to the store: read, judged in the platform's order, and saved.

The order: unknown fields, field-level security, required, length and range, automation, uniqueness, duplicate
rules, validation rules. The first stage that objects decides; its errors are all told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.simulator import errors
from leadferry.simulator.checks import check
from leadferry.simulator.drafts import Draft, Result, id_of
from leadferry.simulator.errors import RowError, bad_request
from leadferry.simulator.faults import PARSING, ROW_TEXTS
from leadferry.simulator.org import Org
from leadferry.simulator.permissions import problems, refresh_visibility
from leadferry.simulator.rules import duplicate_errors, validation_errors
from leadferry.simulator.schema import Field, Schema
from leadferry.simulator.shapes import Json, Row
from leadferry.simulator.values import UnreadableError, read
from leadferry.simulator.wire import Call, refuse_relations

_ROW_FAULTS = frozenset(ROW_TEXTS)
_NEW_ID = "000000000000000AAA"


@dataclass(frozen=True, kw_only=True)
class Saver:
    """Saves rows of one object on behalf of one call."""

    call: Call
    schema: Schema
    auto_assign: bool
    allow_save: bool
    required: Sequence[str]
    defaults: Row
    rules: Sequence[Mapping[str, Any]]

    @property
    def org(self) -> Org:
        return self.call.org

    def read_all(self, records: Iterable[object]) -> list[Draft]:
        """The rows as drafts; one value that cannot be read refuses them all (`JSON_PARSER_ERROR`)."""
        drafts = [self._read(record) for record in records]
        self._meet_parsing_faults(drafts)
        return drafts

    def _read(self, record: object) -> Draft:
        if not isinstance(record, dict):
            raise bad_request("JSON_PARSER_ERROR", "Each record has to be a JSON object.")
        refuse_relations(record)
        values: dict[str, Any] = {}
        unknown: list[str] = []
        for name, value in record.items():
            found = self.schema.seen(name)
            if name == "attributes" or name.lower() == "id":
                continue
            if found is None:
                unknown.append(name)
                continue
            values[found.name] = self._value(found, value)
        if unknown and self.org.settings.unknown_field == "request":
            problem = errors.no_such_column(unknown[0], self.schema.sobject)
            raise bad_request(problem.code, problem.message)
        return Draft(values=values, unknown=tuple(unknown), id=id_of(record))

    def _value(self, found: Field, value: object) -> Json:
        try:
            return read(found, value)
        except UnreadableError as error:
            raise self.call.unreadable(error) from None

    def _meet_parsing_faults(self, drafts: Sequence[Draft]) -> None:
        for fault in self.org.faults.waiting(PARSING, self.call.method, self.call.path):
            if any(fault.touches(each.values) for each in drafts) and self.org.faults.hit(fault):
                raise self.call.unreadable(UnreadableError("date", "31.12.2026"), said=fault.message)

    def insert(self, draft: Draft) -> Result:
        """A new row from a draft."""
        body = self._judged(draft, None)
        if isinstance(body, tuple):
            return Result(errors=body)
        body["Id"] = self.org.store.next_id(self.schema.sobject)
        self.org.store.insert(self.schema.sobject, body)
        refresh_visibility(self.org, self.schema.sobject)
        return Result(id=body["Id"])

    def update(self, held: Row, draft: Draft) -> Result:
        """A draft laid over a row that is there."""
        if held.get("IsConverted") and not self.org.settings.sees_converted:
            return Result(errors=(errors.CONVERTED,))
        body = self._judged(draft, held)
        if isinstance(body, tuple):
            return Result(errors=body)
        self.org.store.update(body)
        return Result(id=body["Id"])

    def _judged(self, draft: Draft, held: Row | None) -> Row | tuple[RowError, ...]:
        """The row to store, or every error of the first stage that objects."""
        stages: tuple[Callable[[Draft, Row | None], list[RowError]], ...] = (
            self._unknown,
            self._unwritable,
            self._missing,
            self._unfit,
            self._automation,
            self._taken,
            self._ruled_out,
        )
        for stage in stages:
            if found := stage(draft, held):
                return tuple(found)
        return self._body(draft, held)

    def _unknown(self, draft: Draft, held: Row | None) -> list[RowError]:
        return [errors.no_such_column(name, self.schema.sobject) for name in draft.unknown]

    def _unwritable(self, draft: Draft, held: Row | None) -> list[RowError]:
        fields = (self.schema.seen(name) for name in draft.values)
        closed = [each.name for each in fields if each and not (each.updateable if held else each.createable)]
        return [errors.not_writable(closed)] if closed else []

    def _missing(self, draft: Draft, held: Row | None) -> list[RowError]:
        wanted = self.required
        if held is None:
            missing = [name for name in wanted if draft.values.get(name) is None]
        else:
            missing = [name for name in wanted if name in draft.values and draft.values[name] is None]
        return [errors.required(missing)] if missing else []

    def _unfit(self, draft: Draft, held: Row | None) -> list[RowError]:
        fields = ((self.schema.seen(name), value) for name, value in draft.values.items())
        found = [check(each, value) for each, value in fields if each]
        return [each for each in found if each] or self._dangling(draft)

    def _dangling(self, draft: Draft) -> list[RowError]:
        owner = draft.values.get("OwnerId")
        if owner is None or any(self.org.store.get(kind, owner) for kind in ("User", "Group")):
            return []
        text = "invalid cross reference id"
        return [RowError(code="INVALID_CROSS_REFERENCE_KEY", message=text, fields=("OwnerId",))]

    def _automation(self, draft: Draft, held: Row | None) -> list[RowError]:
        """Row faults strike where triggers and locks would: after the platform's own checks."""
        for fault in self.org.faults.waiting(_ROW_FAULTS, self.call.method, self.call.path):
            inserts_only = fault.kind == "storage_full"
            if (
                (held is None or not inserts_only)
                and fault.touches(draft.values)
                and self.org.faults.hit(fault)
            ):
                return [fault.row_error(held["Id"] if held else _NEW_ID)]
        room = self.org.settings.storage_leads
        if held is None and room and self.org.store.number_of("Lead", "deleted = 0") >= room:
            return [RowError(code="STORAGE_LIMIT_EXCEEDED", message="storage limit exceeded")]
        return []

    def _taken(self, draft: Draft, held: Row | None) -> list[RowError]:
        if not self.org.settings.unique_keys:
            return []
        found = []
        for name, value in draft.values.items():
            each = self.schema.seen(name)
            if each and each.unique and value is not None and (held is None or held.get(name) != value):
                holder = self._holder(each, value, but=held)
                found += [errors.duplicate_value(name, holder)] if holder else []
        return found

    def _holder(self, unique: Field, value: Json, *, but: Row | None) -> str | None:
        rows = self.org.store.holders(self.schema.sobject, self.org.sql_of(unique), [value])
        own = but["Id"] if but else None
        return next((row["Id"] for row in rows if row["Id"] != own and not row["IsDeleted"]), None)

    def _ruled_out(self, draft: Draft, held: Row | None) -> list[RowError]:
        if self.schema.sobject != "Lead":
            return problems(self.org, self.schema.sobject, draft.values)
        found = duplicate_errors(self.org, draft.values, held, allow_save=self.allow_save)
        return found or validation_errors(self.rules, {**(held or {}), **draft.values})

    def _body(self, draft: Draft, held: Row | None) -> Row:
        stamp, user = self.org.stamp(), self.org.user_id
        body: Row = (
            dict(held) if held else {"Id": "", **self.defaults, "CreatedDate": stamp, "CreatedById": user}
        )
        body |= {
            name: value for name, value in draft.values.items() if value is not None or name not in _KEPT
        }
        body |= {"LastModifiedDate": stamp, "LastModifiedById": user, "SystemModstamp": stamp}
        if self.schema.sobject == "Lead":
            body["Name"] = " ".join(each for each in (body.get("FirstName"), body.get("LastName")) if each)
            if self.auto_assign and self.org.settings.assignment_owner:
                body["OwnerId"] = self.org.settings.assignment_owner
        return body


def _defaults(org: Org, schema: Schema) -> Row:
    """What a new row holds before its draft is laid over it."""
    values: Row = {each.name: each.default for each in schema if each.default is not None}
    for each in schema:
        if each.type == "boolean":
            values.setdefault(each.name, False)
    if schema.sobject == "Lead":
        values["OwnerId"] = org.user_id
    return values


# Fields that take their default, or keep their value, when null is sent.
_KEPT = frozenset({"OwnerId", "Status", "IsUnreadByOwner", "IsConverted"})


def saver(call: Call, sobject: str) -> Saver:
    """A saver that heeds the call's headers (assignment rules run unless refused, REST guide)."""
    auto = call.headers.get("sforce-auto-assign", "TRUE").strip().upper() != "FALSE"
    allow = call.option("sforce-duplicate-rule-header", "allowSave").lower() == "true"
    schema = call.org.schemas[sobject]
    return Saver(
        call=call,
        schema=schema,
        auto_assign=auto,
        allow_save=allow,
        required=[each.name for each in schema.visible() if each.required_on_insert],
        defaults=_defaults(call.org, schema),
        rules=list(call.org.store.documents("rule").values()),
    )
