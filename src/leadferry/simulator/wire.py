"""One API request and its answer, free of any web framework, so that composite calls can nest them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from leadferry.simulator.errors import ApiError, bad_request, not_simulated
from leadferry.simulator.org import Org
from leadferry.simulator.shapes import Json
from leadferry.simulator.values import UnreadableError

JSON = "application/json;charset=UTF-8"
HTML = "text/html;charset=UTF-8"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to the data API. Header names are lower case; `content` stands for `raw` when nested."""

    org: Org
    method: str
    path: str
    base_url: str = ""
    version: int = 67
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    content: Any = None
    nested: bool = False
    work: "Callable[[Call], Answer] | None" = None

    def payload(self) -> Json:
        """The request's JSON; a refusal when it is none."""
        if self.content is not None or self.nested:
            return self.content
        if "json" not in self.headers.get("content-type", ""):
            text = "Content-Type header specified in HTTP request is not supported: "
            text += self.headers.get("content-type", "")
            raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", text)
        try:
            return json.loads(self.raw)
        except ValueError as error:
            raise bad_request("JSON_PARSER_ERROR", f"{error} at [line:1, column:1]") from None

    def record(self) -> dict[str, Any]:
        """The request's JSON where it has to be one object."""
        body = self.payload()
        if not isinstance(body, dict):
            raise bad_request("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object.")
        return body

    def flag(self, body: Mapping[str, Any], name: str) -> bool:
        """A switch of the request's JSON, off where it is absent; refused where it is no boolean."""
        value = body.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.unreadable(UnreadableError("boolean", value))

    def unreadable(self, error: UnreadableError, *, said: str = "") -> ApiError:
        """The refusal of the whole request over one value of it, in the words `said` if there are any."""
        place = max(self.raw.find(str(error.value).encode()), 0) + 1
        tail = f" or request may be missing a required field at [line:1, column:{place}]"
        return bad_request("JSON_PARSER_ERROR", f"{said or error}{tail}")

    @property
    def data_path(self) -> str:
        return f"/services/data/v{self.version}.0"

    def option(self, header: str, name: str) -> str:
        """One `name=value` of a header that lists several, as `Sforce-Duplicate-Rule-Header` does."""
        parts = (part.partition("=") for part in self.headers.get(header, "").replace(";", ",").split(","))
        return next((value.strip() for key, _, value in parts if key.strip() == name), "")

    def within(self, **changes: Json) -> "Answer":
        """The answer to a request nested in this one."""
        if self.work is None:
            raise not_simulated("A request inside this request")
        return self.work(replace(self, nested=True, raw=b"", **changes))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What goes back: a JSON value, ready bytes, or nothing; `rows` is for the log."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    pretty: bool = False
    rows: int = 0

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if self.pretty:
            return json.dumps(self.body, indent=2, separators=(",", " : "), ensure_ascii=False).encode()
        return json.dumps(self.body, separators=(",", ":"), ensure_ascii=False).encode()


def refuse_relations(names: Mapping[str, Any]) -> None:
    """Related records inside a row (`Owner: {...}`) are beyond this organization."""
    for name, value in names.items():
        if name != "attributes" and isinstance(value, dict):
            raise not_simulated(f"A related record inside a row ({name})")
