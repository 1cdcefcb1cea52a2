"""People as administrators change them: invited, given roles, deactivated, let in again.

Every change stands with its event in one transaction; what was before and after, the audit keeps by itself.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from leadferry.console.people.models import Membership, OneTimePassword, Role
from leadferry.contacts.models import Site
from leadferry.ledger import events

SOURCE = "people"


class LastAdministrator(Exception):
    """Nobody would be left who may give roles."""


def administrators() -> QuerySet[User]:
    """Who can sign in and is administrator of all sites."""
    everywhere = Q(memberships__site=None, memberships__role=Role.ADMINISTRATOR)
    return User.objects.filter(Q(is_superuser=True) | everywhere, is_active=True).distinct()


def of(site: Site | None) -> QuerySet[User]:
    """The people with a role on the site, those for all sites included; without site: everybody."""
    people = User.objects.order_by("username").prefetch_related("memberships__site")
    if site is None:
        return people
    named = Q(memberships__site=site) | Q(memberships__site=None, memberships__isnull=False)
    return people.filter(named | Q(is_superuser=True)).distinct()


def invite(
    username: str, email: str, *, site: Site | None, role: Role | None, by: str, at: datetime
) -> tuple[User, str]:
    """A new person with this role, if any, on the site (None: all), and the password to hand over.

    It has to be changed on signing in.
    """
    with transaction.atomic():
        user = User.objects.create_user(username, email)
        password = _one_time_password(user)
        if role is not None:
            Membership.objects.create(user=user, site=site, role=role)
        _note("person.invited", user, "Invited", by=by, at=at, site=site if role else None)
    return user, password


def reset_password(user: User, *, by: str, at: datetime) -> str:
    """A new password to hand over; the old one, and everybody signed in with it, is out."""
    with transaction.atomic():
        password = _one_time_password(user)
        unlock(user)
        _note("person.changed", user, "Password reset", by=by, at=at)
    return password


def give_role(user: User, site: Site | None, role: Role | None, *, by: str, at: datetime) -> None:
    """Make this the person's role on the site (None: on all); without role, they lose it there.

    Raises LastAdministrator.
    """
    with _keeping_an_administrator():
        membership = Membership.objects.filter(user=user, site=site).first()
        if site is None and user.is_superuser and role is not Role.ADMINISTRATOR:
            user.is_superuser = False
            user.save(update_fields=["is_superuser"])
        if role is None and membership:
            membership.delete()
        elif role is not None and membership:
            membership.role = role
            membership.save(update_fields=["role"])
        elif role is not None:
            Membership.objects.create(user=user, site=site, role=role)
        told = f"{role.label if role else 'No role any more'} on {site.code if site else 'all sites'}"
        _note("person.changed", user, told, by=by, at=at, site=site)


def activate(user: User, active: bool, *, by: str, at: datetime) -> None:
    """Let the person sign in, or no longer; who is signed in is out at once. Raises LastAdministrator."""
    with _keeping_an_administrator():
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            _end_sessions(user)
        _note("person.changed", user, "Activated" if active else "Deactivated", by=by, at=at)


def sign_out_everywhere(user: User, *, by: str, at: datetime) -> int:
    """End every session of the person; how many there were."""
    with transaction.atomic():
        ended = _end_sessions(user)
        _note("person.changed", user, "Signed out everywhere", by=by, at=at)
    return ended


def locked_out(users: list[User], *, now: datetime) -> set[str]:
    """The names of those who failed to sign in so often that they are locked out from some address."""
    failed = AccessAttempt.objects.filter(
        username__in=[user.username for user in users],
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gt=now - settings.LOCKED_OUT_FOR,
    )
    return set(failed.values_list("username", flat=True))


def unlock(user: User) -> None:
    """Forget the failures of the person, from every address."""
    reset(username=user.username)


def unlock_by_hand(user: User, *, by: str, at: datetime) -> None:
    """Let a locked-out person try again."""
    with transaction.atomic():
        unlock(user)
        _note("person.changed", user, "Unlocked", by=by, at=at)


def _one_time_password(user: User) -> str:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    OneTimePassword.objects.update_or_create(user=user, defaults={"password": user.password})
    return password


def _end_sessions(user: User) -> int:
    ended = 0
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


@contextmanager
def _keeping_an_administrator() -> Iterator[None]:
    with transaction.atomic():
        # Two administrators who remove each other at the same time wait for each other here.
        list(User.objects.select_for_update().filter(pk__in=administrators().values("pk")).order_by("pk"))
        yield
        if not administrators().exists():
            raise LastAdministrator("Somebody has to stay administrator of all sites.")


def _note(code: str, user: User, what: str, *, by: str, at: datetime, site: Site | None = None) -> None:
    text = f"{what}: {user.get_username()}"
    events.note(code, at=at, source=SOURCE, site=site.code if site else "", user=by, description=text)
