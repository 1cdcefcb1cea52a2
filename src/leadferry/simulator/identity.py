"""Who a token speaks for: userinfo, the identity address, introspection."""

from http import HTTPStatus

from werkzeug.wrappers import Request

from leadferry.simulator import clients, sessions
from leadferry.simulator.errors import not_found
from leadferry.simulator.forms import base_of, form_of
from leadferry.simulator.org import Org
from leadferry.simulator.sessions import Session
from leadferry.simulator.wire import HTML, Answer


def introspect(org: Org, request: Request) -> Answer:
    form = form_of(request)
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
        "sub": f"{base_of(request)}/id/{org.id}/{org.user_id}",
        "token_type": "access_token",
        "exp": int(session.until),
        "iat": opened,
        "nbf": opened,
    }
    return Answer(body=body)


def _session(org: Org, request: Request) -> Session | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return sessions.living(org, token.strip()) if kind.lower() in ("bearer", "oauth") else None


def userinfo(org: Org, request: Request) -> Answer:
    if _session(org, request) is None:
        return Answer(status=HTTPStatus.FORBIDDEN, body=b"Bad_OAuth_Token", headers={"Content-Type": HTML})
    base = base_of(request)
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


def identity(org: Org, request: Request) -> Answer:
    """GET /id/ORG/USER: as userinfo, for this organization and user only."""
    if request.path.rstrip("/") != f"/id/{org.id}/{org.user_id}":
        error = not_found()
        return Answer(status=error.status, body=error.body())
    answer = userinfo(org, request)
    if isinstance(answer.body, dict):
        own = {"id": answer.body["sub"], "username": org.settings.username, "asserted_user": True}
        return Answer(body=answer.body | own)
    return answer
