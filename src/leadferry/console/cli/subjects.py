"""Whom a command speaks of: sites and contacts by the names people type."""

from collections.abc import Sequence
from difflib import get_close_matches

from leadferry.contacts.models import Contact, Site


class Unknown(Exception):
    """There is no such site or contact."""


def site_called(code: str) -> Site:
    """The site with this code name. Raises Unknown."""
    site = Site.objects.filter(code=code).first()
    if site is None:
        codes = list(Site.objects.values_list("code", flat=True)[:1000])
        near = get_close_matches(code, codes, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(codes[:10]) or 'none yet'}."
        raise Unknown(f"There is no site {code!r}.{hint}")
    return site


def contacts_called(site: Site, keys: Sequence[str]) -> list[Contact]:
    """The contacts with these keys. Raises Unknown when one does not exist."""
    found = {contact.key: contact for contact in Contact.objects.filter(site=site, key__in=list(keys))}
    missing = [key for key in dict.fromkeys(keys) if key not in found]
    if missing:
        named = ", ".join(repr(key) for key in missing[:10])
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        raise Unknown(f"Site {site.code} has no contact {named}{more}.")
    return list(found.values())
