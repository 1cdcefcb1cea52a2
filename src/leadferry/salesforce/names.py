"""Names and ids that become part of an address: checked, so that none can lead elsewhere."""

from __future__ import annotations

import re
from urllib.parse import quote

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", re.ASCII)


def checked_name(name: str) -> str:
    """The API name of an object or field; raises ValueError for anything else."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the API name of an object or field")
    return name


def checked_id(record: str) -> str:
    """A record id of 15 or 18 characters; raises ValueError for anything else."""
    if not _ID.fullmatch(record):
        raise ValueError(f"{record!r} is not a Salesforce record id")
    return record


def path_segment(key: str) -> str:
    """A key value as one segment of a path; raises ValueError for one that a path cannot carry."""
    if key in ("", ".", ".."):
        raise ValueError(f"{key!r} cannot be used as a key in an address")
    return quote(key, safe="")
