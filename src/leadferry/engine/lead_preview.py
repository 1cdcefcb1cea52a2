"""One contact seen through a mapping: each lead field's value, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadferry.contacts.models import Contact, Site
from leadferry.core.convert import Json, as_text
from leadferry.core.mapping import parse_mapping
from leadferry.core.outcome import Reason
from leadferry.engine.orders import order
from leadferry.ledger import organizations
from leadferry.ledger.settings import SiteSettings
from leadferry.ledger.storage import census, due
from leadferry.ledger.storage.rows import Selected


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What one lead field would hold; `wrong` is why Salesforce would refuse it, empty when it would not."""

    value: str
    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadPreview:
    """The lead of one contact, by lower-case lead field."""

    key: str
    name: str
    fields: Mapping[str, Shown]


def preview(site: Site, settings: SiteSettings, *, key: str = "") -> LeadPreview | None:
    """The contact of that key under these settings; without key, the next that a run would look at.

    None when the site has no such contact. Nothing is sent and nothing recorded. Raises BadMapping.
    """
    contact = _contact(site, key)
    if contact is None:
        return None
    ready = order(site, settings, parse_mapping(settings.mapping), organizations.last_described(site)).mapping
    [(_, points, *row)] = census.rows([contact.pk], ready.columns, settings.replication.score)
    found = ready.field_by_field(row, points)
    return LeadPreview(
        key=contact.key,
        name=f"{contact.first_name} {contact.last_name}".strip() or contact.email or contact.key,
        fields={name.lower(): _shown(value) for name, value in found.items()},
    )


def _contact(site: Site, key: str) -> Contact | None:
    mine = Contact.objects.filter(site=site)
    if key:
        return mine.filter(key=key).first()
    for page in due.pages(site.pk, Selected(), now=2**62, size=1):
        return mine.filter(pk=page[0][-due.TAIL_WIDTH]).first()
    return mine.order_by("key").first()


def _shown(found: Json | Reason) -> Shown:
    if isinstance(found, Reason):
        return Shown(value="", wrong=found.message)
    return Shown(value="" if found is None else as_text(found))
