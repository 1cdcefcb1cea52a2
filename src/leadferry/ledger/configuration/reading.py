"""From a TOML file to a checked document, with the environment's values filled in."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from leadferry.core.contact import BadValue, clean_site_code
from leadferry.ledger.configuration.problems import ConfigurationError, Problem
from leadferry.ledger.configuration.shape import File
from leadferry.ledger.configuration.wording import Location, dotted, problems_of

MAX_BYTES = 1_000_000
DEFAULT_NAME = "leadferry.toml"
FROM_ENVIRONMENT = "env:"
UNTYPABLE = "allowed: text without control characters that does not begin with env:"
TOO_DEEP = "is nested too deeply"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(kw_only=True)
class Document:
    """A file as read: its tables, and which of their strings came from which environment variable."""

    name: str
    folder: Path
    tables: dict[str, Any]
    references: dict[Location, str] = field(default_factory=dict)


def read(source: Path | str, *, environ: Mapping[str, str]) -> Document:
    """The document in a file (Path) or in a text (str), its keys, types and ranges checked.

    A string ``env:NAME`` is read from `environ`. Raises ConfigurationError with everything found wrong.
    """
    name = str(source) if isinstance(source, Path) else DEFAULT_NAME
    folder = source.parent if isinstance(source, Path) else Path.cwd()
    document = Document(name=name, folder=folder, tables=_tables(name, _text(name, source)))
    try:
        unresolved = dict(_resolve(document, environ))
    except RecursionError:
        raise _refused(name, TOO_DEEP) from None
    problems = [*unresolved.values(), *_misshapen(document, unresolved), *_misnamed(document)]
    if problems:
        raise ConfigurationError(name, problems)
    return document


def typed(tables: dict[str, Any], *, name: str) -> Document:
    """The document of tables that a person typed in, checked like those of a file.

    Nothing is read from the environment. A text that a file would take as a reference to it is refused,
    because an exported file could not tell the two apart. Raises ConfigurationError.
    """
    document = Document(name=name, folder=Path.cwd(), tables=tables)
    unusable = {
        location: Problem(path=dotted(location, tables), message=UNTYPABLE)
        for location, container, key in _places(tables, ())
        if container[key].startswith(FROM_ENVIRONMENT) or _UNSTORABLE.search(container[key])
    }
    problems = [*unusable.values(), *_misshapen(document, unusable), *_misnamed(document)]
    if problems:
        raise ConfigurationError(name, problems)
    return document


def _text(name: str, source: Path | str) -> str:
    try:
        content = source.read_bytes() if isinstance(source, Path) else source.encode()
    except OSError as error:
        raise _refused(name, f"cannot be read: {error.strerror}") from None
    except UnicodeEncodeError:
        raise _refused(name, "is not UTF-8") from None
    if len(content) > MAX_BYTES:
        raise _refused(name, f"has {len(content)} bytes; allowed: up to {MAX_BYTES}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(name, f"is not UTF-8: byte {error.start} in line {line}") from None


def _tables(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, f"is not TOML: {error}") from None
    except RecursionError:
        raise _refused(name, TOO_DEEP) from None


def _refused(name: str, message: str) -> ConfigurationError:
    return ConfigurationError(name, [Problem(path="", message=message)])


def _resolve(document: Document, environ: Mapping[str, str]) -> Iterator[tuple[Location, Problem]]:
    """Fill in the environment's values; yields the places where that, or the text itself, was impossible."""
    for location, container, key in list(_places(document.tables, ())):
        text = container[key]
        wrong = "holds a NUL character" if "\x00" in "".join(map(str, (*location, text))) else ""
        if text.startswith(FROM_ENVIRONMENT):
            variable = text.removeprefix(FROM_ENVIRONMENT)
            wrong = _unusable(variable, environ)
            document.references[location] = variable
            container[key] = text if wrong else environ[variable]
        if wrong:
            yield location, Problem(path=dotted(location, document.tables), message=wrong)


def _unusable(variable: str, environ: Mapping[str, str]) -> str:
    """Why this environment variable cannot be used; empty when it can. Never says what it holds."""
    if not _VARIABLE.fullmatch(variable):
        return "does not name an environment variable; allowed: env:NAME"
    if not environ.get(variable):
        return f"the environment variable {variable} is {'empty' if variable in environ else 'not set'}"
    if _UNSTORABLE.search(environ[variable]) or environ[variable].startswith(FROM_ENVIRONMENT):
        return f"the environment variable {variable} holds no usable text"
    return ""


def _places(value: Any, location: Location) -> Iterator[tuple[Location, Any, Any]]:
    """Every string in `value`: its location, and the container and key to replace it with."""
    for key in value if isinstance(value, dict) else range(len(value)):
        inner = value[key]
        if isinstance(inner, str):
            yield (*location, key), value, key
        elif isinstance(inner, dict | list):
            yield from _places(inner, (*location, key))


def _misshapen(document: Document, unresolved: Mapping[Location, Problem]) -> list[Problem]:
    try:
        File.model_validate(document.tables)
    except ValidationError as error:
        hidden = list(document.references)
        silent = {problem.path for problem in unresolved.values()}
        return [
            problem for problem in problems_of(error, document.tables, hidden) if problem.path not in silent
        ]
    return []


def _misnamed(document: Document) -> Iterator[Problem]:
    sites = document.tables.get("site")
    for code in sites if isinstance(sites, dict) else ():
        try:
            clean_site_code(code)
        except BadValue as error:
            yield Problem(path=f"site.{code}", message=f"allowed: {error.allowed}")
