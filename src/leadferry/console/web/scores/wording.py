"""Rules as people read them."""

from collections.abc import Mapping
from typing import Any


def rule_text(table: Mapping[str, Any]) -> str:
    """One line: ``job title contains “Director”``, or ``page_visit, address contains “/pricing”, …``."""
    return _attribute(table) if "attribute" in table else _activity(table)


def _attribute(table: Mapping[str, Any]) -> str:
    words = [table["attribute"].replace("_", " "), str(table["operator"]).replace("_", " ")]
    if "value" in table:
        stored = table["value"]
        words.append(", ".join(f"“{each}”" for each in (stored if isinstance(stored, list) else [stored])))
    return " ".join(words)


def _activity(table: Mapping[str, Any]) -> str:
    parts = [str(table["activity"])]
    for key, words in CONDITIONS.items():
        if key in table:
            parts.append(words.format(table[key]))
    if table.get("recurring") is False:
        parts.append("once")
    return ", ".join(parts)


CONDITIONS = {
    "url_contains": "address contains “{}”",
    "title_contains": "title contains “{}”",
    "value_equals": "value equals “{}”",
    "max_points": "at most {} points",
    "valid_for": "of the last {}",
    "until": "until {}",
}
