"""One refresh at a time, across threads and processes: the database holds the lock and the newest token."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.ledger import grants
from leadferry.salesforce import AuthorizationRefused, InDoubt, NeedsPerson, SalesforceError, TryLater

PAUSE = 0.1
PATIENCE = 300
"""Pauses (seconds, and how many of them) in which another process may finish its refresh."""
CONNECT = "Connect the site to Salesforce in the console, on its page Organization."
WHO = "An administrator of the site, who may sign in to the organization"


class NotConnected(NeedsPerson):
    """The site has no connection to Salesforce, or lacks a credential for it."""


def not_granted(site: Site) -> NotConnected:
    """Nobody connected the site, or somebody disconnected it."""
    return NotConnected(f"site {site.code} has not been connected in the browser", fix=CONNECT, who=WHO)


@dataclass(frozen=True, kw_only=True)
class SharedGrant:
    """A site's grant as one client uses it; what `salesforce.RefreshToken` needs to share it."""

    site: Site
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)

    @contextmanager
    def exclusively(self) -> Iterator[str]:
        """The newest token, to be refreshed by nobody else meanwhile.

        Raises NeedsPerson when the token may be spent or there is none, TryLater when others take too long.
        """
        self._take()
        try:
            token = grants.token(self.site)
            if token is None:
                raise not_granted(self.site)
            grants.sending(self.site, self.owner)
            yield token
        except SalesforceError as error:
            if not _may_be_spent(error):
                grants.unspent(self.site, self.owner)
            raise
        except grants.Replaced:
            raise _replaced(self.site) from None
        else:
            grants.same(self.site, self.owner)
        finally:
            grants.release(self.site, self.owner)

    def rotated(self, token: str) -> None:
        """Store the token that the refresh brought. Raises TryLater when the site was connected anew."""
        try:
            grants.rotated(self.site, self.owner, token)
        except grants.Replaced:
            raise _replaced(self.site) from None

    def _take(self) -> None:
        for _ in range(PATIENCE):
            try:
                return grants.take(self.site, self.owner, now=self.clock().timestamp())
            except grants.Taken:
                self.sleep(PAUSE)
            except grants.Replaced:
                raise not_granted(self.site) from None
            except grants.InDoubt:
                raise _lost(self.site) from None
        raise TryLater(f"Another process has been renewing the token of site {self.site.code} for too long")


def _may_be_spent(error: SalesforceError) -> bool:
    return isinstance(error, InDoubt) or isinstance(error.__cause__, InDoubt)


def _lost(site: Site) -> AuthorizationRefused:
    return AuthorizationRefused(
        f"The answer to the last token refresh of site {site.code} was lost, and a refresh token may be used "
        "only once",
        fix=CONNECT,
        who=WHO,
    )


def _replaced(site: Site) -> TryLater:
    return TryLater(f"site {site.code} was connected anew or disconnected while its token was renewed")
