"""First ways in: the first administrator, one-time passwords, sign-in links."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from leadferry.console.people.models import Membership, OneTimePassword, Role, SignInLink

NAME = "admin"
LINK_LIVES = timedelta(minutes=30)


def first_administrator(*, password: str = "") -> str | None:
    """Make the administrator of a new installation; None when there is somebody who can sign in already.

    Gives the password to show, once: one that has to be changed at the first sign-in. With `password`
    (LEADFERRY_ADMIN_PASSWORD) that one is set, and nothing is to be shown: the answer is empty.
    """
    with transaction.atomic():
        if User.objects.exists():
            return None
        made = secrets.token_urlsafe(12)
        user = User.objects.create_superuser(NAME, password=password or made)
        Membership.objects.create(user=user, site=None, role=Role.ADMINISTRATOR)
        if password:
            return ""
        OneTimePassword.objects.create(user=user, password=user.password)
    return made


def must_change_password(user: User) -> bool:
    """Whether the person still has the password that was shown once."""
    return OneTimePassword.objects.filter(user=user, password=user.password).exists()


def link_token(user: User, *, now: datetime) -> str:
    """The token of a link that signs `user` in, once, within half an hour."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.filter(expires_at__lt=now).delete()
    SignInLink.objects.create(digest=_digest(token), user=user, expires_at=now + LINK_LIVES)
    return token


def spend(token: str, *, now: datetime) -> User | None:
    """The person whom the link signs in; None when it is unknown, over or already used."""
    with transaction.atomic():
        link = (
            SignInLink.objects.select_related("user")
            .filter(digest=_digest(token), expires_at__gte=now)
            .first()
        )
        if link is None or not link.user.is_active:
            return None
        spent, _ = SignInLink.objects.filter(digest=link.digest).delete()
    return link.user if spent else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
