"""One scope changed by a person: checked, saved and followed like the same tables in a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction

from leadferry.ledger.configuration.applying import Step, hold_sites
from leadferry.ledger.configuration.changes import Changes
from leadferry.ledger.configuration.reading import Document, typed
from leadferry.ledger.configuration.scopes import stored
from leadferry.ledger.settings import SiteSettings

NAME = "console"

Table = Mapping[str, Any]


class Overtaken(Exception):
    """The settings were changed by somebody else since they were shown."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What an edit would change: the keys, and per site concerned its settings before and after."""

    changes: Changes
    sites: tuple[tuple[str, SiteSettings, SiteSettings], ...]


def seen(code: str) -> str:
    """16 hex digits that differ once a table of the scope differs; `code` is empty for the global default."""
    scope = stored([code])[code]
    text = json.dumps(vars(scope.tables), sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def propose(code: str, tables: Mapping[str, Table]) -> Proposal:
    """What `edit` would do, with nothing changed. Raises ConfigurationError."""
    document = _document(code, tables)
    step = Step.planned(document)
    return Proposal(changes=step.outcome(document, plan=True), sites=tuple(step.before_and_after()))


def edit(code: str, tables: Mapping[str, Table], *, base: str, now: datetime, user: str) -> Changes:
    """Make these tables of the scope equal to those given; a key left out is inherited again.

    `code` is that of a site, or empty for the global default; `base` is what `seen` said when the settings
    were shown. Raises ConfigurationError, with nothing changed, and Overtaken.
    """
    document = _document(code, tables)
    with transaction.atomic():
        hold_sites(document)
        if seen(code) != base:
            raise Overtaken
        step = Step.planned(document)
        step.make(at=now, user=user)
    return step.outcome(document, plan=False)


def _document(code: str, tables: Mapping[str, Table]) -> Document:
    given = {name: dict(table) for name, table in tables.items()}
    return typed({"site": {code: given}} if code else {"default": given}, name=NAME)
