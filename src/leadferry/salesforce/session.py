"""One access token a process and credential: got when first needed, kept until Salesforce refuses it."""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from weakref import WeakKeyDictionary

from leadferry.salesforce.addresses import origin
from leadferry.salesforce.auth import Authorization, ClientCredentials, JwtBearer, RefreshToken
from leadferry.salesforce.errors import AuthorizationRefused, InDoubt, TryLater
from leadferry.salesforce.oauth import Token, exchange
from leadferry.salesforce.transport import Transport
from leadferry.salesforce.verdicts import CONFIGURATOR
from leadferry.salesforce.wire import Wire

Sessions = MutableMapping[Authorization, "Session"]


class Session:
    """The token of one credential; at most one request for a token is under way at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: Token | None = None

    def token(self, wire: Wire) -> Token:
        """The current token, asked for when there is none."""
        return self._token or self.renewed(wire, instead_of=None)

    def renewed(self, wire: Wire, *, instead_of: Token | None) -> Token:
        """A token other than the refused one: another thread's newer one, or one asked for now."""
        with self._lock:
            if self._token is None or self._token is instead_of:
                self._token = None
                self._token = self._asked(wire)
            return self._token

    def forget(self, token: Token) -> None:
        """Do not use this token again."""
        with self._lock:
            if self._token is token:
                self._token = None

    def _asked(self, wire: Wire) -> Token:
        raise NotImplementedError


class GrantSession(Session):
    """Of a flow whose grant may be sent any number of times."""

    def __init__(self, authorization: ClientCredentials | JwtBearer) -> None:
        super().__init__()
        self._authorization = authorization

    def _asked(self, wire: Wire) -> Token:
        return exchange(wire, origin(self._authorization.login_url), self._authorization.form())


class RefreshSession(Session):
    """Of a refresh token, which may be spent by being sent once."""

    def __init__(self, authorization: RefreshToken, family: Sessions) -> None:
        super().__init__()
        self.authorization = authorization
        self._family = family
        self._newest = authorization.refresh_token
        self._rotates = authorization.rotates
        self._spent = ""

    def _asked(self, wire: Wire) -> Token:
        # One for the lock and for storing: another thread may replace it meanwhile.
        grant = self.authorization
        with self._exclusively(grant) as presented:
            if presented == self._spent:
                raise _spent()
            try:
                token = exchange(wire, origin(grant.login_url), grant.form(presented), once_only=True)
            except InDoubt as error:
                self._spent = "" if self._rotates is False else presented
                raise TryLater("The answer to a token refresh was lost", status=error.status) from error
            self._keep(grant, token.refresh_token, presented)
            return token

    def _exclusively(self, grant: RefreshToken) -> AbstractContextManager[str]:
        return grant.exclusively() if grant.exclusively else nullcontext(self._newest)

    def _keep(self, grant: RefreshToken, refresh_token: str | None, presented: str) -> None:
        self._rotates = refresh_token is not None and refresh_token != presented
        if refresh_token is None or not self._rotates:
            return
        self._newest = refresh_token
        # A client made from what on_rotated stored must find this session, not start a second one.
        self._family[replace(grant, refresh_token=refresh_token)] = self
        grant.on_rotated(refresh_token)


def _spent() -> AuthorizationRefused:
    return AuthorizationRefused(
        "The answer to the last token refresh was lost, and the refresh token may be used only once",
        fix="Connect to Salesforce again.",
        who=CONFIGURATOR,
    )


_SHARED: Sessions = {}
# A transport of the caller's own leads to an org of its own, so its tokens live and die with it.
_BY_TRANSPORT: WeakKeyDictionary[Transport, Sessions] = WeakKeyDictionary()
_REGISTRY_LOCK = threading.Lock()


def session_for(authorization: Authorization, transport: Transport | None) -> Session:
    """The process-wide session of this credential."""
    with _REGISTRY_LOCK:
        family = _SHARED if transport is None else _BY_TRANSPORT.setdefault(transport, {})
        if authorization not in family:
            family[authorization] = _opened(authorization, family)
        session = family[authorization]
    if isinstance(session, RefreshSession) and isinstance(authorization, RefreshToken):
        session.authorization = authorization
    return session


def _opened(authorization: Authorization, family: Sessions) -> Session:
    if isinstance(authorization, RefreshToken):
        return RefreshSession(authorization, family)
    return GrantSession(authorization)
