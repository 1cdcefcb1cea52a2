"""The organization without a socket: for tests, which then need no port and no thread."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import urllib3
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class InProcess:
    """Answers requests to any host by a WSGI application, as urllib3 would bring the answers."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> urllib3.BaseHTTPResponse:
        """The answer of the application; what it raises, it raises here."""
        parts = urlsplit(url)
        asked = EnvironBuilder(
            path=parts.path or "/",
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=method,
            headers=list(headers.items()),
            data=body,
        )
        pieces, status, answered = run_wsgi_app(self._app, asked.get_environ(), buffered=True)
        asked.close()
        return _response(int(status.split()[0]), answered.items(), b"".join(pieces))


def _response(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> urllib3.HTTPResponse:
    told = urllib3.HTTPHeaderDict()
    for name, value in headers:
        told.add(name, value)
    return urllib3.HTTPResponse(BytesIO(body), headers=told, status=status, preload_content=False)
