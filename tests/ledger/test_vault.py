"""Credentials at rest: readable with the key, useless without it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from leadferry.contacts.models import Site
from leadferry.ledger import keys, vault
from leadferry.ledger.keys import VaultError
from leadferry.ledger.models import Secret

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings, monkeypatch) -> Path:
    settings.HOME = tmp_path / "home"
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    return settings.HOME


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_credential_makes_a_key_that_only_its_owner_may_read(home):
    ciphertext = vault.encrypt("s3cret")
    assert (mode(home), mode(home / keys.KEY_FILE)) == (0o700, 0o600)
    assert [path.name for path in home.iterdir()] == [keys.KEY_FILE]
    assert vault.decrypt(ciphertext) == "s3cret"


def test_a_key_that_is_there_is_never_replaced(home):
    vault.encrypt("one")
    key = (home / keys.KEY_FILE).read_bytes()
    keys._make(home / keys.KEY_FILE)
    vault.encrypt("two")
    assert (home / keys.KEY_FILE).read_bytes() == key


def test_all_who_need_the_first_key_at_once_get_the_same_one():
    with ThreadPoolExecutor(8) as threads:
        ciphertexts = list(threads.map(vault.encrypt, map(str, range(32))))
    assert [vault.decrypt(ciphertext) for ciphertext in ciphertexts] == [str(number) for number in range(32)]


def test_a_key_from_the_environment_leaves_no_file(home, monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, NEW)
    assert vault.decrypt(vault.encrypt("s3cret")) == "s3cret"
    assert not home.exists()


def test_reading_never_makes_a_key(home):
    with pytest.raises(VaultError, match=r"cannot be read at .*secret\.key"):
        vault.decrypt(b"anything")
    assert not home.exists()


@pytest.mark.parametrize("key", ["password", f"{NEW},short", ","], ids=["no key", "one too short", "empty"])
def test_a_malformed_key_is_named_and_not_shown(monkeypatch, key):
    monkeypatch.setenv(keys.VARIABLE, key)
    with pytest.raises(VaultError, match="LEADFERRY_SECRET_KEY does not hold a key") as caught:
        vault.encrypt("s3cret")
    assert key == "," or key not in str(caught.value)


def test_a_key_that_does_not_fit_names_the_fix(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, OLD)
    ciphertext = vault.encrypt("s3cret")
    monkeypatch.setenv(keys.VARIABLE, NEW)
    with pytest.raises(VaultError, match=r"another key.*LEADFERRY_SECRET_KEY"):
        vault.decrypt(ciphertext)


@pytest.mark.django_db
def test_after_a_rotation_the_old_key_is_not_needed(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, OLD)
    vault.keep("acme", "client_secret", "s3cret", reference="ACME_SF_SECRET")
    monkeypatch.setenv(keys.VARIABLE, f"{NEW}, {OLD}")
    assert vault.rotate() == 1
    monkeypatch.setenv(keys.VARIABLE, NEW)
    row = Secret.objects.get()
    assert (vault.decrypt(row.ciphertext), row.reference) == ("s3cret", "ACME_SF_SECRET")


@pytest.mark.django_db
def test_a_rotation_without_the_old_key_changes_nothing(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, OLD)
    vault.keep("acme", "client_secret", "s3cret")
    before = bytes(Secret.objects.get().ciphertext)
    monkeypatch.setenv(keys.VARIABLE, NEW)
    with pytest.raises(VaultError):
        vault.rotate()
    assert bytes(Secret.objects.get().ciphertext) == before


@pytest.mark.django_db
def test_rotating_an_empty_vault_needs_no_key(home):
    assert vault.rotate() == 0
    assert not home.exists()


@pytest.mark.django_db
def test_a_site_uses_its_own_credentials_before_the_inherited_ones():
    acme, globex = Site(code="acme"), Site(code="globex")
    vault.keep("", "client_secret", "everyone's")
    vault.keep("", "refresh_token", "token")
    vault.keep("acme", "client_secret", "acme's")
    assert vault.secrets(acme) == {"client_secret": "acme's", "refresh_token": "token"}
    assert vault.secrets(globex) == {"client_secret": "everyone's", "refresh_token": "token"}


@pytest.mark.django_db
def test_a_forgotten_credential_is_gone():
    vault.keep("acme", "client_secret", "s3cret")
    vault.forget("acme", "client_secret")
    assert vault.secrets(Site(code="acme")) == {}
