"""The authorize endpoint: a consent page, and the way back with a code or a refusal."""

from http import HTTPStatus
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from leadferry.simulator import clients, grants, pages
from leadferry.simulator.forms import form_of
from leadferry.simulator.org import Org
from leadferry.simulator.wire import HTML, Answer

_ANSWERED = ("state",)


def authorize(org: Org, request: Request) -> Answer:
    """GET shows the consent page, POST is the decision; a wrong redirect address ends on a page of ours."""
    asked = form_of(request)
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
