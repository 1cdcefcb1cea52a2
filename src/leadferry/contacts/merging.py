"""Contacts that are one person: children point to a parent, which their activities count for."""

from collections.abc import Collection

from django.db.models import Q

from leadferry.contacts.merged_activities import gather, give_back
from leadferry.contacts.models import Contact


class NotMerged(ValueError):
    """These contacts cannot be merged, or split, or removed as they are; the message says why."""


def children_of(*contact_ids: int, but_not: Collection[int] = ()) -> list[Contact]:
    """Who is merged into one of these contacts, by key, without those in `but_not`."""
    found = Contact.objects.filter(merged_into__isnull=False, merged_into__in=contact_ids).order_by("key")
    return [child for child in found if child.pk not in but_not]


def related(contact_ids: Collection[int]) -> list[str]:
    """The keys of those among these contacts that are merged, and of who is merged into one of them."""
    merged = Contact.objects.filter(merged_into__isnull=False)
    among = merged.filter(Q(pk__in=contact_ids) | Q(merged_into__in=contact_ids))
    return list(among.order_by("key").values_list("key", flat=True))


def check(parent: Contact, child: Contact) -> None:
    """Raise NotMerged unless the child can be merged into the parent."""
    if parent.pk == child.pk:
        raise NotMerged("A contact cannot be merged into itself.")
    if parent.site_id != child.site_id:
        raise NotMerged("Contacts of two sites cannot be merged.")
    for each in (parent, child):
        if each.merged_into_id is not None:
            raise NotMerged(f"{each.key} is merged into another contact already; split it first.")


def attach(parent: Contact, child: Contact) -> list[Contact]:
    """Merge the child into the parent, and with it who is merged into the child; gives all of them.

    Source: product description, section 2: activities move and remember where from. Raises NotMerged.
    Belongs into a transaction that holds the site.
    """
    check(parent, child)
    grandchildren = children_of(child.pk)
    for each in grandchildren:
        give_back(child.pk, each.pk)
    moved = [child, *grandchildren]
    for each in moved:
        gather(parent.pk, each.pk)
    Contact.objects.filter(pk__in=[each.pk for each in moved]).update(merged_into=parent)
    return moved


def detach(child: Contact) -> int:
    """Give the child back its activities, and its own life; the id of who was the parent.

    What another child did as well counts for the parent from its side now. Raises NotMerged. Belongs into a
    transaction that holds the site.
    """
    parent_id = child.merged_into_id
    if parent_id is None:
        raise NotMerged(f"{child.key} is not merged into another contact.")
    give_back(parent_id, child.pk)
    Contact.objects.filter(pk=child.pk).update(merged_into=None)
    for sibling in children_of(parent_id):
        gather(parent_id, sibling.pk)
    return parent_id
