"""Checks everything that a run of a site would need, and says how to mend what is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.core.preflight import Level
from leadferry.engine import describes
from leadferry.engine.line import Line, OverBudget
from leadferry.engine.opening import IF_IT_STAYS
from leadferry.engine.orders import mapping_findings
from leadferry.ledger.keys import VaultError
from leadferry.ledger.settings import effective
from leadferry.salesforce import NeedsPerson, SalesforceError, Transport

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was checked. `level`: ok, warning, or error, which would stop a run."""

    level: str
    check: str
    message: str
    fix: str = ""


def examine(
    site: Site, *, clock: Callable[[], datetime], transport: Transport | None = None
) -> Iterator[Finding]:
    """Check settings, connection, API version, permissions, mapping and budget, in this order.

    Costs one API call, the describe, which is kept. Stops where the next check would make no sense.
    Source: interface description, commands.
    """
    settings = effective(site)
    line = Line(site=site, settings=settings, clock=clock, transport=transport)
    yield _enabled(site, settings.replication.enabled)
    try:
        yield from _connection(line)
        yield from _mapping(line)
        yield _budget(line)
    except OverBudget as fault:
        yield Finding(level=ERROR, check="budget", message=str(fault), fix=_FREE_CALLS)
    except (SalesforceError, VaultError) as fault:
        yield Finding(level=ERROR, check="connection", message=str(fault), fix=_fix(fault))
    finally:
        line.account()
        line.close()


def _enabled(site: Site, enabled: bool) -> Finding:
    if enabled:
        return Finding(level=OK, check="settings", message="The replication is enabled.")
    fix = f"Set enabled = true in [site.{site.code}.replication] and apply the file."
    return Finding(level=ERROR, check="settings", message="The replication is not enabled.", fix=fix)


def _connection(line: Line) -> Iterator[Finding]:
    identity = line.client.connect()
    text = f"Signed in to organization {identity.org_id or '(unknown)'} at {identity.instance_url}."
    yield Finding(level=OK, check="connection", message=text)
    version = line.settings.connection.api_version if line.settings.connection else ""
    offered = [str(entry.get("version")) for entry in line.client.versions()]
    if offered and version not in offered:
        newest = f'Set api_version = "{offered[-1]}", which the organization offers.'
        text = f"The organization does not offer API version {version}."
        yield Finding(level=ERROR, check="version", message=text, fix=newest)


def _mapping(line: Line) -> Iterator[Finding]:
    describe = describes.current(line, anew=True)
    findings = mapping_findings(line.site, line.settings, describe)
    for found in findings:
        level = ERROR if found.level is Level.ERROR else WARNING
        yield Finding(level=level, check="mapping", message=f"{found.field}: {found.message}", fix=found.fix)
    if not any(found.level is Level.ERROR for found in findings):
        count = len(line.settings.mapping)
        yield Finding(level=OK, check="mapping", message=f"The organization takes the {count} mapped fields.")


_FREE_CALLS = "Wait until calls are free again, raise max_calls_per_day, or lower api_reserve_percent."


def _budget(line: Line) -> Finding:
    line.learn()
    left = line.budget().calls_left()
    if left == 0:
        why = line.budget().why_not(1) or ""
        return Finding(level=ERROR, check="budget", message=why, fix=_FREE_CALLS)
    text = (
        f"{left:,} API calls are left for this site." if left is not None else "Nothing bounds the API calls."
    )
    return Finding(level=OK, check="budget", message=text)


def _fix(fault: Exception) -> str:
    return fault.fix if isinstance(fault, NeedsPerson) else f"Try again. {IF_IT_STAYS}"
