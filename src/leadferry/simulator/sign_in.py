"""The OAuth endpoints over HTTP: authorize, token, revoke, introspect, userinfo and the identity address."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Request

from leadferry.simulator import grants, oauth
from leadferry.simulator.consent import authorize
from leadferry.simulator.errors import OAuthError, not_simulated
from leadferry.simulator.faults import AFTERWARDS, EDGE, SIGN_IN
from leadferry.simulator.forms import base_of, form_of
from leadferry.simulator.gate import ConnectionLostError, edge_page
from leadferry.simulator.identity import identity, introspect, userinfo
from leadferry.simulator.org import Logged, Org
from leadferry.simulator.wire import Answer


def answered(org: Org, request: Request) -> Answer:
    """The answer of a sign-in endpoint; refusals are 400 with `error` and `error_description`."""
    try:
        answer = _struck(org, request) or _endpoint(request)(org, request)
    except OAuthError as error:
        answer = Answer(status=HTTPStatus.BAD_REQUEST, body=error.body())
    _log(org, request, answer)
    if _named(org, request, AFTERWARDS):
        raise ConnectionLostError("a fault closed the connection after the sign-in")
    return answer


def _log(org: Org, request: Request, answer: Answer) -> None:
    org.log.append(
        Logged(
            time=org.stamp(),
            method=request.method,
            path=request.path,
            status=answer.status,
            counted=False,
            rows=0,
        )
    )


def _named(org: Org, request: Request, kinds: frozenset[str]) -> list[Any]:
    """Faults of the data API strike here only when their path says so."""
    aimed = [each for each in org.faults.waiting(kinds, request.method, request.path) if "oauth" in each.path]
    return [each for each in aimed if org.faults.hit(each)]


def _struck(org: Org, request: Request) -> Answer | None:
    if request.path.endswith("/token"):
        for fault in org.faults.struck(SIGN_IN, request.method, request.path):
            text = (
                "invalid client credentials"
                if fault.kind == "invalid_client"
                else "expired access/refresh token"
            )
            raise OAuthError(fault.kind, fault.message or text)
    for fault in _named(org, request, EDGE):
        page = edge_page(fault)
        if page is not None:
            return page
    return None


def _endpoint(request: Request) -> Callable[[Org, Request], Answer]:
    if request.path.startswith("/id/"):
        return identity
    name = request.path.removeprefix("/services/oauth2/").strip("/")
    return _ENDPOINTS.get(name, _nowhere)


def _nowhere(org: Org, request: Request) -> Answer:
    error = not_simulated(f"The sign-in endpoint {request.path}")
    return Answer(status=error.status, body=error.body())


def _token(org: Org, request: Request) -> Answer:
    if request.method != "POST":
        raise OAuthError("invalid_request", "must use HTTP POST")
    return Answer(body=oauth.token(org, form_of(request), base_url=base_of(request)))


def _revoke(org: Org, request: Request) -> Answer:
    with org.store.atomic():
        grants.revoke(org, form_of(request).get("token", ""))
    return Answer()


_ENDPOINTS: dict[str, Callable[[Org, Request], Answer]] = {
    "authorize": authorize,
    "token": _token,
    "revoke": _revoke,
    "introspect": introspect,
    "userinfo": userinfo,
}
