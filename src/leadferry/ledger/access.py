"""As whom a site is let into its organization: who, since when, through whom; and the end of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from leadferry.contacts.models import Site
from leadferry.ledger import events, vault
from leadferry.ledger.grants import TOKEN
from leadferry.ledger.models import Access

SOURCE = "organization"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a person granted in the browser, and on whose behalf; `client_id` at `login_url` may use it."""

    token: str
    login_url: str
    client_id: str
    user_id: str
    instance_url: str


def of(site: Site) -> Access:
    """What is known; an empty row before the site was let in."""
    return Access.objects.filter(site=site).first() or Access(site=site)


def learn(site: Site, user_id: str, instance_url: str, *, at: datetime) -> None:
    """The site was let in as this user; `since` is the first time in a row."""
    known = of(site)
    if (known.user_id, known.instance_url) == (user_id, instance_url) and known.since:
        return
    seen: dict[str, object] = {"user_id": user_id, "instance_url": instance_url}
    if known.user_id != user_id or known.since is None:
        seen |= {"username": "", "since": at, "by": ""}
    Access.objects.update_or_create(site=site, defaults=seen)


def name(site: Site, username: str) -> None:
    """Keep what the user is called who signs in."""
    Access.objects.filter(site=site).update(username=username)


@transaction.atomic(durable=True)
def grant(site: Site, given: Grant, *, by: str, at: datetime) -> None:
    """The site is connected by this grant from now on; a refresh of the one before is not stored any more."""
    vault.keep(site.code, TOKEN, given.token)
    given_to = {"login_url": given.login_url, "client_id": given.client_id}
    who = {"user_id": given.user_id, "username": "", "instance_url": given.instance_url}
    fresh = {"rotates": None, "doubt": False, "owner": "", "expires": 0, "since": at, "by": by}
    Access.objects.update_or_create(site=site, defaults={**given_to, **who, **fresh})
    text = f"Connected in the browser as user {given.user_id} at {given.instance_url}."
    events.note("organization.connected", at=at, source=SOURCE, site=site.code, user=by, description=text)


@transaction.atomic(durable=True)
def forget(site: Site, names: tuple[str, ...], *, by: str, at: datetime) -> None:
    """Forget the site's own credentials of these names, and as whom it was let in."""
    for each in names:
        vault.forget(site.code, each)
    Access.objects.filter(site=site).delete()
    text = "Disconnected: the stored credentials were forgotten."
    events.note("organization.disconnected", at=at, source=SOURCE, site=site.code, user=by, description=text)


def note_credentials(site: Site, *, by: str, at: datetime) -> None:
    """Tell that somebody replaced the credentials; not with what."""
    text = "The credentials were replaced."
    events.note("organization.credentials", at=at, source=SOURCE, site=site.code, user=by, description=text)
