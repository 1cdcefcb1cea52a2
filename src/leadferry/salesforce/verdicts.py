"""Salesforce's refusals of a whole request, as tables: code or HTTP status -> what to do next.

Codes and texts: REST API Developer Guide, "Status Codes and Error Responses"; SOAP API guide, StatusCode.
Texts come in the language of the user, so classes are told from the code, save where Salesforce uses one code
for two things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.salesforce.errors import (
    LONGEST_TEXT,
    AuthorizationRefused,
    InDoubt,
    LimitReached,
    NeedsPerson,
    NotFound,
    Rejected,
    SalesforceError,
    SeveralMatches,
    TryLater,
)
from leadferry.salesforce.wire import Answer

ADMINISTRATOR = "a Salesforce administrator"
CONFIGURATOR = "whoever configures this connection"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The error class a code stands for; with a fix and a person for NeedsPerson."""

    kind: type[SalesforceError]
    fix: str = ""
    who: str = ADMINISTRATOR


LATER = Verdict(kind=TryLater)
REJECTED = Verdict(kind=Rejected)
NOT_FOUND = Verdict(kind=NotFound)
_HIDDEN_FIELD = "Check that the field exists and that the integration user may read and edit it."
_API_OFF = "Enable the API for the org and the permission 'API Enabled' for the integration user."
_NO_ACCESS = "Give the integration user read, create and edit access to the object and its fields."
_OLD_VERSION = "Choose an API version that the org still offers."
_RENEW = "Connect to Salesforce again."


def _person(fix: str, who: str = ADMINISTRATOR) -> Verdict:
    return Verdict(kind=NeedsPerson, fix=fix, who=who)


CODES: Mapping[str, Verdict] = {
    "API_CURRENTLY_DISABLED": _person(_API_OFF),
    "API_DISABLED_FOR_ORG": _person(_API_OFF),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": REJECTED,
    "DUPLICATES_DETECTED": REJECTED,
    "DUPLICATE_VALUE": REJECTED,
    "ENTITY_IS_DELETED": NOT_FOUND,
    "ENTITY_IS_LOCKED": LATER,
    "FUNCTIONALITY_NOT_ENABLED": _person("Enable the feature that the message names."),
    "GONE": _person(_OLD_VERSION, CONFIGURATOR),
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": LATER,
    "INSUFFICIENT_ACCESS": _person(_NO_ACCESS),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": _person(_NO_ACCESS),
    "INSUFFICIENT_ACCESS_OR_READONLY": _person(_NO_ACCESS),
    "INVALID_AUTH_HEADER": Verdict(kind=AuthorizationRefused, fix=_RENEW, who=CONFIGURATOR),
    "INVALID_FIELD": _person(_HIDDEN_FIELD),
    "INVALID_FIELD_FOR_INSERT_UPDATE": _person(_HIDDEN_FIELD),
    "INVALID_QUERY_LOCATOR": LATER,
    "INVALID_SESSION_ID": Verdict(kind=AuthorizationRefused, fix=_RENEW, who=CONFIGURATOR),
    "INVALID_TYPE": _person("Check that the object exists and that the integration user may use it."),
    "JSON_PARSER_ERROR": REJECTED,
    "LICENSE_LIMIT_EXCEEDED": _person("Add a licence for the integration user."),
    "MALFORMED_ID": REJECTED,
    "MALFORMED_QUERY": REJECTED,
    "NOT_FOUND": NOT_FOUND,
    "QUERY_TIMEOUT": LATER,
    "REQUEST_LIMIT_EXCEEDED": Verdict(kind=LimitReached),
    "REQUEST_RUNNING_TOO_LONG": LATER,
    "SERVER_UNAVAILABLE": LATER,
    "STORAGE_LIMIT_EXCEEDED": _person("Free or buy data storage in the org."),
    "TXN_SECURITY_NO_ACCESS": _person("Let the transaction security policy allow the integration user."),
    "UNABLE_TO_LOCK_ROW": LATER,
    "UNKNOWN_EXCEPTION": LATER,
    "UNSUPPORTED_API_VERSION": _person(_OLD_VERSION, CONFIGURATOR),
}

