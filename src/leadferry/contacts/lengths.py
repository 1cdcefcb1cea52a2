"""How long the texts are that a site's contacts really hold."""

from collections.abc import Iterable

from django.db import connection

from leadferry.contacts.models import Site
from leadferry.core.contact import CONTACT_FIELDS, FieldKind

_TEXTS = (FieldKind.TEXT, FieldKind.EMAIL)


def longest(site: Site, fields: Iterable[str]) -> dict[str, int]:
    """By field, the characters of its longest value; 0 for what is no text column, custom fields included.

    Reads every contact of the site once.
    """
    wanted = list(dict.fromkeys(fields))
    texts = [name for name in wanted if CONTACT_FIELDS.get(name) in _TEXTS]
    if not texts:
        return dict.fromkeys(wanted, 0)
    measured = ", ".join(f"MAX(LENGTH({connection.ops.quote_name(name)}))" for name in texts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {measured} FROM contacts_contact WHERE site_id = %s", [site.pk])
        found = dict(zip(texts, cursor.fetchone(), strict=True))
    return {name: found.get(name) or 0 for name in wanted}
