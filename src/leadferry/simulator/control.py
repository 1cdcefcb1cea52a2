"""The control API: what an organization cannot do to itself. JSON, for this machine only."""

import json
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from leadferry.simulator import assertions, clients, fields, gate, life, pages, sessions
from leadferry.simulator.errors import ControlError
from leadferry.simulator.org import Org
from leadferry.simulator.wire import HTML, Answer

Work = Callable[..., Any]


def page(org: Org, said: dict[str, Any]) -> Answer:
    """GET /control/: the organization on one page."""
    return Answer(body=pages.overview(org, state(org, said)), headers={"Content-Type": HTML})


def state(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    """GET state: what is there, in numbers."""
    living = org.store.number_of("Lead", "deleted = 0")
    return {
        "organization": org.id,
        "user": org.user_id,
        "leads": living,
        "deleted": org.store.number_of("Lead", "deleted = 1"),
        "calls": org.calls(),
        "usage": {"used": org.used(), "max": org.settings.daily_limit},
        "requests": len(org.log),
        "sessions": len(org.store.documents("session")),
        "faults": len(org.faults.all()),
        "time": org.stamp(),
    }


def requests(org: Org, said: dict[str, Any]) -> list[dict[str, Any]]:
    """GET requests?limit=: the last API requests, oldest first."""
    kept = [asdict(each) for each in list(org.log)]
    limit = str(said.get("limit", ""))
    return kept[-int(limit) :] if limit.isdigit() and int(limit) else kept


def reset(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    org.reset()
    return state(org, {})


def list_faults(org: Org, said: dict[str, Any]) -> list[dict[str, Any]]:
    return [each.as_json() for each in org.faults.all()]


def add_fault(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    """POST faults: {"kind", "times", "after", "path", "method", "where", ...}."""
    if not isinstance(said.get("kind"), str):
        raise ControlError("a fault needs a kind")
    details = {name: value for name, value in said.items() if name != "kind"}
    return org.faults.add(said["kind"], **details).as_json()


def clear_faults(org: Org, said: dict[str, Any], id_: int | None = None) -> dict[str, int]:
    return {"removed": org.faults.clear(id_)}


def show_settings(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    return org.settings.as_json()


def change_settings(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    return org.change_settings(said).as_json()


def spend(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    """POST usage {"calls": n}: as if others had spent calls."""
    number = said.get("calls")
    if not isinstance(number, int) or number < 0:
        raise ControlError("calls takes a number of calls")
    with org.store.atomic():
        org.store.spend(int(org.seconds() // 60), calls=number)
    return {"used": org.used(), "max": org.settings.daily_limit, "shown": gate.shown_usage(org)}


def advance(org: Org, said: dict[str, Any]) -> dict[str, str]:
    """POST clock {"advance": seconds}: time passes."""
    seconds = said.get("advance")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise ControlError("advance takes seconds")
    org.ahead += seconds
    return {"time": org.stamp()}


def end_sessions(org: Org, said: dict[str, Any]) -> dict[str, bool]:
    with org.store.atomic():
        sessions.end_all(org)
    return {"ended": True}


def add_client(org: Org, said: dict[str, Any]) -> dict[str, Any]:
    """POST clients: {"client_id", "client_secret", "public_key" or "certificate", "redirect_uris", ...}."""
    allowed = {
        "client_id",
        "client_secret",
        "public_key",
        "certificate",
        "redirect_uris",
        "rotation",
        "username",
    }
    if not said.get("client_id") or set(said) - allowed:
        raise ControlError(f"a client takes {', '.join(sorted(allowed))}; client_id is required")
    client = {name: value for name, value in said.items() if name not in ("public_key", "certificate")}
    pem = said.get("public_key") or said.get("certificate")
    if pem:
        try:
            client["public_key"] = assertions.public_key(pem)
        except ValueError as error:
            raise ControlError(f"the key is no PEM text: {error}") from None
    clients.remember(org, client)
    return {name: value for name, value in client.items() if name != "client_secret"}


_WORK: tuple[tuple[str, str, Work], ...] = (
    ("GET", "/", page),
    ("GET", "/state", state),
    ("GET", "/requests", requests),
    ("POST", "/reset", reset),
    ("GET", "/faults", list_faults),
    ("POST", "/faults", add_fault),
    ("DELETE", "/faults", clear_faults),
    ("DELETE", "/faults/<int:id_>", clear_faults),
    ("GET", "/settings", show_settings),
    ("PATCH", "/settings", change_settings),
    ("POST", "/usage", spend),
    ("POST", "/clock", advance),
    ("DELETE", "/sessions", end_sessions),
    ("POST", "/clients", add_client),
    ("GET", "/fields", fields.listed),
    ("POST", "/fields", fields.put),
    ("DELETE", "/fields/<name>", fields.remove),
    ("GET", "/rules", life.list_rules),
    ("POST", "/rules", life.add_rule),
    ("DELETE", "/rules/<name>", life.drop_rule),
    ("POST", "/owners", life.add_owner),
    ("GET", "/leads", life.leads),
    ("POST", "/leads/<id_>/convert", life.convert),
    ("POST", "/leads/<id_>/delete", life.delete),
    ("POST", "/leads/<id_>/undelete", life.undelete),
    ("POST", "/leads/<id_>/merge", life.merge),
)
_MAP = Map(
    [Rule(path, methods=[method], endpoint=(work,)) for method, path, work in _WORK], strict_slashes=False
)


def answered(org: Org, request: Request) -> Answer:
    """The answer to a control request; raises ControlError, and werkzeug's errors for unknown paths."""
    inside = "/" + request.path.removeprefix("/control").strip("/")
    (work,), names = _MAP.bind("", "/").match(inside, method=request.method)
    said = {**request.args.to_dict(), **_body(request)}
    with org.store.lock:
        answer = work(org, said, **names)
    if isinstance(answer, Answer):
        return answer
    if request.mimetype == "application/x-www-form-urlencoded":
        return Answer(status=HTTPStatus.SEE_OTHER, headers={"Location": "/control/"})
    status = HTTPStatus.CREATED if request.method == "POST" and inside == "/faults" else HTTPStatus.OK
    return Answer(status=status, body=answer, pretty=True)


def _body(request: Request) -> dict[str, Any]:
    if request.mimetype == "application/x-www-form-urlencoded":
        return request.form.to_dict()
    raw = request.get_data()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        raise ControlError("the body is no JSON") from None
    if not isinstance(body, dict):
        raise ControlError("the body has to be a JSON object")
    return body
