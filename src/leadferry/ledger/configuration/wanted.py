"""What the installation is to be: what is stored, with everything that the file names made equal to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leadferry.ledger.configuration.problems import Problem
from leadferry.ledger.configuration.reading import Document
from leadferry.ledger.configuration.scopes import DEFAULT, Credential, Scope
from leadferry.ledger.configuration.scores import read_scores
from leadferry.ledger.configuration.tables import READERS, SECRET_KEYS
from leadferry.ledger.configuration.wording import Location
from leadferry.ledger.vault import private_key_fault

MAX_KEY_BYTES = 20_000
IN_FILES = "file:"


@dataclass(kw_only=True)
class Reading:
    """A document being turned into scopes, and what is found wrong on the way."""

    document: Document
    problems: list[Problem]

    def wrong(self, path: str, message: str) -> None:
        self.problems.append(Problem(path=path, message=message))


def wanted(reading: Reading, before: Mapping[str, Scope]) -> dict[str, Scope]:
    """The scopes that the document names, as they are to be. Wrong parts are left out and told."""
    tables = reading.document.tables
    named = {code: ("site", code) for code in tables.get("site", {})}
    scopes = {code: _scope(reading, before.get(code, Scope(code=code)), at) for code, at in named.items()}
    if "default" in tables:
        scopes[DEFAULT] = _scope(reading, before[DEFAULT], ("default",))
    return scopes


def _scope(reading: Reading, before: Scope, at: Location) -> Scope:
    table = _table_at(reading.document.tables, at)
    given = {
        name: read(table[name], f"{before.path}.{name}", reading.wrong)
        for name, read in READERS.items()
        if name in table
    }
    changed = replace(
        before,
        display_name=table.get("display_name", before.display_name),
        tables=replace(before.tables, **given),
    )
    if "salesforce" in table:
        changed = replace(changed, credentials=_credentials(reading, before, at))
    if "score" in table:
        changed = replace(changed, scores=read_scores(table["score"], path=before.path, wrong=reading.wrong))
    return changed


def _table_at(tables: Mapping[str, Any], at: Location) -> Mapping[str, Any]:
    for part in at:
        tables = tables[str(part)]
    return tables


def _credentials(reading: Reading, before: Scope, at: Location) -> dict[str, Credential]:
    """The file's credentials, and those that it cannot name: what a sign-in by browser left."""
    location = (*at, "salesforce")
    table = _table_at(reading.document.tables, location)
    kept = {name: value for name, value in before.credentials.items() if name not in SECRET_KEYS}
    for name in ("client_secret", "private_key"):
        if name in table:
            reference = reading.document.references.get((*location, name), "")
            kept[name] = Credential(text=table[name], reference=reference)
    if "private_key_file" in table:
        if "private_key" in table:
            reading.wrong(f"{before.path}.salesforce.private_key", "allowed: this key or private_key_file")
        kept["private_key"] = _from_file(reading, before, Path(table["private_key_file"]))
    _check_private_key(reading, before, kept)
    return kept


def _from_file(reading: Reading, before: Scope, path: Path) -> Credential:
    place = (reading.document.folder / path.expanduser()).resolve()
    try:
        with place.open("rb") as file:
            text = file.read(MAX_KEY_BYTES).decode("ascii", "replace")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not the path of a file"
        reading.wrong(f"{before.path}.salesforce.private_key_file", f"cannot be read: {reason}")
        text = None
    return Credential(text=text, reference=f"{IN_FILES}{place}")


def _check_private_key(reading: Reading, before: Scope, credentials: Mapping[str, Credential]) -> None:
    key = credentials.get("private_key")
    fault = private_key_fault(key.text) if key and key.text is not None else ""
    if key and fault:
        name = "private_key_file" if key.reference.startswith(IN_FILES) else "private_key"
        reading.wrong(f"{before.path}.salesforce.{name}", fault)
