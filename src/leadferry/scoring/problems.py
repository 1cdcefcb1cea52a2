"""Faults of a configuration, collected so that all of them are told at once."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Problem(NamedTuple):
    """What is wrong at which key of the configuration, and what is allowed there."""

    path: str
    wrong: str
    allowed: str


class BadScores(ValueError):
    """Scores that cannot be stored; `problems` says why."""

    def __init__(self, problems: Collection[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.wrong}; allowed is {p.allowed}" for p in problems))
        self.problems = tuple(problems)


class Table:
    """A table of the configuration whose keys are taken out one by one; what is wrong is collected."""

    def __init__(self, raw: Mapping[str, object], path: str) -> None:
        self._raw = raw
        self._path = path
        self.problems: list[Problem] = []

    def __contains__(self, key: str) -> bool:
        return key in self._raw

    def take(self, key: str, read: Callable[[object], T | None], allowed: str, default: T) -> T:
        """The value of `key` as `read` makes it, which gives None for what is not allowed."""
        if key not in self._raw:
            return default
        value = read(self._raw[key])
        if value is None:
            self.complain(key, "a value that is not allowed", allowed)
            return default
        return value

    def need(self, key: str, read: Callable[[object], T | None], allowed: str, default: T) -> T:
        """As `take`, but the key has to be there; `default` stands in after a complaint."""
        if key not in self._raw:
            self.complain(key, "missing", allowed)
        return self.take(key, read, allowed, default)

    def complain(self, key: str, wrong: str, allowed: str) -> None:
        """Note that something is wrong at `key` (empty: with the table as a whole)."""
        path = ".".join(part for part in (self._path, key) if part)
        self.problems.append(Problem(path, wrong, allowed))

    def only(self, allowed: Collection[str]) -> None:
        """Complain of every key that is not among these."""
        for key in self._raw:
            if key not in allowed:
                self.complain(key, "unknown key", ", ".join(allowed))
