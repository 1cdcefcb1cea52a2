"""The organization's HTTP face: a WSGI application."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from leadferry.simulator import control, gate, sign_in
from leadferry.simulator.errors import ApiError, ControlError, not_found
from leadferry.simulator.org import Org
from leadferry.simulator.routes import DATA, answer_to
from leadferry.simulator.wire import HTML, JSON, Answer, Call

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_GZIP = 16 + zlib.MAX_WBITS
_LARGEST_HEAD = 16_384
_PLAIN = "/!$&'()*+,;=:@"


def create_app(org: Org) -> WSGI:
    """The organization as a WSGI application.

    A fault that closes the connection is raised out of it as a ConnectionResetError.
    """

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        return _response(_face(org, request), request)(environ, start_response)

    return app


def _face(org: Org, request: Request) -> Answer:
    """The part of the organization that a path belongs to."""
    path = request.path
    if path.startswith("/control"):
        return _controlled(org, request)
    if path.startswith(("/services/oauth2/", "/id/")):
        return sign_in.answered(org, request)
    try:
        _check_size(request)
        return _data(_call(org, request))
    except ApiError as error:
        return Answer(status=error.status, body=error.body())


def _check_size(request: Request) -> None:
    """Refuses an address, or an address with its headers, beyond what the platform's servers read."""
    address = len(quote(request.path, safe=_PLAIN)) + len("?") + len(request.query_string)
    if address > _LARGEST_HEAD:
        raise ApiError(HTTPStatus.REQUEST_URI_TOO_LONG, "URI_TOO_LONG", "The URI is too long")
    headers = sum(len(f"{name}: {value}\r\n") for name, value in request.headers.items())
    if address + headers > _LARGEST_HEAD:
        text = "The URI and the request headers are too large"
        raise ApiError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "REQUEST_HEADER_FIELDS_TOO_LARGE", text)


def _controlled(org: Org, request: Request) -> Answer:
    try:
        return control.answered(org, request)
    except ControlError as error:
        return Answer(status=HTTPStatus.BAD_REQUEST, body={"error": str(error)})
    except (MethodNotAllowed, NotFound) as error:
        return Answer(status=error.code or HTTPStatus.NOT_FOUND, body={"error": error.description})


def _call(org: Org, request: Request) -> Call:
    return Call(
        org=org,
        method=request.args.get("_HttpMethod", request.method).upper(),
        path=request.path,
        base_url=request.host_url.rstrip("/"),
        query=request.args.to_dict(),
        headers={name.lower(): value for name, value in request.headers.items()},
        raw=_body(request),
    )


def _body(request: Request) -> bytes:
    raw = request.get_data()
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            return zlib.decompress(raw, _GZIP)
        except zlib.error:
            raise ApiError(HTTPStatus.BAD_REQUEST, "JSON_PARSER_ERROR", "The body is not gzip.") from None
    return raw


def _data(call: Call) -> Answer:
    if not f"{call.path}/".startswith(f"{DATA}/"):
        raise not_found()
    inside = call.path.removeprefix(DATA).strip("/")
    if not inside:
        return gate.versions(call)
    version = gate.check_version(inside.split("/", 1)[0])
    return gate.passed(replace(call, version=version, work=answer_to), answer_to)


def _response(answer: Answer, request: Request) -> Response:
    body = answer.encoded()
    headers = {"Cache-Control": "no-cache,must-revalidate,max-age=0,no-store,private", **answer.headers}
    if body:
        headers.setdefault("Content-Type", JSON)
    if request.path.startswith("/services/") and HTML not in headers.values():
        headers["Set-Cookie"] = "BrowserId=simulated; path=/; SameSite=Lax"
        headers["X-Content-Type-Options"] = "nosniff"
    response = Response(body, status=answer.status, headers=headers)
    # A fault that cuts an answer short still announces its whole length.
    response.headers.update(answer.headers)
    if not body:
        response.headers.pop("Content-Type", None)
    return response
