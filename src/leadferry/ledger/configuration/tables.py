"""The tables of one scope, each in its one way of writing, so that two files that mean the same are equal."""

from collections.abc import Callable, Mapping
from typing import Any

from leadferry.core import rule
from leadferry.core.contact import CONTACT_FIELDS
from leadferry.core.mapping_file import BadMapping, mapping_to_dict, parse_mapping
from leadferry.core.schedule_file import BadSchedule, parse_schedule
from leadferry.ledger.cron import cron_fault
from leadferry.ledger.templates import check_template

SECRET_KEYS = ("client_secret", "private_key", "private_key_file")
FIELDS_IN_TEMPLATES = (f"contact.{name}" for name in CONTACT_FIELDS)
IN_TEMPLATES = ("site.code", "site.display_name", "score", "contact.custom.*", *FIELDS_IN_TEMPLATES)

Table = Mapping[str, Any]
Wrong = Callable[[str, str], None]


def _salesforce(table: Table, _path: str, _wrong: Wrong) -> dict[str, Any]:
    plain = {key: value for key, value in table.items() if key not in SECRET_KEYS}
    return plain | {"login_url": plain["login_url"].rstrip("/")} if "login_url" in plain else plain


def _replication(table: Table, path: str, wrong: Wrong) -> dict[str, Any]:
    _check_template(table.get("lead_description", ""), f"{path}.lead_description", wrong)
    return dict(table)


def _mapping(table: Table, path: str, wrong: Wrong) -> dict[str, Any]:
    """An empty table means: inherited."""
    if not table:
        return {}
    try:
        mapping = parse_mapping(table, path=path)
    except BadMapping as error:
        for problem in error.problems:
            wrong(problem.path, problem.message)
        return {}
    for each in mapping.rules:
        if isinstance(each.source, rule.FromTemplate):
            _check_template(each.source.text, f"{path}.{each.target}.template", wrong)
    return mapping_to_dict(mapping)


def _check_template(text: str, path: str, wrong: Wrong) -> None:
    for fault in check_template(text, IN_TEMPLATES):
        wrong(path, fault)


def _schedule(table: Table, path: str, wrong: Wrong) -> dict[str, Any]:
    try:
        parse_schedule(table, path=path, cron_fault=cron_fault)
    except BadSchedule as error:
        wrong(error.path, f"allowed: {error.allowed}")
    return dict(table)


READERS: Mapping[str, Callable[[Table, str, Wrong], dict[str, Any]]] = {
    "salesforce": _salesforce,
    "replication": _replication,
    "mapping": _mapping,
    "schedule": _schedule,
}
