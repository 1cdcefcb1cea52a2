"""The event log: what happened, told once, in the transaction in which it happened."""

from collections.abc import Sequence
from datetime import datetime

from leadferry.ledger.storage.frame import EVENT
from leadferry.ledger.storage.rows import instant

Line = tuple[str, str, str, str]
INFORMATION, WARNING, ERROR = "information", "warning", "error"


def note(
    code: str,
    *,
    at: datetime,
    description: str,
    type: str = INFORMATION,
    source: str = "replication",
    site: str = "",
    contact: str = "",
    run: str = "",
    user: str = "",
) -> None:
    """Add one line. `code` is dotted (``run.finished``), or Salesforce's own for a refused contact.

    Source of the columns: the event log of the product, which keeps keys as text.
    """
    EVENT.write([(instant(at), type, source, code, site, contact, run, user, description)])


def note_contacts(
    lines: Sequence[Line], *, at: datetime, site: str, run: str, source: str = "replication"
) -> None:
    """Add a line for each of many contacts of one run: (type, code, contact's key, description)."""
    stored = instant(at)
    EVENT.write([(stored, type, source, code, site, key, run, "", text) for type, code, key, text in lines])
