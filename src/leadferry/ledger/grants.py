"""The refresh token of a site: one process at a time may spend it, and what it brought is stored first.

Salesforce ends a grant whose spent refresh token comes back (help article 005316711), so a token whose
refresh was sent and not answered is never sent again, unless it is known not to rotate.
"""

from django.db import transaction
from django.db.models import Q

from leadferry.contacts.models import Site
from leadferry.ledger import vault
from leadferry.ledger.models import Access

TOKEN = "refresh_token"  # noqa: S105 - the name of the credential
SECONDS = 180.0
"""How long a claim holds: longer than any answer of a token endpoint takes."""


class Taken(Exception):
    """Another process refreshes the token now."""


class InDoubt(Exception):
    """The token may be spent: the answer to its last refresh was lost."""


class Replaced(Exception):
    """The grant was ended or replaced while it was refreshed."""


def token(site: Site) -> str | None:
    """The newest refresh token of the site, or None when nobody connected it."""
    return vault.read(site.code, TOKEN)


@transaction.atomic(durable=True)
def take(site: Site, owner: str, *, now: float) -> None:
    """Claim the token at `now` (epoch seconds). Raises Taken, InDoubt, and Replaced when there is none."""
    own = Access.objects.filter(site=site)
    sure = Q(doubt=False) | Q(rotates=False)
    # A claim that lapsed in doubt stays with its owner, whose late answer may still be stored.
    free = own.filter(sure & (Q(owner="") | Q(expires__lt=now)))
    if free.update(owner=owner, expires=now + SECONDS):
        return
    known = own.first()
    if known is None:
        raise Replaced
    if known.owner and known.expires >= now:
        raise Taken
    raise InDoubt if known.doubt and known.rotates is not False else Taken


def sending(site: Site, owner: str) -> None:
    """A refresh is about to be sent: until it is answered, the token may be spent. Raises Replaced."""
    with transaction.atomic(durable=True):
        if not Access.objects.filter(site=site, owner=owner).update(doubt=True):
            raise Replaced


def unspent(site: Site, owner: str) -> None:
    """The refresh was refused, or never left: the token is what it was."""
    Access.objects.filter(site=site, owner=owner).update(doubt=False)


def same(site: Site, owner: str) -> None:
    """The refresh brought no other token, unless `rotated` was told of one: this one may be used again."""
    Access.objects.filter(site=site, owner=owner, doubt=True).update(doubt=False, rotates=False)


@transaction.atomic(durable=True)
def rotated(site: Site, owner: str, newest: str) -> None:
    """Store the token that the refresh brought instead. Raises Replaced."""
    if not Access.objects.filter(site=site, owner=owner).update(doubt=False, rotates=True):
        raise Replaced
    vault.keep(site.code, TOKEN, newest)


def release(site: Site, owner: str) -> None:
    """Free the token, if `owner` still holds it."""
    Access.objects.filter(site=site, owner=owner).update(owner="", expires=0)
