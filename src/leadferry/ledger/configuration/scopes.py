"""What each scope (a site, or the global default under the empty code) sets for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadferry.contacts.models import Site
from leadferry.ledger.configuration.scores import stored_scores
from leadferry.ledger.models import Secret, Settings
from leadferry.ledger.settings import NOTHING_SET, Tables, tables_of
from leadferry.ledger.vault import VaultError, decrypt

DEFAULT = ""


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A secret in the clear; `text` is None where the stored one cannot be decrypted.

    `reference` says where it was read from: a variable's name, or ``file:`` and a path.
    """

    text: str | None = field(repr=False)
    reference: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Tables as in the file; scores by name; credentials by name, those that no file can name included."""

    code: str
    display_name: str = ""
    tables: Tables = NOTHING_SET
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    credentials: Mapping[str, Credential] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"site.{self.code}" if self.code else "default"


def stored() -> dict[str, Scope]:
    """Every scope there is, by code; locks the sites against another change of their settings."""
    sites = {site.pk: site for site in Site.objects.all()}
    rows = {row.site_id: row for row in Settings.objects.all()}
    credentials = _credentials()
    scores = stored_scores()
    scopes = [
        Scope(
            code=site.code,
            display_name=site.display_name,
            tables=tables_of(rows[pk]) if pk in rows else NOTHING_SET,
            scores=scores.get(pk, {}),
            credentials=credentials.get(site.code, {}),
        )
        for pk, site in sites.items()
    ]
    default = tables_of(rows[None]) if None in rows else NOTHING_SET
    scopes.append(Scope(code=DEFAULT, tables=default, credentials=credentials.get(DEFAULT, {})))
    return {scope.code: scope for scope in scopes}


def _credentials() -> dict[str, dict[str, Credential]]:
    found: dict[str, dict[str, Credential]] = {}
    for row in Secret.objects.all():
        found.setdefault(row.scope, {})[row.name] = Credential(
            text=_readable(bytes(row.ciphertext)), reference=row.reference
        )
    return found


def _readable(ciphertext: bytes) -> str | None:
    """The text, or None: a credential under a lost key counts as changed, so that applying mends it."""
    try:
        return decrypt(ciphertext)
    except VaultError:
        return None
