"""Access tokens: opened at the token endpoint, good for a while, and told from dead ones."""

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from leadferry.simulator.org import Org


@dataclass(frozen=True, kw_only=True)
class Session:
    """An access token: for which client, under which grant (empty: none), until when (epoch seconds)."""

    token: str
    client_id: str
    scope: str
    grant: str
    opened: float
    until: float


def open_session(org: Org, *, client_id: str, scope: str, grant: str = "") -> Session:
    """A new access token; its life is the setting `session_life`."""
    now = org.seconds()
    session = Session(
        token=f"{org.id[:15]}!AQ{secrets.token_urlsafe(60)}",
        client_id=client_id,
        scope=scope,
        grant=grant,
        opened=now,
        until=now + org.settings.session_life,
    )
    org.store.put("session", session.token, asdict(session))
    return session


def living(org: Org, token: str) -> Session | None:
    """The session of a token, None when it is unknown or over."""
    stored = org.store.document("session", token)
    if stored is None:
        return None
    session = Session(**stored)
    if session.until <= org.seconds():
        return None
    if org.settings.session_slides:
        longer = stored | {"until": org.seconds() + org.settings.session_life}
        org.store.put("session", token, longer)
    return session


def end(org: Org, token: str) -> None:
    org.store.drop("session", token)


def end_all(org: Org, *, grant: str | None = None) -> None:
    """Ends every session, or those under one grant."""
    stored: dict[str, Any] = org.store.documents("session")
    for token, each in stored.items():
        if grant is None or each["grant"] == grant:
            end(org, token)
