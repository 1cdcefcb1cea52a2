"""A Salesforce that answers at once and remembers nothing: what is measured is the client alone."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOKEN = {"access_token": "00D000000000001!sink", "token_type": "Bearer", "issued_at": "0"}
calls = 0
ANSWERS: dict[int, bytes] = {}


def answer(rows: int) -> bytes:
    """A collections answer for so many created rows, pretty-printed as Salesforce does it."""
    if rows not in ANSWERS:
        row = {"id": "00Qxx0000000017EAA", "success": True, "errors": [], "created": True}
        ANSWERS[rows] = json.dumps([row] * rows, indent=2).encode()
    return ANSWERS[rows]


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        body = self._body()
        if self.path.endswith("/token"):
            base = f"http://127.0.0.1:{self.server.server_port}"
            identity = f"{base}/id/00Dxx0000000001EAA/005xx0000000001AAA"
            return self._send(json.dumps({**TOKEN, "instance_url": base, "id": identity}).encode())
        if self.path.endswith("/composite"):
            parts = [part.count(b'"attributes"') for part in body.split(b'"referenceId"')[:-1]] or [0]
            counts = [n for n in (part.count(b'"attributes"') for part in body.split(b'"method"')) if n]
            del parts
            answers = [
                b'{"body":%b,"httpHeaders":{},"httpStatusCode":200,"referenceId":"part%d"}' % (answer(n), i)
                for i, n in enumerate(counts)
            ]
            return self._send(b'{"compositeResponse":[%b]}' % b",".join(answers))
        return self._send(answer(body.count(b'"attributes"')))

    do_PATCH = do_POST  # noqa: N815 - the base class calls it so

    def do_GET(self) -> None:
        self._send(json.dumps({"calls": calls}).encode())

    def _body(self) -> bytes:
        global calls
        calls += "/composite" in self.path
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json;charset=UTF-8")
        self.send_header("Sforce-Limit-Info", f"api-usage={calls}/5000000")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    Path(sys.argv[1]).write_text(str(server.server_port))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
