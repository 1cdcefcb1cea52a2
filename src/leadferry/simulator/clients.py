"""Connected applications: known by the secret they show first, or registered by the control API."""

import hmac
from collections.abc import Mapping
from typing import Any

from leadferry.simulator.errors import OAuthError
from leadferry.simulator.org import Org

Client = dict[str, Any]


def known(org: Org, client_id: str) -> Client | None:
    found: Client | None = org.store.document("client", client_id)
    return found


def remember(org: Org, client: Client) -> Client:
    org.store.put("client", client["client_id"], client)
    return client


def met(org: Org, client_id: str) -> Client:
    """The client of that id, registered on its first visit."""
    if not client_id:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    return known(org, client_id) or remember(org, {"client_id": client_id})


def authenticated(org: Org, form: Mapping[str, str], *, secret_needed: bool = True) -> Client:
    """The client that `client_id` and `client_secret` name; its first secret becomes its secret."""
    client = met(org, form.get("client_id", ""))
    secret = form.get("client_secret", "")
    if not secret and not secret_needed and not client.get("secret_required"):
        return client
    if not secret:
        raise OAuthError("invalid_client", "invalid client credentials")
    if "client_secret" not in client:
        return remember(org, client | {"client_secret": secret})
    if not hmac.compare_digest(str(client["client_secret"]).encode(), secret.encode()):
        raise OAuthError("invalid_client", "invalid client credentials")
    return client
