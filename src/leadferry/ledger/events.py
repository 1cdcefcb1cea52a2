"""The event log: what happened, told once, in the transaction in which it happened."""

from collections.abc import Iterable
from datetime import datetime

from leadferry.ledger.models import Event

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
    Event.objects.create(
        time=at,
        type=type,
        source=source,
        code=code,
        site=site,
        contact=contact,
        run=run,
        user=user,
        description=description,
    )


def note_all(events: Iterable[Event]) -> None:
    """Add many lines at once."""
    Event.objects.bulk_create(events)
