"""The org's API allowance, as every charged answer reports it (REST API guide, Limit Info Header)."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The header may also carry per-app-api-usage, in any order (API Request Limits page).
_API_USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """API requests of the org in the last 24 hours: an approximate gauge, which may also step back."""

    used: int
    allowed: int


def parse_usage(header: str | None) -> Usage | None:
    """Usage of a Sforce-Limit-Info header; None when there is none in it."""
    found = _API_USAGE.search(header) if header else None
    if found is None:
        return None
    return Usage(used=int(found[1]), allowed=int(found[2]))
