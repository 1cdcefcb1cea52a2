"""Sign-ins to Salesforce begun in a browser: each is good once, in that browser session, for ten minutes."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from leadferry.contacts.models import Site
from leadferry.ledger import vault
from leadferry.ledger.models import Consent

LIVES = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A sign-in: for which site, to which application, and the secret half of its PKCE pair."""

    site: Site
    login_url: str
    client_id: str
    code_verifier: str = field(repr=False)


def begin(begun: Begun, *, state: str, session: str, at: datetime) -> None:
    """Remember a sign-in until the browser comes back; forgets those that never did."""
    Consent.objects.filter(started_at__lt=at - LIVES).delete()
    Consent.objects.create(
        digest=_digest(state),
        session=_digest(session),
        site=begun.site,
        login_url=begun.login_url,
        client_id=begun.client_id,
        verifier=vault.encrypt(begun.code_verifier),
        started_at=at,
    )


@transaction.atomic
def spend(state: str, *, session: str, at: datetime) -> Begun | None:
    """The sign-in of this state; None when it is unknown, used, over, or of another browser session."""
    found = Consent.objects.select_related("site").filter(
        digest=_digest(state), session=_digest(session), started_at__gte=at - LIVES
    )
    kept = found.first()
    if kept is None:
        return None
    spent, _ = found.delete()
    if not spent:
        return None
    return Begun(
        site=kept.site,
        login_url=kept.login_url,
        client_id=kept.client_id,
        code_verifier=vault.decrypt(kept.verifier),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
