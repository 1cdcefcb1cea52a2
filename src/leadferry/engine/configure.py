"""Applies a configuration file, then reads what the organizations concerned say about it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from leadferry.contacts.models import Site
from leadferry.engine import describes
from leadferry.engine.line import Line
from leadferry.engine.orders import mapping_findings
from leadferry.ledger import configuration, organizations
from leadferry.ledger.configuration import Changes
from leadferry.ledger.keys import VaultError
from leadferry.ledger.settings import effective
from leadferry.salesforce import SalesforceError, Transport


@dataclass(frozen=True, kw_only=True)
class Configured:
    """What applying a file changed, and what to know about it."""

    changes: Changes
    warnings: list[str]


def configure(
    path: Path,
    *,
    clock: Callable[[], datetime],
    environ: Mapping[str, str],
    plan: bool = False,
    transport: Transport | None = None,
) -> Configured:
    """Apply the file; then read the describe of every site it names that has none, and check the mapping.

    An organization that cannot be reached is a warning: the next run reads the describe. Raises
    ConfigurationError, with nothing applied. Source: interface description, rule 2.
    """
    changes = configuration.apply(path, now=clock(), environ=environ, plan=plan)
    warnings = list(changes.warnings)
    if not plan:
        for site in Site.objects.filter(code__in=changes.sites):
            warnings += _seen_from_salesforce(
                Line(site=site, settings=effective(site), clock=clock, transport=transport)
            )
    return Configured(changes=changes, warnings=warnings)


def _seen_from_salesforce(line: Line) -> Iterator[str]:
    if line.settings.connection is None:
        return
    try:
        describe = describes.current(line, anew=organizations.described(line.site) is None)
    except (SalesforceError, VaultError) as fault:
        yield f"site {line.site.code}: the organization could not be read: {fault}. The next run reads it."
        return
    finally:
        line.close()
    for found in mapping_findings(line.site, line.settings, describe):
        stops = "would stop a run: " if found.level == "error" else ""
        yield f"site {line.site.code}: {stops}{found.field}: {found.message} {found.fix}"
