"""The key of this installation: it encrypts credentials and signs sessions. Needs no Django."""

import base64
import hashlib
import hmac
import os
import tempfile
from pathlib import Path

VARIABLE = "LEADFERRY_SECRET_KEY"
KEY_FILE = "secret.key"


class VaultError(Exception):
    """The key that protects the stored credentials cannot be used; the message names the fix."""


def text(home: Path, *, make: bool) -> tuple[str, str]:
    """The keys as written, and where; with `make`, a file is made where there is none. Raises VaultError."""
    given = os.environ.get(VARIABLE, "")
    if given.strip():
        return given, VARIABLE
    path = Path(home) / KEY_FILE
    try:
        if make and not path.exists():
            _make(path)
        return path.read_text("ascii", "replace"), str(path)
    except OSError as error:
        raise VaultError(
            f"The key of the stored credentials cannot be {'made' if make else 'read'} "
            f"at {path} ({error.strerror}). Make that place accessible, or set {VARIABLE}."
        ) from None


def parsed(text: str) -> list[str]:
    """Keys separated by commas or line ends, newest first."""
    return [key.strip() for key in text.replace("\n", ",").split(",") if key.strip()]


def derived(home: Path, purpose: str) -> list[str]:
    """A key for another purpose from each key, newest first; none while there is no key yet."""
    if not os.environ.get(VARIABLE, "").strip() and not (Path(home) / KEY_FILE).exists():
        return []
    found = parsed(text(home, make=False)[0])
    return [hmac.new(key.encode(), purpose.encode(), hashlib.sha256).hexdigest() for key in found]


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; of two that do so at once, the first one's key stays."""
    home = path.parent
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if home.stat().st_uid == os.geteuid():
        home.chmod(0o700)
    descriptor, draft = tempfile.mkstemp(dir=home, prefix=f".{KEY_FILE}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(os.urandom(32)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A hard link fails where the name is taken, so no key is ever overwritten.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()
