"""Pydantic's findings in our words: where, what is wrong, what is allowed, perhaps what was meant."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from leadferry.ledger.configuration.problems import Problem, shown
from leadferry.ledger.configuration.shape import File

UNSHOWN = frozenset({"client_secret", "private_key", "private_key_file", "login_url"})

WORDS = {
    "missing": "is missing",
    "greater_than_equal": "is out of range",
    "less_than_equal": "is out of range",
    "literal_error": "is not allowed",
    "string_pattern_mismatch": "is not allowed",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
}
WRONG_TYPE = "is of the wrong type"

Location = tuple[str | int, ...]


def problems_of(
    error: ValidationError, document: dict[str, Any], hidden: Sequence[Location]
) -> list[Problem]:
    """One problem for each place; values at the `hidden` locations (from the environment) are not shown."""
    found: dict[Location, Problem] = {}
    for detail in error.errors(include_url=False, include_context=False):
        location = _in_document(detail["loc"], document)
        found.setdefault(location, _problem(detail, location, document, hidden))
    return list(found.values())


def _in_document(location: Location, document: Any) -> Location:
    """`location` without what pydantic adds to it for the branches of a union."""
    for depth, part in enumerate(location):
        match document:
            case dict() if part in document:
                document = document[part]
            case list() if isinstance(part, int):
                document = document[part]
            case dict() if depth == len(location) - 1:
                return location
            case _:
                return location[:depth]
    return location


def _problem(
    detail: ErrorDetails, location: Location, document: dict[str, Any], hidden: Sequence[Location]
) -> Problem:
    word = WORDS.get(detail["type"], WRONG_TYPE)
    if detail["type"] == "extra_forbidden":
        message = _unknown(location)
    elif detail["type"] == "missing" or location[-1] in UNSHOWN or location in hidden:
        message = f"{word}; allowed: {_allowed(location)}"
    else:
        message = f"{shown(detail['input'])} {word}; allowed: {_allowed(location)}"
    return Problem(path=dotted(location, document), message=message)


def _unknown(location: Location) -> str:
    keys = list(_shape_at(location[:-1]).model_fields)
    close = get_close_matches(str(location[-1]), keys, n=1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"unknown key; {meant}allowed: {', '.join(keys)}"


def _allowed(location: Location) -> str:
    named = [depth for depth, part in enumerate(location) if isinstance(part, str)]
    shape = _shape_at(location[: named[-1]])
    field = shape.model_fields.get(str(location[named[-1]]))
    return field.description or "" if field else "a table"


def _shape_at(location: Location) -> type[BaseModel]:
    """The table at `location`: a step for each key, list position or site code on the way there."""
    shape: Any = File
    for part in location:
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            shape = shape.model_fields[str(part)].annotation
        elif get_origin(shape) in (dict, list):
            shape = get_args(shape)[-1]
    return shape if isinstance(shape, type) and issubclass(shape, BaseModel) else File


def dotted(location: Location, document: Any) -> str:
    """`location` as people write it; scores and rules go by name: ``site.acme.score[engagement]``."""
    return "".join(_parts(location, document)).removeprefix(".")


def _parts(location: Location, document: Any) -> Iterator[str]:
    for part in location:
        document = _inside(document, part)
        if isinstance(part, str):
            yield f".{part}"
        else:
            name = document.get("name") if isinstance(document, dict) else None
            yield f"[{name if isinstance(name, str) else part + 1}]"


def _inside(document: Any, part: str | int) -> Any:
    match document:
        case dict():
            return document.get(part)
        case list() if isinstance(part, int) and part < len(document):
            return document[part]
    return None
