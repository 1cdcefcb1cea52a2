"""What each scope (a site, or the global default under the empty code) sets for itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from leadferry.contacts.models import Site
from leadferry.ledger.configuration.scores import stored_scores
from leadferry.ledger.keys import VaultError
from leadferry.ledger.models import Secret, Settings
from leadferry.ledger.settings import NOTHING_SET, Tables, tables_of
from leadferry.ledger.vault import decrypt

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


def stored(codes: Collection[str] | None = None) -> dict[str, Scope]:
    """The scopes of these sites (None: of all that there are) by code, and always the default's."""
    sites = Site.objects.all() if codes is None else Site.objects.filter(code__in=codes)
    rows = {row.site_id: row for row in Settings.objects.filter(Q(site__in=sites) | Q(site=None))}
    credentials = _credentials()
    tables = {site_id: tables_of(row) for site_id, row in rows.items()}
    scopes = [
        Scope(
            code=site.code,
            display_name=site.display_name,
            tables=tables.get(site.pk, NOTHING_SET),
            scores=stored_scores(site),
            credentials=credentials.get(site.code, {}),
        )
        for site in sites
    ]
    default = tables.get(None, NOTHING_SET)
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
