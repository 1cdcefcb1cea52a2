"""A row on its way in, as it was read, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadferry.simulator.errors import RowError


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A row as it was read: values by field, names nobody knows, and the id it carries."""

    values: Mapping[str, Any]
    unknown: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one row; `created` only where the operation could have done either."""

    id: str | None = None
    errors: tuple[RowError, ...] = ()
    created: bool | None = None

    @property
    def success(self) -> bool:
        return not self.errors

    def as_json(self) -> dict[str, Any]:
        if self.errors:
            return {"success": False, "errors": [each.body() for each in self.errors]}
        body: dict[str, Any] = {"id": self.id, "success": True, "errors": []}
        return body if self.created is None else body | {"created": self.created}


def id_of(record: Mapping[str, Any]) -> str | None:
    return next((value for name, value in record.items() if name.lower() == "id"), None)