STATUSES: Mapping[int, Verdict] = {
    300: Verdict(kind=SeveralMatches),
    401: Verdict(kind=AuthorizationRefused, fix=_RENEW, who=CONFIGURATOR),
    403: _person(_NO_ACCESS),
    404: NOT_FOUND,
    408: LATER,
    410: _person(_OLD_VERSION, CONFIGURATOR),
    413: REJECTED,
    414: REJECTED,
    420: LATER,
    429: LATER,
    431: REJECTED,
}
_MOVED = _person("Enter the org's current My Domain address as the login URL.", CONFIGURATOR)
# An edge server that judges the size of a request answers with a page; still the content is refused.
_SIZE_STATUSES = frozenset({413, 414, 431})
_WORST_FIRST = (NeedsPerson, LimitReached, TryLater, Rejected)
# Errors of a trigger or flow that hide a passing fault in their text, which Apex writes in English.
_PASSING_TEXTS = ("UNABLE_TO_LOCK_ROW", "Too many SOQL queries")


def refusal(answer: Answer) -> SalesforceError:
    """The error for an answer that is not a success."""
    if answer.status == 504 and answer.write:
        return InDoubt(
            "Salesforce's edge gave up waiting (HTTP 504); the write may have been saved", status=504
        )
    payload: object = None
    if answer.is_json or not answer.is_page:
        payload = _parsed(answer)
    elif answer.status not in _SIZE_STATUSES:
        return TryLater(f"Salesforce answered with a web page (HTTP {answer.status})", status=answer.status)
    return refused(answer.status, payload)


def refused(status: int, payload: object) -> SalesforceError:
    """The error for an HTTP status and the parsed error list that came with it."""
    if status == 300 and isinstance(payload, list):
        return _several(payload)
    errors = [error for error in payload if isinstance(error, dict)] if isinstance(payload, list) else []
    found = [_single(status, error) for error in errors] or [_single(status, {})]
    return worst(found)


def worst(errors: Sequence[SalesforceError]) -> SalesforceError:
    """The one that asks for most: a person, then a pause, then another try, then other content."""
    return min(errors, key=_severity)


def _severity(error: SalesforceError) -> int:
    return next(
        (rank for rank, kind in enumerate(_WORST_FIRST) if isinstance(error, kind)), len(_WORST_FIRST)
    )


def _single(status: int, error: Mapping[str, Any]) -> SalesforceError:
    code = str(error.get("errorCode") or error.get("statusCode") or "")
    message = str(error.get("message") or "")[:LONGEST_TEXT]
    fields = tuple(str(field) for field in error.get("fields") or ())
    verdict = _verdict(status, code, message)
    said = f"{message or 'no reason given'} ({code + ', ' if code else ''}HTTP {status})"
    sentence = f"Salesforce refused the request: {said}"
    if issubclass(verdict.kind, NeedsPerson):
        return verdict.kind(
            sentence,
            code=code,
            message=message,
            status=status,
            fields=fields,
            fix=verdict.fix,
            who=verdict.who,
        )
    return verdict.kind(sentence, code=code, message=message, status=status, fields=fields)


def _verdict(status: int, code: str, message: str) -> Verdict:
    if code == "REQUEST_LIMIT_EXCEEDED" and "Concurrent" in message:
        return LATER
    if any(text in message for text in _PASSING_TEXTS):
        return LATER
    if status >= 500:
        return LATER
    by_status = STATUSES.get(status, _MOVED if 300 <= status < 400 else REJECTED)
    return CODES.get(code, by_status)


def _several(urls: Sequence[object]) -> SeveralMatches:
    error = SeveralMatches(
        f"{len(urls)} records hold this key, so nothing was written", code="DUPLICATE_EXTERNAL_ID", status=300
    )
    error.matches = tuple(str(url) for url in urls)
    return error


def _parsed(answer: Answer) -> object:
    try:
        return answer.json()
    except TryLater:
        return None
