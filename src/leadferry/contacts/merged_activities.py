"""Activities of merged contacts: they count for the parent, and are given back by a split.

What a merged contact and its parent both did, the same to the letter, is not moved: it counts once.
"""

from django.db.models import Q

from leadferry.contacts.activity_rows import Activities
from leadferry.contacts.activity_rows import insert as insert_rows
from leadferry.contacts.models import Activity, Contact


def gather(parent_id: int, child_id: int) -> None:
    """Move to the parent what the child did, except what the parent has already."""
    there = Activity.objects.filter(contact_id=parent_id).values("digest")
    theirs = Activity.objects.filter(contact_id=child_id).exclude(digest__in=there)
    theirs.update(contact_id=parent_id, origin=child_id)


def give_back(parent_id: int, child_id: int) -> None:
    """Return to the child what was moved from it."""
    moved = Activity.objects.filter(contact_id=parent_id, origin=child_id)
    moved.update(contact_id=child_id, origin=None)


def insert(site_id: int, activities: Activities) -> list[int]:
    """As `activity_rows.insert`; what a merged contact did goes to its parent, whose id is given for it."""
    parents = _families(site_id, {contact_id for contact_id, _ in activities})
    if not parents:
        return insert_rows(site_id, activities)
    _make_room(activities, set(parents.values()))
    moved = _moved(parents)
    fresh = {owner: activity for owner, activity in activities.items() if owner not in moved}
    owners = insert_rows(site_id, fresh)
    for child_id in sorted(parents.keys() & set(owners)):
        gather(parents[child_id], child_id)
    return [parents.get(owner, owner) for owner in owners]


def _families(site_id: int, contact_ids: set[int]) -> dict[int, int]:
    """The parents, by child, of the merged contacts among these, and of those merged into one of them."""
    merged = Contact.objects.filter(site_id=site_id, merged_into__isnull=False)
    related = merged.filter(Q(pk__in=contact_ids) | Q(merged_into__in=contact_ids))
    return dict(related.values_list("pk", "merged_into_id"))


def _moved(parents: dict[int, int]) -> set[tuple[int, int]]:
    moved = Activity.objects.filter(contact_id__in=set(parents.values()), origin__in=parents)
    return {
        (origin, digest) for origin, digest in moved.values_list("origin", "digest") if origin is not None
    }


def _make_room(activities: Activities, parent_ids: set[int]) -> None:
    """What a parent does that a child did before becomes the parent's own; the child has its own back."""
    for parent_id in sorted(parent_ids):
        digests = [digest for owner, digest in activities if owner == parent_id]
        same = Activity.objects.filter(contact_id=parent_id, origin__isnull=False, digest__in=digests)
        for pk, origin in same.values_list("pk", "origin"):
            Activity.objects.filter(pk=pk).update(contact_id=origin, origin=None)
