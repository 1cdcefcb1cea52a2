"""Signed assertions of the JWT bearer flow."""

from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from leadferry.simulator import clients
from leadferry.simulator.errors import OAuthError
from leadferry.simulator.org import Org

_LONGEST = 300
_SKEW = 10
_AUDIENCES = frozenset({"https://login.salesforce.com", "https://test.salesforce.com"})


def subject_of(org: Org, assertion: str, *, base_url: str) -> str:
    """The client that a valid assertion speaks for; raises OAuthError as Salesforce words it.

    The signature is checked where a key was registered for the client, else only that RS256 is announced.
    """
    try:
        header, claims = jwt.get_unverified_header(assertion), _claims(assertion)
    except jwt.InvalidTokenError:
        raise OAuthError("invalid_grant", "invalid assertion") from None
    client = clients.met(org, str(claims.get("iss", "")))
    if header.get("alg") != "RS256" or not _signed(assertion, client.get("public_key")):
        raise OAuthError("invalid_grant", "invalid assertion")
    _check_claims(org, claims, client, base_url=base_url)
    return str(client["client_id"])


def _claims(assertion: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    return found


def _signed(assertion: str, key: str | None) -> bool:
    if key is None:
        return True
    try:
        jwt.decode(assertion, key, algorithms=["RS256"], options={"verify_aud": False, "verify_exp": False})
    except jwt.InvalidTokenError:
        return False
    return True


def _check_claims(org: Org, claims: dict[str, Any], client: clients.Client, *, base_url: str) -> None:
    if str(claims.get("aud", "")).rstrip("/") not in _AUDIENCES | {base_url, org.settings.instance_url}:
        raise OAuthError("invalid_grant", "audience validation failed")
    expiry = _seconds(claims.get("exp"))
    now = org.seconds()
    # The text for a late assertion speaks of a code; that is how Salesforce words it.
    if not now < expiry <= now + _LONGEST + _SKEW:
        raise OAuthError("invalid_grant", "expired authorization code")
    subject = claims.get("sub")
    if not subject or subject != client.get("username", subject):
        raise OAuthError("invalid_grant", "user hasn't approved this consumer")


def _seconds(expiry: object) -> float:
    """The expiry as a number; some clients send it as text, and the platform reads that too."""
    try:
        return float(str(expiry))
    except ValueError:
        return 0.0


def public_key(pem: str) -> str:
    """The public key of a PEM text that holds a key or a certificate; raises ValueError."""
    if "CERTIFICATE" not in pem:
        serialization.load_pem_public_key(pem.encode())
        return pem
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()
