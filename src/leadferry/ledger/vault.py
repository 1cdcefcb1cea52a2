"""Credentials, encrypted at rest. Only code that needs a credential imports this module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.db import transaction

from leadferry.contacts.models import Site
from leadferry.ledger import keys
from leadferry.ledger.keys import KEY_FILE, VARIABLE, VaultError
from leadferry.ledger.models import Secret

NEW_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


def encrypt(text: str) -> bytes:
    """`text` under the newest key. Makes the key file when there is no key yet."""
    return _ring(make=True).encrypt(text.encode())


def decrypt(ciphertext: bytes | memoryview) -> str:
    """The text again, whichever of the keys it was encrypted with. VaultError when none of them fits."""
    with _fitting():
        return _ring(make=False).decrypt(bytes(ciphertext)).decode()


def rotate() -> int:
    """Encrypt every stored credential anew with the newest key; returns how many there are.

    Afterwards the older keys may be taken out of the list. VaultError, and no change, when one of
    the credentials fits none of the keys.
    """
    if not Secret.objects.exists():
        return 0
    ring = _ring(make=False)
    with transaction.atomic(), _fitting():
        rows = list(Secret.objects.select_for_update())
        for row in rows:
            row.ciphertext = ring.rotate(bytes(row.ciphertext))
        Secret.objects.bulk_update(rows, ["ciphertext"])
    return len(rows)


def keep(scope: str, name: str, text: str, *, reference: str = "") -> None:
    """Store one credential of a site (`scope`: its code; empty: the global default), replacing the old."""
    Secret.objects.update_or_create(
        scope=scope, name=name, defaults={"ciphertext": encrypt(text), "reference": reference}
    )


def forget(scope: str, name: str) -> None:
    """Remove one credential; one that is not there is as good as removed."""
    Secret.objects.filter(scope=scope, name=name).delete()


def read(scope: str, name: str) -> str | None:
    """One credential that the scope has for itself, or None."""
    row = Secret.objects.filter(scope=scope, name=name).first()
    return decrypt(row.ciphertext) if row else None


def has(scope: str, name: str) -> bool:
    """Whether the scope has this credential for itself; needs no key."""
    return Secret.objects.filter(scope=scope, name=name).exists()


def reference(scope: str, name: str) -> str:
    """Where the credential was read from; empty when it was given in the clear, or there is none."""
    return Secret.objects.filter(scope=scope, name=name).values_list("reference", flat=True).first() or ""


def refer(scope: str, name: str, reference: str) -> None:
    """Say where the credential was read from."""
    Secret.objects.filter(scope=scope, name=name).update(reference=reference)


def secrets(site: Site) -> dict[str, str]:
    """The site's credentials by name (client_secret, private_key, refresh_token).

    Its own where it has one, else that of the global default.
    """
    rows = Secret.objects.filter(scope__in=("", site.code)).order_by("scope")
    chosen = {row.name: row.ciphertext for row in rows}
    return {name: decrypt(ciphertext) for name, ciphertext in chosen.items()}


@contextmanager
def _fitting() -> Iterator[None]:
    try:
        yield
    except InvalidToken:
        raise VaultError(
            "The stored credentials were encrypted with another key. Put that key into "
            f"{VARIABLE} (or back into {KEY_FILE} in the home folder), "
            "or run `leadferry apply` again to store them anew."
        ) from None


def _ring(*, make: bool) -> MultiFernet:
    text, origin = keys.text(Path(settings.HOME), make=make)
    try:
        return MultiFernet([Fernet(key) for key in keys.parsed(text)])
    except ValueError:
        raise VaultError(
            f"{origin} does not hold a key: wanted are 32 bytes in URL-safe base64 (44 characters), "
            f"several separated by commas, newest first. Make one with: {NEW_KEY}"
        ) from None


def private_key_fault(text: str) -> str:
    """Why `text` cannot sign a JSON Web Token for Salesforce; empty when it can. Never quotes it.

    Source: OAuth 2.0 JWT bearer flow, which takes RS256 signatures only.
    """
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

        key = load_pem_private_key(text.encode(), password=None)
    except TypeError:
        return "is protected by a passphrase; allowed: a PEM private key without one"
    except (ValueError, UnsupportedAlgorithm):
        return "is not a PEM private key"
    return "" if isinstance(key, RSAPrivateKey) else "is not an RSA key, which Salesforce wants"
