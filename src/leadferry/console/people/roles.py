"""What a person may do on a site."""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Max, Q, QuerySet

from leadferry.console.people.models import Membership, Role
from leadferry.contacts.models import Site

Person = User | AnonymousUser


def role_of(user: Person, site: Site | None) -> Role | None:
    """The person's role on the site, the one for all sites included; on all sites where `site` is None."""
    if not user.is_active or not isinstance(user, User):
        return None
    if user.is_superuser:
        return Role.ADMINISTRATOR
    where = Q(site=None) | Q(site=site)
    found = Membership.objects.filter(where, user=user).aggregate(best=Max("role"))["best"]
    return Role(found) if found else None


def sites_of(user: Person) -> QuerySet[Site]:
    """The sites that the person may see."""
    if not user.is_active or not isinstance(user, User):
        return Site.objects.none()
    if role_of(user, None):
        return Site.objects.all()
    return Site.objects.filter(pk__in=Membership.objects.filter(user=user).values("site_id"))
