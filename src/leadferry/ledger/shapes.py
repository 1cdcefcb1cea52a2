"""What a site's leads were made by before its settings made them otherwise.

By it a run tells the leads that an edit alters from those that hold already what they would get.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F

from leadferry.contacts.models import Due, Site
from leadferry.core.state import Cause
from leadferry.ledger.models import Shape
from leadferry.ledger.settings import SiteSettings

SHAPING = ("default_company", "lead_description", "external_id_field")
"""What decides, beside the mapping and what templates see, what a lead holds."""

MOST_KEPT = 5
"""Edits whose leads may be told apart while contacts still wait for the first of them."""


def remember(site: Site, old: SiteSettings) -> None:
    """Keep what made the leads until now; belongs into the transaction of the edit, before its marks."""
    Shape.objects.update_or_create(site=site, defaults={"before": _kept_with(site, old)})


def forget(site: Site) -> None:
    """Drop what is kept, once no contact waits for an edit any more."""
    kept = Shape.objects.filter(site=site)
    if kept.exists() and not _is_under_way(site):
        kept.delete()


def before(site: Site, settings: SiteSettings) -> list[SiteSettings]:
    """The settings as they made leads before, newest first; those that make the same ones are left out."""
    found = Shape.objects.filter(site=site).first()
    return _others(settings, found.before if found else [])


def before_edit(site: Site, old: SiteSettings, new: SiteSettings) -> list[SiteSettings]:
    """What `before` will give once `old` was edited into `new`."""
    return _others(new, _kept_with(site, old))


def _kept_with(site: Site, old: SiteSettings) -> list[dict[str, Any]]:
    shape = {"mapping": dict(old.mapping), "display_name": old.display_name}
    shape |= {name: getattr(old.replication, name) for name in SHAPING}
    found = Shape.objects.filter(site=site).first()
    earlier = found.before if found and _is_under_way(site) else []
    return [shape, *(each for each in earlier if each != shape)][:MOST_KEPT]


def _others(settings: SiteSettings, shapes: Sequence[Mapping[str, Any]]) -> list[SiteSettings]:
    others = []
    for shape in shapes:
        replication = replace(settings.replication, **{name: shape[name] for name in SHAPING})
        seen = {name: shape[name] for name in ("mapping", "display_name")}
        others.append(replace(settings, replication=replication, **seen))
    return [other for other in others if other != settings]


def _is_under_way(site: Site) -> bool:
    """Whether a contact waits for an edit of the mapping."""
    marked = Due.objects.filter(site_id=site.pk).annotate(cause=F("causes").bitand(int(Cause.MAPPING)))
    return marked.filter(cause__gt=0).exists()
