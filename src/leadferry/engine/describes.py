"""The organization's describe of Lead: kept, and read anew when an answer contradicts it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from leadferry.contacts.lock import hold
from leadferry.contacts.models import Site
from leadferry.core.describe import BadDescribe, LeadDescribe, changed_fields
from leadferry.engine.line import Line
from leadferry.ledger import organizations, quarantine
from leadferry.salesforce import NeedsPerson, TryLater

STALE = frozenset({"INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_TYPE", "NOT_FOUND"})
"""Codes by which an answer says that the organization is not as described (REST guide, status codes)."""


def current(line: Line, *, anew: bool) -> LeadDescribe:
    """The kept describe; one more call when there is none, when it is mistrusted, or when asked for `anew`.

    Contacts held back because of a field that changed since are released.
    """
    kept = organizations.described(line.site)
    if kept is not None and not anew:
        return kept
    before = organizations.last_described(line.site)
    line.afford()
    answer, at = line.describe(), line.clock()
    # Only now: the call may renew a token, which must stay stored whatever happens here; and on SQLite
    # every other writer waits for a transaction, while Salesforce may be slow.
    try:
        return _kept(line.site, answer, before, at=at)
    except BadDescribe as fault:
        raise TryLater(f"Salesforce's describe of Lead cannot be read: {fault}") from fault


@transaction.atomic
def _kept(
    site: Site, answer: Mapping[str, Any], before: LeadDescribe | None, *, at: datetime
) -> LeadDescribe:
    hold(site.pk)
    now = organizations.keep_describe(site, answer, at=at)
    if before is not None:
        quarantine.release_described(site, changed_fields(before, now), at=at)
    return now


def mistrust(site: Site, fault: NeedsPerson) -> None:
    """Have the next run read the describe anew, if this fault means that it is out of date."""
    if fault.code in STALE:
        organizations.mistrust_describe(site)
