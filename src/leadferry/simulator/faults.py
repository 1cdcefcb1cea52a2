"""Failures on demand: which there are, which calls or rows they hit, and how often."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadferry.simulator.errors import ControlError, RowError
from leadferry.simulator.shapes import Json

# Whole-request faults, by when they strike: at the edge, at the sign-in, after the work is done.
EDGE = frozenset(
    {
        "status_420", "status_500", "status_502", "status_503", "slow", "reset_before", "garbage",
        "session_expired", "invalid_session_forever", "daily_limit", "concurrent_limit", "api_disabled",
    }
)  # fmt: skip
SIGN_IN = frozenset({"invalid_client", "invalid_grant"})
AFTERWARDS = frozenset({"reset_after", "truncated"})
PARSING = frozenset({"json_parser_error"})

_LONGEST = 3600
_LOCK = "unable to obtain exclusive access to this record or 1 records: {id}"
_TRIGGER = "LeadTrigger: execution of BeforeInsert caused by: "
ROW_TEXTS = {
    "row_error": ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    "lock_row": ("UNABLE_TO_LOCK_ROW", _LOCK),
    "trigger_lock": (
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        _TRIGGER + "System.DmlException: Update failed. First exception on row 0 with id {id}; first error: "
        "UNABLE_TO_LOCK_ROW, " + _LOCK + ": []\n\nTrigger.LeadTrigger: line 12, column 1",
    ),
    "trigger_error": (
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        _TRIGGER + "System.NullPointerException: Attempt to de-reference a null object\n\n"
        "Trigger.LeadTrigger: line 7, column 1",
    ),
    "storage_full": ("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"),
}
KINDS = EDGE | SIGN_IN | AFTERWARDS | PARSING | frozenset(ROW_TEXTS)


@dataclass(kw_only=True)
class Fault:
    """One failure to come: of which kind, for what, after how many calls, how many times (None: for ever)."""

    id: int
    kind: str
    times: int | None = 1
    after: int = 0
    path: str = ""
    method: str = ""
    where: Mapping[str, Any] | None = None
    seconds: float = 1.0
    code: str = ""
    message: str = ""
    fields: tuple[str, ...] = ()
    hits: int = field(default=0)

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "fields": list(self.fields)}

    @property
    def spent(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def meets(self, method: str, path: str) -> bool:
        return self.path in path and self.method in ("", method)

    def touches(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is one of those that `where` describes; without `where` each is."""
        if self.where is None:
            return True
        name = str(self.where["field"]).lower()
        value = next(
            (str(each) for key, each in row.items() if key.lower() == name and each is not None), None
        )
        if value is None:
            return False
        if "equals" in self.where:
            return value == str(self.where["equals"])
        return str(self.where["contains"]) in value

    def strike(self) -> bool:
        """Counts one matching call or row, and says whether this one fails."""
        if self.after > 0:
            self.after -= 1
            return False
        self.hits += 1
        return True

    def row_error(self, id_: str) -> RowError:
        code, message = ROW_TEXTS[self.kind]
        text = (self.message or message).replace("{id}", id_)
        return RowError(code=self.code or code, message=text, fields=self.fields)


class Faults:
    """The failures that wait to happen, oldest first. They live as long as the program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._last = 0

    def add(self, kind: str, /, **details: Json) -> Fault:
        """Makes a failure wait; raises ControlError for an unknown kind or a wrong detail."""
        if kind not in KINDS:
            raise ControlError(f"unknown fault {kind}; there are: {', '.join(sorted(KINDS))}")
        unknown = details.keys() - _DETAILS.keys()
        if unknown:
            raise ControlError(f"a fault has no {', '.join(sorted(unknown))}")
        _check_details(details)
        with self._lock:
            self._last += 1
            fault = Fault(id=self._last, kind=kind, **details)
            self._waiting.append(fault)
            return fault

    def all(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

    def clear(self, id_: int | None = None) -> int:
        """Removes one failure, or all; the number removed."""
        with self._lock:
            kept = [each for each in self._waiting if id_ is not None and each.id != id_]
            gone = len(self._waiting) - len(kept)
            self._waiting = kept
            return gone

    def waiting(self, kinds: frozenset[str], method: str, path: str) -> list[Fault]:
        """The failures of these kinds that a request may meet, still to be struck."""
        with self._lock:
            return [each for each in self._waiting if each.kind in kinds and each.meets(method, path)]

    def struck(self, kinds: frozenset[str], method: str, path: str) -> list[Fault]:
        """The failures of these kinds that hit this request; counted."""
        return [each for each in self.waiting(kinds, method, path) if self.hit(each)]

    def hit(self, fault: Fault) -> bool:
        """Counts a matching call or row against a failure; spent ones are forgotten."""
        with self._lock:
            if fault.spent:
                return False
            struck = fault.strike()
            if fault.spent:
                self._waiting = [each for each in self._waiting if each is not fault]
            return struck


def _check_details(details: dict[str, Any]) -> None:
    for name, value in details.items():
        fits, allowed = _DETAILS[name]
        if not fits(value):
            raise ControlError(f"{name} takes {allowed}, not {json.dumps(value, default=str)}")
    if "fields" in details:
        details["fields"] = tuple(details["fields"])


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LONGEST


def _is_choice_of_rows(value: object) -> bool:
    """Whether a value is `where`: the name of a field, and what its text equals or contains."""
    if value is None:
        return True
    if not isinstance(value, dict) or not isinstance(value.get("field"), str):
        return False
    wanted = value.keys() - {"field"}
    return wanted in ({"equals"}, {"contains"}) and not isinstance(value[wanted.pop()], dict | list | None)


def _are_names(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


_DETAILS: dict[str, tuple[Callable[[object], bool], str]] = {
    "times": (lambda value: value is None or _is_count(value), "a number of calls or rows, or null"),
    "after": (_is_count, "a number of calls or rows"),
    "seconds": (_is_duration, f"seconds, from 0 to {_LONGEST}"),
    "where": (_is_choice_of_rows, "an object of field, and equals or contains"),
    "fields": (_are_names, "a list of names"),
    **dict.fromkeys(("path", "method", "code", "message"), (_is_text, "a text")),
}
"""What each detail of a fault takes, in a test and in words."""
