"""The OAuth endpoints over HTTP: authorize, token, revoke, introspect, userinfo and the identity address."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from leadferry.simulator import clients, grants, oauth, pages, sessions
from leadferry.simulator.errors import OAuthError, not_found, not_simulated
from leadferry.simulator.faults import AFTERWARDS, EDGE, SIGN_IN
from leadferry.simulator.gate import ConnectionLostError, edge_page
from leadferry.simulator.org import Logged, Org
from leadferry.simulator.sessions import Session
from leadferry.simulator.wire import HTML, Answer

_ANSWERED = ("state",)


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
        return _identity
    name = request.path.removeprefix("/services/oauth2/").strip("/")
    return _ENDPOINTS.get(name, _nowhere)


def _nowhere(org: Org, request: Request) -> Answer:
    error = not_simulated(f"The sign-in endpoint {request.path}")
    return Answer(status=error.status, body=error.body())


def _base(request: Request) -> str:
    return request.host_url.rstrip("/")


def _form(request: Request) -> dict[str, str]:
    """The form's fields, with the credentials of HTTP Basic where they came that way."""
    form = {**request.args.to_dict(), **request.form.to_dict()}
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        form |= {"client_id": basic.username or "", "client_secret": basic.password or ""}
    return form


def _token(org: Org, request: Request) -> Answer:
    if request.method != "POST":
        raise OAuthError("invalid_request", "must use HTTP POST")
    return Answer(body=oauth.token(org, _form(request), base_url=_base(request)))


def _revoke(org: Org, request: Request) -> Answer:
    with org.store.atomic():
        grants.revoke(org, _form(request).get("token", ""))
    return Answer()


def _introspect(org: Org, request: Request) -> Answer:
    form = _form(request)
    clients.authenticated(org, form, secret_needed=False)
    session = sessions.living(org, form.get("token", ""))
    if session is None or session.client_id != form.get("client_id"):
        return Answer(body={"active": False})
    opened = int(session.opened)
    body = {
        "active": True,
        "scope": session.scope,
        "client_id": session.client_id,
        "username": org.settings.username,
        "sub": f"{_base(request)}/id/{org.id}/{org.user_id}",
        "token_type": "access_token",
        "exp": int(session.until),
        "iat": opened,
        "nbf": opened,
    }
    return Answer(body=body)


def _session(org: Org, request: Request) -> Session | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return sessions.living(org, token.strip()) if kind.lower() in ("bearer", "oauth") else None


def _userinfo(org: Org, request: Request) -> Answer:
    if _session(org, request) is None:
        return Answer(status=HTTPStatus.FORBIDDEN, body=b"Bad_OAuth_Token", headers={"Content-Type": HTML})
    base = _base(request)
    rest = f"{base}/services/data/v{{version}}/"
    body = {
        "sub": f"{base}/id/{org.id}/{org.user_id}",
        "user_id": org.user_id,
        "organization_id": org.id,
        "preferred_username": org.settings.username,
        "name": "Simulated User",
        "email": org.settings.username,
        "zoneinfo": "Europe/Prague",
        "locale": "en_US",
        "language": "en_US",
        "utcOffset": 3600000,
        "active": True,
        "user_type": "STANDARD",
        "updated_at": org.stamp(),
        "is_salesforce_integration_user": False,
        "urls": {"rest": rest, "sobjects": f"{rest}sobjects/", "query": f"{rest}query/"},
    }
    return Answer(body=body)


def _identity(org: Org, request: Request) -> Answer:
    """GET /id/ORG/USER: as userinfo, for this organization and user only."""
    if request.path.rstrip("/") != f"/id/{org.id}/{org.user_id}":
        error = not_found()
        return Answer(status=error.status, body=error.body())
    answer = _userinfo(org, request)
    if isinstance(answer.body, dict):
        own = {"id": answer.body["sub"], "username": org.settings.username, "asserted_user": True}
        return Answer(body=answer.body | own)
    return answer


def _authorize(org: Org, request: Request) -> Answer:
    """GET shows the consent page, POST is the decision; a wrong redirect address ends on a page of ours."""
    asked = _form(request)
    problem = _problem(org, asked)
    if problem:
        page = pages.refusal(problem)
        return Answer(status=HTTPStatus.BAD_REQUEST, body=page, headers={"Content-Type": HTML})
    decision = asked.get("decision") if request.method == "POST" else org.settings.consent
    if decision == "ask" or decision is None:
        return Answer(body=pages.consent(asked), headers={"Content-Type": HTML})
    if decision != "allow":
        refused = {"error": "access_denied", "error_description": "end-user denied authorization"}
        return _back(asked, refused)
    return _back(asked, {"code": grants.issue_code(org, asked)})


def _problem(org: Org, asked: dict[str, str]) -> str:
    """Why no code may be given; the first redirect address of an unregistered client registers it."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type: response type not supported"
    if not asked.get("client_id"):
        return "invalid_client_id: client identifier invalid"
    if not asked.get("redirect_uri"):
        return "redirect_uri_missing: missing required parameter: redirect_uri"
    client = clients.met(org, asked["client_id"])
    registered = client.get("redirect_uris")
    if registered is None:
        clients.remember(org, client | {"redirect_uris": [asked["redirect_uri"]]})
    elif asked["redirect_uri"] not in registered:
        return "redirect_uri_mismatch: redirect_uri must match configuration"
    challenged = bool(asked.get("code_challenge"))
    if challenged and asked.get("code_challenge_method", "S256") != "S256":
        return "invalid_request: code_challenge_method must be S256"
    if org.settings.require_pkce and not challenged:
        return "invalid_request: missing required code challenge"
    return ""


def _back(asked: dict[str, str], said: dict[str, str]) -> Answer:
    said = said | {name: asked[name] for name in _ANSWERED if name in asked}
    address = asked["redirect_uri"]
    joined = f"{address}{'&' if '?' in address else '?'}{urlencode(said)}"
    return Answer(status=HTTPStatus.FOUND, headers={"Location": joined})


_ENDPOINTS: dict[str, Callable[[Org, Request], Answer]] = {
    "authorize": _authorize,
    "token": _token,
    "revoke": _revoke,
    "introspect": _introspect,
    "userinfo": _userinfo,
}
