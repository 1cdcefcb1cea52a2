"""A home of its own for each test, and short ways to apply a text."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from leadferry.ledger import keys
from leadferry.ledger.configuration import Changes, ConfigurationError, apply
from tests.conftest import NOW
from tests.ledger.configuration.example import ENVIRON

Apply = Callable[..., Changes]
Refusals = Callable[[str], list[str]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch) -> Path:
    settings.HOME = tmp_path / "home"
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    return settings.HOME


@pytest.fixture
def applied(db) -> Apply:
    def applied(source: str | Path, *, plan: bool = False, environ=ENVIRON) -> Changes:
        return apply(source, now=NOW, environ=environ, plan=plan)

    return applied


@pytest.fixture
def refusals(applied) -> Refusals:
    """The problems for which a text is refused."""

    def refusals(text: str) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            applied(text)
        return str(caught.value).splitlines()

    return refusals


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
