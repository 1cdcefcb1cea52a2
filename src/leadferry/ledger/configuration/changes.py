"""What applying a file changes: each key with its old and its new value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadferry.ledger.configuration.scopes import Credential, Scope

SECRET = "(secret)"  # noqa: S105 - what is shown instead of one
NOT_SET = "(not set)"
NEW_SITE = "new site"

Value = Any


@dataclass(frozen=True, kw_only=True)
class Change:
    """One key that gets another value; None stands for a key that is not set."""

    path: str
    old: Value
    new: Value

    def __str__(self) -> str:
        arrow = "" if self.new == NEW_SITE else f"{written(self.old)} -> "
        return f"{self.path}: {arrow}{written(self.new)}"


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What applying a file changed, or with `plan` would change.

    `sites` are the codes of the sites the file names, changed or not. `warnings` are about what
    may be applied and yet is probably not meant.
    """

    file: str
    sites: tuple[str, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    plan: bool = False

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __str__(self) -> str:
        if not self.changes:
            return "Nothing to change."
        count = f"{len(self.changes)} change{'s' if len(self.changes) > 1 else ''}"
        heading = f"{count} planned, none made:" if self.plan else f"{count}:"
        return "\n".join([heading, *(f"  {change}" for change in self.changes)])


def between(before: Scope | None, after: Scope) -> tuple[Change, ...]:
    """The keys in which the two differ, in the order of the file's tables. `before` None: a new site."""
    old = dict(_keys(before)) if before else {}
    new = dict(_keys(after))
    new_site = () if before else (Change(path=after.path, old=None, new=NEW_SITE),)
    paths = [*new, *(path for path in old if path not in new)]
    return new_site + tuple(
        Change(path=path, old=_shown(old.get(path)), new=_shown(new.get(path)))
        for path in paths
        if not same(old.get(path), new.get(path))
    )


def _keys(scope: Scope) -> Iterator[tuple[str, Value]]:
    if scope.display_name:
        yield f"{scope.path}.display_name", scope.display_name
    for name in ("salesforce", "replication", "mapping", "schedule"):
        for key, value in getattr(scope.tables, name).items():
            yield f"{scope.path}.{name}.{key}", value
    for name, credential in scope.credentials.items():
        yield f"{scope.path}.salesforce.{name}", credential
    for name, score in scope.scores.items():
        yield from _keys_of_score(f"{scope.path}.score[{name}]", score)


def _keys_of_score(path: str, score: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    yield f"{path}.enabled", score.get("enabled", True)
    for number, rule in enumerate(score.get("rule", ()), start=1):
        for key, value in rule.items():
            yield f"{path}.rule[{number}].{key}", value


def same(old: Value, new: Value) -> bool:
    """Whether the two are one value in whatever order of keys; to Python, true and 1 would be one too."""
    return bool(_comparable(old) == _comparable(new))


def _comparable(value: Value) -> Value:
    match value:
        case bool():
            return ("boolean", value)
        case list() | tuple():
            return [_comparable(entry) for entry in value]
        case Mapping():
            return {key: _comparable(entry) for key, entry in value.items()}
    return value


def _shown(value: Value) -> Value:
    return SECRET if isinstance(value, Credential) else value


def written(value: Value) -> str:
    """`value` as in a TOML file, on one line."""
    match value:
        case None:
            return NOT_SET
        case bool():
            return str(value).lower()
        case str():
            return value if value in (SECRET, NEW_SITE) else json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return f"[{', '.join(map(written, value))}]"
        case Mapping():
            inner = ", ".join(f"{key} = {written(entry)}" for key, entry in value.items())
            return f"{{ {inner} }}"
    return str(value)
