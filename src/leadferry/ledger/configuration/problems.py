"""What is wrong in a configuration file, in words that say what would be right."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong: `path` is the dotted path of its key, empty when it is the file as a whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ConfigurationError(Exception):
    """The file cannot be applied and nothing was; `problems` holds everything found wrong."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


def shown(value: object) -> str:
    """`value` as written in the file, cut to a length that fits a message."""
    text = f'"{value}"' if isinstance(value, str) else _plain(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _plain(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list():
            return "a list"
    return str(value)
