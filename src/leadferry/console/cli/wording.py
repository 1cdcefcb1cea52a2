"""Words for what went wrong: one clear message instead of a traceback."""

import sys

from django.core.exceptions import ImproperlyConfigured

EXPECTED = {
    "leadferry.project.boot": ("NotReady",),
    "leadferry.project.database": ("BadDatabaseUrl", "NoDriver"),
    "leadferry.ledger.keys": ("VaultError",),
    "leadferry.console.serving.worker": ("NoBroker",),
    "leadferry.ledger.configuration": ("ConfigurationError", "UnknownSite"),
    "leadferry.ledger.quarantine": ("NotHeld",),
    "leadferry.ledger.leases": ("ClaimLost", "SiteBusy"),
    "leadferry.contacts.merging": ("NotMerged",),
    "leadferry.contacts.report": ("BadFile",),
    "leadferry.contacts.sources": ("BadFile",),
    "leadferry.console.cli.subjects": ("Unknown",),
    "leadferry.salesforce": ("SalesforceError",),
    "leadferry.console.serving.apart": ("CannotServe",),
    "leadferry.simulator": ("CannotServe",),
}
"""Errors whose own text is the message, by the module that defines them."""

_DATABASE = (
    (
        "locked",
        "The database is busy: another process has held it for long. Try again; nothing was half-written.",
    ),
    ("disk is full", "The disk is full. Free some space; nothing was half-written."),
    ("database or disk is full", "The disk is full. Free some space; nothing was half-written."),
    ("readonly", "The database cannot be written: check the owner and mode of the home folder."),
    ("read-only", "The database cannot be written: check the owner and mode of the home folder."),
    ("unable to open", "The database file cannot be opened: check the owner and mode of the home folder."),
    ("not a database", "The file is not a Leadferry database: check LEADFERRY_HOME."),
    ("malformed", "The database file is damaged: restore it from a backup."),
)


def worded(error: Exception) -> str | None:
    """The message for an expected error; None for one that is a defect of ours and keeps its traceback."""
    if isinstance(error, _expected()):
        fix = getattr(error, "fix", "")
        return f"{error}{'' if str(error).endswith('.') or not fix else '.'} {fix}".strip()
    if isinstance(error, OSError):
        named = f" {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{named}"
    return _database(error)


def _expected() -> tuple[type[Exception], ...]:
    found = []
    for name, classes in EXPECTED.items():
        module = sys.modules.get(name)  # an error of a module that was never loaded cannot have happened
        found += [getattr(module, kind) for kind in classes if hasattr(module, kind)]
    return (ImproperlyConfigured, *found)


def _database(error: Exception) -> str | None:
    django_db = sys.modules.get("django.db")
    if django_db is None or not isinstance(error, django_db.Error):
        return None
    text = str(error).strip()
    for part, words in _DATABASE:
        if part in text.lower():
            return words
    first = text.splitlines()[0] if text else type(error).__name__
    return f"The database refused: {first}"
