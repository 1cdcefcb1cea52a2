"""A person as the list shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from leadferry.console.people.models import Role
from leadferry.contacts.models import Site


@dataclass(frozen=True, kw_only=True)
class Row:
    """`roles`: each as (where, role)."""

    person: User
    roles: Sequence[tuple[str, str]]
    locked: bool


def row_of(user: User, *, site: Site | None, locked: bool) -> Row:
    """`site`: the only one whose roles are shown, beside those on all sites; None: all roles."""
    memberships = [
        membership
        for membership in user.memberships.all()
        if site is None or membership.site_id in (None, site.pk)
    ]
    roles = [
        (each.site.display_name or each.site.code if each.site else "all sites", str(Role(each.role).label))
        for each in memberships
    ]
    if user.is_superuser and ("all sites", "Administrator") not in roles:
        roles.insert(0, ("all sites", "Administrator"))
    return Row(person=user, roles=roles, locked=locked)
