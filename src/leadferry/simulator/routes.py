"""Which path of the data API is whose work; what is known but not simulated says so."""

from collections.abc import Callable
from http import HTTPStatus

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from leadferry.simulator import (
    collections,
    composite,
    describe,
    limits,
    query,
    reads,
    replication,
    single,
    tooling,
)
from leadferry.simulator.errors import ApiError, not_found, not_simulated
from leadferry.simulator.wire import Answer, Call

DATA = "/services/data"

Work = Callable[..., Answer]

_WORK: tuple[tuple[str, str, Work], ...] = (
    ("GET", "/", limits.resources),
    ("GET", "/limits", limits.show),
    ("GET", "/sobjects", describe.list_objects),
    ("GET", "/sobjects/<sobject>", describe.show_object),
    ("POST", "/sobjects/<sobject>", single.create_row),
    ("GET", "/sobjects/<sobject>/describe", describe.describe_object),
    ("GET", "/sobjects/<sobject>/describe/layouts", describe.layouts),
    ("GET", "/sobjects/<sobject>/updated", replication.updated),
    ("GET", "/sobjects/<sobject>/deleted", replication.deleted),
    ("GET", "/sobjects/<sobject>/<id_>", single.read_row),
    ("PATCH", "/sobjects/<sobject>/<id_>", single.change_row),
    ("DELETE", "/sobjects/<sobject>/<id_>", single.delete_row),
    ("GET", "/sobjects/<sobject>/<key>/<path:value>", single.read_row_by_key),
    ("PATCH", "/sobjects/<sobject>/<key>/<path:value>", single.upsert_row),
    ("GET", "/query", query.query),
    ("GET", "/queryAll", query.query_all),
    ("GET", "/query/<locator>", query.next_page),
    ("GET", "/queryAll/<locator>", query.next_page),
    ("POST", "/composite/sobjects", collections.create_rows),
    ("PATCH", "/composite/sobjects", collections.update_rows),
    ("DELETE", "/composite/sobjects", collections.delete_rows),
    ("GET", "/composite/sobjects/<sobject>", reads.read_rows),
    ("POST", "/composite/sobjects/<sobject>", reads.read_rows),
    ("PATCH", "/composite/sobjects/<sobject>/<key>", collections.upsert_rows),
    ("POST", "/composite", composite.composite),
    ("POST", "/composite/batch", composite.batch),
    ("POST", "/tooling/sobjects/CustomField", tooling.create_field),
    ("DELETE", "/tooling/sobjects/CustomField/<id_>", tooling.delete_field),
    ("GET", "/tooling/query", tooling.query_fields),
)
_BEYOND = {
    "jobs": "Bulk API 2.0",
    "async": "The Bulk API",
    "composite/graph": "The composite graph resource",
    "composite/tree": "The composite tree resource",
    "tooling": "This part of the Tooling API",
    "search": "SOSL",
    "parameterizedSearch": "SOSL",
    "analytics": "The Analytics API",
    "actions": "The invocable actions resource",
    "ui-api": "The User Interface API",
    "chatter": "The Connect API",
    "metadata": "The Metadata API",
    "process": "The process resource",
    "recent": "The list of recent records",
    "event": "Platform events",
    "wave": "The Analytics API",
}
_MAP = Map(
    [Rule(path, methods=[method], endpoint=(work,)) for method, path, work in _WORK],
    strict_slashes=False,
    merge_slashes=False,
)


def answer_to(call: Call) -> Answer:
    """The work of a call's path done; 404, 405 or 501 in the platform's shape for the rest."""
    inside = "/" + call.path.removeprefix(DATA).strip("/").partition("/")[2]
    try:
        (work,), names = _MAP.bind("", "/").match(inside, method=call.method)
    except MethodNotAllowed as error:
        allowed = ",".join(sorted(error.valid_methods or ()))
        text = f"HTTP Method '{call.method}' not allowed. Allowed are {allowed}"
        raise ApiError(HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", text) from None
    except NotFound:
        raise _unknown(inside.strip("/")) from None
    answer: Answer = work(call, **names)
    return answer


def _unknown(inside: str) -> ApiError:
    for start, name in _BEYOND.items():
        if f"{inside}/".startswith(f"{start}/"):
            return not_simulated(name)
    return not_found()
