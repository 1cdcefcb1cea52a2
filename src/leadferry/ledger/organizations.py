"""What a site knows of its Salesforce organization: who it is, and its describe of Lead."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from leadferry.contacts.lock import take_turn
from leadferry.contacts.models import Site
from leadferry.core.describe import LeadDescribe, parse_describe, reduced
from leadferry.core.state import Cause, State
from leadferry.ledger import events
from leadferry.ledger.models import Link, Organization
from leadferry.ledger.storage.frame import execute
from leadferry.scoring.points import rank


def of(site: Site) -> Organization:
    """The site's organization; an empty one before the first contact with Salesforce."""
    return Organization.objects.get_or_create(site=site)[0]


def described(site: Site) -> LeadDescribe | None:
    """The kept describe, or None when there is none or an answer told that it is stale."""
    organization = of(site)
    if not organization.describe or organization.described_at is None:
        return None
    return parse_describe(organization.describe)


def last_described(site: Site) -> LeadDescribe | None:
    """The describe kept last, stale or not."""
    text = of(site).describe
    return parse_describe(text) if text else None


def keep_describe(site: Site, answer: Mapping[str, Any], *, at: datetime) -> LeadDescribe:
    """Keep what `answer` (the org's describe of Lead, as JSON) says that a mapping needs."""
    kept = json.dumps(reduced(answer), separators=(",", ":"))
    of(site)
    Organization.objects.filter(site=site).update(describe=kept, described_at=at)
    return parse_describe(kept)


def mistrust_describe(site: Site) -> None:
    """An answer contradicted the kept describe: the next run reads it anew."""
    Organization.objects.filter(site=site).update(described_at=None)


def here() -> str:
    """Which installation this is: 32 hex digits of where its database lives. A copy lives elsewhere."""
    settings = connection.settings_dict
    place = settings["NAME"] if connection.vendor != "sqlite" else Path(str(settings["NAME"])).resolve()
    address = [str(settings.get("HOST") or ""), str(settings.get("PORT") or ""), str(place)]
    return blake2b("\n".join(address).encode(), digest_size=16).hexdigest()


def sharing(site: Site) -> list[Site]:
    """The site, and the others that write to the same organization."""
    org_id = of(site).org_id
    others = Organization.objects.filter(org_id=org_id).exclude(org_id="").exclude(site=site)
    return [site, *(other.site for other in others.select_related("site"))]


def confirm(site: Site, *, by: str, at: datetime) -> None:
    """Accept this installation, and whatever organization the credentials open next.

    What is known of leads belongs to the organization that was pinned. If another one is met next,
    `adopt` forgets it. The kept describe and usage may be the other one's, so they count no more.
    """
    of(site)
    with transaction.atomic():
        known = Organization.objects.filter(site=site)
        known.update(installation=here(), moving=True, described_at=None, used_at=None)
        text = "The installation was confirmed; the next contact with Salesforce pins its organization."
        events.note("site.confirmed", at=at, source="organization", site=site.code, user=by, description=text)


def adopt(site: Site, org_id: str, *, at: datetime) -> None:
    """Pin the organization that was met; if another one was pinned before, every contact starts anew."""
    organization = of(site)
    with transaction.atomic():
        take_turn(site.pk)
        if organization.org_id and organization.org_id != org_id:
            Link.objects.filter(site_id=site.pk, resumes=None).delete()
            # Who is merged stays so, with no lead in the new organization.
            forgotten = {"resumes": State.NONE, "lead_id": "", "fingerprint": None, "replicated_at": None}
            Link.objects.filter(site_id=site.pk).update(**forgotten)
            execute(_EVERYONE, [int(Cause.SETTINGS), site.pk])
            rank(site)
            text = f"The site writes to {org_id} instead of {organization.org_id}: every contact starts anew."
            events.note("organization.changed", type=events.WARNING, at=at, site=site.code, description=text)
        changed = {"org_id": org_id, "installation": here(), "moving": False}
        Organization.objects.filter(site=site).update(**changed)


_EVERYONE = """
INSERT INTO contacts_due (contact_id, site_id, score, causes, version, not_before)
SELECT id, site_id, 0, %s, 1, 0 FROM contacts_contact WHERE site_id = %s
ON CONFLICT (contact_id) DO UPDATE SET
    causes = contacts_due.causes | excluded.causes, version = contacts_due.version + 1, not_before = 0
"""
