"""A change as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry

from leadferry.console.people.trail import NAMES

DEEDS = {
    LogEntry.Action.CREATE: "made",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "deleted",
}
NOTHING = ("None", "", None)


@dataclass(frozen=True, kw_only=True)
class Row:
    """`values`: each as (field, before, after)."""

    time: datetime
    person: str
    deed: str
    what: str
    subject: str
    values: Sequence[tuple[str, str, str]]


def row_of(entry: LogEntry) -> Row:
    model: Any = entry.content_type.model_class()
    return Row(
        time=entry.timestamp,
        person=entry.actor.get_username() if entry.actor else "",
        deed=DEEDS.get(entry.action, "read"),
        what=NAMES.get(model, entry.content_type.model),
        subject=entry.object_repr,
        values=[
            (field.replace("_", " "), _shown(pair[0]), _shown(pair[1]))
            for field, pair in sorted((entry.changes or {}).items())
            if isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]
        ],
    )


def _shown(value: object) -> str:
    return "–" if value in NOTHING else str(value)
