"""What a site's leads were made by before its settings made them otherwise.

By it a run tells the leads that an edit alters from those that hold already what they would get.
"""

from dataclasses import replace

from django.db.models import F

from leadferry.contacts.models import Due, Site
from leadferry.core.state import Cause
from leadferry.ledger.models import Shape
from leadferry.ledger.settings import SiteSettings

SHAPING = ("default_company", "lead_description", "external_id_field")
"""What decides, beside the mapping and what templates see, what a lead holds."""


def remember(site: Site, old: SiteSettings) -> None:
    """Keep what made the leads until now; while contacts wait for an earlier edit, what did until that."""
    if Shape.objects.filter(site=site).exists() and _is_under_way(site):
        return
    before = {"mapping": dict(old.mapping), "display_name": old.display_name}
    before |= {name: getattr(old.replication, name) for name in SHAPING}
    Shape.objects.update_or_create(site=site, defaults={"before": before})


def before(site: Site, settings: SiteSettings) -> SiteSettings | None:
    """The settings as they made leads before the last edit; None if they make the same ones."""
    found = Shape.objects.filter(site=site).first()
    if found is None:
        return None
    replication = replace(settings.replication, **{name: found.before[name] for name in SHAPING})
    known = {name: found.before[name] for name in ("mapping", "display_name")}
    earlier = replace(settings, replication=replication, **known)
    return None if earlier == settings else earlier


def _is_under_way(site: Site) -> bool:
    marked = Due.objects.filter(site_id=site.pk).annotate(cause=F("causes").bitand(int(Cause.MAPPING)))
    return marked.filter(cause__gt=0).exists()
