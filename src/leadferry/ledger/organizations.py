"""What a site knows of its Salesforce organization: who it is, and its describe of Lead."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadferry.contacts.models import Site
from leadferry.core.describe import LeadDescribe, parse_describe, reduced
from leadferry.ledger.models import Organization


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


def pin(site: Site, org_id: str) -> None:
    """Remember the organization that this site writes to."""
    Organization.objects.filter(site=site).update(org_id=org_id)
