"""Contacts that go: deleted, or erased for good."""

from collections.abc import Callable, Sequence

from django.db import transaction

from leadferry.contacts.erasure import bury
from leadferry.contacts.lock import hold
from leadferry.contacts.models import Activity, Contact, Due, Site


def delete(
    site: Site,
    keys: Sequence[str],
    *,
    before: Callable[[Sequence[int]], None],
    erase: bool = False,
) -> list[str]:
    """Remove contacts with their activities and due marks; gives the keys that the site does not have.

    `before` gets their ids, inside the transaction, to remove what other tables hold of them (points, links).
    `erase` leaves tombstones, so that neither key nor e-mail comes back by import (product description,
    section 2). An unknown key is no fault here; the others are deleted all the same.
    """
    missing: list[str] = []
    for start in range(0, len(keys), 500):
        missing += _delete(site, keys[start : start + 500], before=before, erase=erase)
    return missing


@transaction.atomic
def _delete(
    site: Site, keys: Sequence[str], *, before: Callable[[Sequence[int]], None], erase: bool
) -> list[str]:
    hold(site.pk)
    found = {
        pk: (key, email)
        for pk, key, email in Contact.objects.filter(site=site, key__in=keys).values_list(
            "pk", "key", "email"
        )
    }
    if erase:
        bury(site.pk, found.values())
    if found:
        before(sorted(found))
        Due.objects.filter(contact_id__in=found).delete()
        Activity.objects.filter(contact_id__in=found).delete()
        Contact.objects.filter(pk__in=found).delete()
    present = {key for key, _ in found.values()}
    return [key for key in keys if key not in present]
