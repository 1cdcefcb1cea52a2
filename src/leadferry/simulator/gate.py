"""What every data request passes: version, edge faults, session, allowance; and what it meets behind them."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from leadferry.simulator import errors, sessions
from leadferry.simulator.errors import ApiError
from leadferry.simulator.faults import AFTERWARDS, EDGE, Fault
from leadferry.simulator.org import Logged, Org
from leadferry.simulator.wire import HTML, Answer, Call

OLDEST, NEWEST = 59, 68
_RETIRED = range(7, 31)
_DEPRECATED = range(31, 41)
_VERSION = re.compile(r"v([0-9]{1,3})\.0")
_RANDOM_STEP = 7

_PAGES = {
    "status_420": (420, b""),
    "status_502": (502, b"<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"),
    "status_503": (
        503,
        b"<html><head><title>Down</title></head><body><h1>We are down for maintenance.</h1></body></html>",
    ),
    "garbage": (200, b"<html><body>Please sign in to the guest network.</body></html>"),
}


class ConnectionLostError(ConnectionResetError):
    """The connection closes without an answer."""


def versions(call: Call) -> Answer:
    """GET /services/data/: needs no session and costs nothing."""
    listed = [
        {"label": _label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(OLDEST, NEWEST + 1)
    ]
    return Answer(body=listed)


def _label(number: int) -> str:
    """The release of a version: three a year, 65.0 being Winter '26."""
    years, season = divmod(number - 65, 3)
    return f"{('Winter', 'Spring', 'Summer')[season]} '{26 + years}"


def check_version(text: str) -> int:
    """The version number of a path; 410 for a retired version, 404 for one that never was."""
    found = _VERSION.fullmatch(text)
    number = int(found[1]) if found else 0
    if number in _RETIRED:
        raise ApiError(HTTPStatus.GONE, "GONE", f"API version {number}.0 is retired")
    if not _DEPRECATED.start <= number <= NEWEST:
        raise errors.not_found()
    return number


def passed(call: Call, handle: Callable[[Call], Answer]) -> Answer:
    """The answer to a data request, after all that may come before it and go wrong behind it.

    Raises ConnectionLostError where a fault closes the connection.
    """
    answer = _guarded(call, handle)
    for fault in call.org.faults.struck(AFTERWARDS, call.method, call.path):
        if fault.kind == "reset_after":
            raise ConnectionLostError("a fault closed the connection after the work was done")
        whole = answer.encoded()
        answer = replace(
            answer,
            body=whole[: len(whole) // 2],
            headers={**answer.headers, "Content-Length": str(len(whole))},
        )
    return answer


def _guarded(call: Call, handle: Callable[[Call], Answer]) -> Answer:
    counted = False
    try:
        edge = _at_the_edge(call)
        if edge is not None:
            return _logged(call, edge, counted=False)
        _admit(call)
        call.org.spend()
        counted = True
        with call.org.store.atomic():
            answer = handle(call)
    except ConnectionLostError:
        _logged(call, Answer(status=0), counted=False)
        raise
    except ApiError as error:
        answer = Answer(status=error.status, body=error.body())
    return _logged(call, _with_usage(call, answer) if counted else answer, counted=counted)


def _at_the_edge(call: Call) -> Answer | None:
    """The faults that strike before Salesforce has looked at the request."""
    if call.org.settings.answer_delay:
        time.sleep(call.org.settings.answer_delay)
    for fault in call.org.faults.struck(EDGE, call.method, call.path):
        page = edge_page(fault)
        if page is not None:
            return page
        if fault.kind != "slow":
            _refuse(call, fault)
    return None


def edge_page(fault: Fault) -> Answer | None:
    """What a machine before Salesforce answers; sleeps where it is slow, may raise ConnectionLostError."""
    if fault.kind == "slow":
        time.sleep(fault.seconds)
    if fault.kind == "reset_before":
        raise ConnectionLostError("a fault closed the connection before the work was done")
    if fault.kind not in _PAGES:
        return None
    status, page = _PAGES[fault.kind]
    return Answer(status=status, body=page, headers={"Content-Type": HTML})


def _refuse(call: Call, fault: Fault) -> None:
    """A fault that Salesforce itself words."""
    if fault.kind == "session_expired":
        sessions.end_all(call.org)
        raise errors.invalid_session()
    raise _REFUSALS[fault.kind]()


def _api_disabled() -> ApiError:
    text = "API is not enabled for this Organization or Partner"
    return ApiError(HTTPStatus.FORBIDDEN, "API_DISABLED_FOR_ORG", text)


def _unexpected() -> ApiError:
    text = (
        "An unexpected error occurred. Please include this ErrorId if you contact support: "
        "1234567-12345 (1234567890)"
    )
    return ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "UNKNOWN_EXCEPTION", text)


_REFUSALS: dict[str, Callable[[], ApiError]] = {
    "status_500": _unexpected,
    "invalid_session_forever": errors.invalid_session,
    "daily_limit": errors.daily_limit,
    "concurrent_limit": errors.concurrent_limit,
    "api_disabled": _api_disabled,
}


def _admit(call: Call) -> None:
    """Session and allowance; a refusal here costs nothing."""
    kind, _, token = call.headers.get("authorization", "").partition(" ")
    if token and kind.lower() not in ("bearer", "oauth"):
        raise ApiError(HTTPStatus.UNAUTHORIZED, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE")
    if sessions.living(call.org, token.strip()) is None:
        raise errors.invalid_session()
    if not call.org.settings.api_enabled:
        raise _api_disabled()
    if call.org.used() >= call.org.settings.daily_limit:
        raise errors.daily_limit()


def _with_usage(call: Call, answer: Answer) -> Answer:
    usage = f"api-usage={shown_usage(call.org)}/{call.org.settings.daily_limit}"
    headers = {"Sforce-Limit-Info": usage, **answer.headers}
    if call.version in _DEPRECATED:
        headers["Warning"] = f'299 - "API version {call.version}.0 is deprecated and will be removed"'
    return replace(answer, headers=headers)


def shown_usage(org: Org) -> int:
    """Calls of the last day, as far off as the setting `usage_jitter` has it."""
    jitter = org.settings.usage_jitter
    drift = (org.calls() * _RANDOM_STEP) % (2 * jitter + 1) - jitter if jitter else 0
    return max(org.used() + drift, 0)


def _logged(call: Call, answer: Answer, *, counted: bool) -> Answer:
    entry: dict[str, Any] = {"method": call.method, "path": call.path, "status": answer.status}
    call.org.log.append(Logged(time=call.org.stamp(), counted=counted, rows=answer.rows, **entry))
    return answer
