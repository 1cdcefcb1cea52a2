"""Writes the configuration file for what is there."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import tomli_w

from leadferry.ledger.configuration.reading import FROM_ENVIRONMENT
from leadferry.ledger.configuration.scopes import DEFAULT, Scope, stored
from leadferry.ledger.configuration.tables import SECRET_KEYS
from leadferry.ledger.configuration.wanted import IN_FILES

TABLES = ("replication", "mapping", "schedule")


class UnknownSite(LookupError):
    """There is no site of this code."""


def export(sites: Collection[str] | None = None) -> str:
    """The file for the sites of these codes; None: for all, and the global default.

    Holds what was set, not what is inherited or built in, so that applying it changes nothing. A
    credential is written as the environment variable or the file it was read from; one that was
    given in the clear gets a variable named after its site. Raises UnknownSite.
    """
    scopes = stored()
    for code in sites or ():
        if code not in scopes or code == DEFAULT:
            raise UnknownSite(f"There is no site {code}.")
    chosen = [code for code in scopes if code != DEFAULT and (sites is None or code in sites)]
    document: dict[str, Any] = {}
    if sites is None and (default := _table(scopes[DEFAULT])):
        document["default"] = default
    if chosen:
        document["site"] = {code: _table(scopes[code]) for code in chosen}
    return tomli_w.dumps(document)


def _table(scope: Scope) -> dict[str, Any]:
    table: dict[str, Any] = {"display_name": scope.display_name} if scope.display_name else {}
    salesforce = {**scope.tables.salesforce, **_credentials(scope)}
    if salesforce:
        table["salesforce"] = salesforce
    for name in TABLES:
        if content := getattr(scope.tables, name):
            table[name] = dict(content)
    if scope.scores:
        table["score"] = [{"name": name, **score} for name, score in scope.scores.items()]
    return table


def _credentials(scope: Scope) -> Mapping[str, str]:
    written = {}
    for name, credential in scope.credentials.items():
        if credential.reference.startswith(IN_FILES):
            written[f"{name}_file"] = credential.reference.removeprefix(IN_FILES)
        elif name in SECRET_KEYS:
            written[name] = FROM_ENVIRONMENT + (credential.reference or variable(scope.code, name))
    return written


def variable(code: str, name: str) -> str:
    """The environment variable for a credential that was not read from one: ACME_CLIENT_SECRET."""
    owner = re.sub(r"[^A-Z0-9]", "_", (code or "default").upper())
    return f"{'' if owner[0].isalpha() else 'SITE_'}{owner}_{name.upper()}"
