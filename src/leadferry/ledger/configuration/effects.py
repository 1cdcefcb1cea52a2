"""What a change of settings sets in motion: due marks, ranking, a fresh describe, an event."""

from collections.abc import Sequence
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.core.state import Cause
from leadferry.ledger import events, marks, organizations, shapes, tasks
from leadferry.ledger.configuration.changes import Change, same
from leadferry.ledger.settings import SiteSettings
from leadferry.scoring.points import rank

SOURCE = "configuration"
# These decide who is sent; the site's mapping and what templates see decide what is sent.
QUALIFYING = ("score", "minimum_score", "include_anonymous", "keep_updated")


def follow(site: Site, old: SiteSettings, new: SiteSettings, *, at: datetime) -> None:
    """Bring tasks, work list and what is known of the organization in line with the new settings."""
    reshaped, requalified = shapes_leads(old, new), requalifies(old, new)
    revived = old.replication.on_deleted == "suppress" and new.replication.on_deleted == "create"
    if revived:
        marks.suppressed(site, Cause.LEAD_GONE)
    if reshaped:
        shapes.remember(site, old)
        marks.waiting(site, Cause.MAPPING)
        marks.linked(site, Cause.MAPPING)
    if requalified:
        marks.everyone(site, Cause.SETTINGS, replication=new.replication)
    if site.ranked_by != (new.replication.score or ""):
        site.ranked_by = new.replication.score or ""
        site.save(update_fields=["ranked_by"])
    if reshaped or requalified or revived:
        rank(site)
    if old.connection != new.connection:
        organizations.mistrust_describe(site)
    tasks.follow(site, new.schedule, at=at)


def shapes_leads(old: SiteSettings, new: SiteSettings) -> bool:
    """Whether a lead could get other values, or another key, than before."""
    if not same(old.mapping, new.mapping) or _differ(shapes.SHAPING, old, new):
        return True
    return old.display_name != new.display_name and "display_name" in f"{new.mapping}{new.replication}"


def requalifies(old: SiteSettings, new: SiteSettings) -> bool:
    """Whether another set of contacts could be worth a lead, or kept updated."""
    return _differ(QUALIFYING, old, new)


def _differ(names: Sequence[str], old: SiteSettings, new: SiteSettings) -> bool:
    return any(getattr(old.replication, name) != getattr(new.replication, name) for name in names)


def tell(code: str, changes: Sequence[Change], *, at: datetime, user: str) -> None:
    """The event of one scope that changed; it names the keys, and no value of any."""
    prefix = f"site.{code}." if code else "default."
    keys = ", ".join(change.path.removeprefix(prefix) for change in changes)
    name = "site.configured" if code else "default.configured"
    events.note(name, at=at, source=SOURCE, site=code, user=user, description=f"Changed: {keys}")
