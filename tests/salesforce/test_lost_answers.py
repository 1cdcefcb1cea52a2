"""Real sockets that fail at every instant of a request."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import orjson
import pytest

from leadferry.salesforce import Client, ClientCredentials, InDoubt, Rejected, Timeouts, TryLater, Unreachable
from leadferry.salesforce import wire as wire_module

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Script = Callable[[socket.socket], None]
ROW = [b'{"LastName":"Novak"}']


class Server:
    """Grants tokens properly and treats every other request as its script says."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                self._open.append(taken)
                threading.Thread(target=self._answer, args=(taken,), daemon=True).start()

    def _answer(self, taken: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while request := _request(taken):
                if b"/oauth2/token" in request:
                    taken.sendall(self._token())
                else:
                    self.requests += 1
                    self._script(taken)

    def _token(self) -> bytes:
        body = orjson.dumps({"access_token": "00D!x", "instance_url": self.url, "id": "https://l/id/00D/005"})
        return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def close(self) -> None:
        # Closing alone would not wake the thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for taken in self._open:
            taken.close()


def _request(taken: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        piece = taken.recv(65536)
        if not piece:
            return b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
    while len(body) < length:
        body += taken.recv(65536)
    return head


@contextlib.contextmanager
def serving(script: Script) -> Iterator[tuple[Client, Server]]:
    server = Server(script)
    credentials = ClientCredentials(login_url=server.url, client_id="k", client_secret="s")
    limits = Timeouts(connect=0.5, read=0.3, total=0.8)
    try:
        with Client(credentials, timeout=limits) as client:
            client.connect()
            yield client, server
    finally:
        server.close()


def reset(taken: socket.socket) -> None:
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    taken.close()


def hang_up(taken: socket.socket) -> None:
    taken.shutdown(socket.SHUT_RDWR)
    taken.close()


def silence(taken: socket.socket) -> None:
    time.sleep(1)


def half_a_body(taken: socket.socket) -> None:
    taken.sendall(HEAD + b"Content-Length: 500\r\n\r\n" + b'[{"id":')
    hang_up(taken)


def half_a_chunked_body(taken: socket.socket) -> None:
    taken.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b'7\r\n[{"id":\r\n')
    hang_up(taken)


def no_http(taken: socket.socket) -> None:
    taken.sendall(b"220 smtp.example ESMTP\r\n")
    hang_up(taken)


def broken_compression(taken: socket.socket) -> None:
    taken.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope")


def a_drop_at_a_time(taken: socket.socket) -> None:
    taken.sendall(HEAD + b"Content-Length: 5000\r\n\r\n")
    for _ in range(30):
        taken.sendall(b" ")
        time.sleep(0.1)


FAILURES = [
    reset, hang_up, silence, half_a_body, half_a_chunked_body, no_http, broken_compression, a_drop_at_a_time
]  # fmt: skip


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
def test_a_write_without_a_complete_answer_is_in_doubt_and_sent_once(failure: Script) -> None:
    with serving(failure) as (client, server):
        with pytest.raises(InDoubt) as caught:
            client.create_rows(ROW)
        assert (client.calls, server.requests) == (1, 1)
        assert "Novak" not in str(caught.value) and "00D!" not in str(caught.value)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
def test_a_read_without_a_complete_answer_passes(failure: Script) -> None:
    with serving(failure) as (client, _):
        with pytest.raises(TryLater) as caught:
            client.limits()
        assert type(caught.value) is TryLater


def test_every_wait_is_bounded() -> None:
    with serving(a_drop_at_a_time) as (client, _):
        began = time.monotonic()
        with pytest.raises(TryLater):
            client.limits()
        assert time.monotonic() - began < 1.5


def test_a_refused_connection_names_host_and_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    client = Client(ClientCredentials(login_url=url, client_id="k", client_secret="s"))
    with client, pytest.raises(Unreachable, match=rf"127\.0\.0\.1:{port}"):
        client.limits()
    assert client.calls == 0


def test_an_org_that_went_away_is_unreachable_and_nothing_is_charged() -> None:
    with serving(hang_up) as (client, server):
        client.close()
        server.close()
        with pytest.raises(Unreachable):
            client.create_rows(ROW)
        assert client.calls == 0


def test_a_host_without_tls_is_unreachable() -> None:
    with serving(hang_up) as (_, server):
        url = server.url.replace("http://", "https://")
        credentials = ClientCredentials(login_url=url, client_id="k", client_secret="s")
        with Client(credentials, timeout=Timeouts(connect=0.3)) as client, pytest.raises(Unreachable):
            client.connect()


def test_a_connection_that_the_server_closed_while_idle_is_opened_again() -> None:
    def answer_and_close(taken: socket.socket) -> None:
        taken.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")
        hang_up(taken)

    with serving(answer_and_close) as (client, server):
        for _ in range(3):
            assert client.limits() == {}
            time.sleep(0.02)
        assert server.requests == 3


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "LARGEST_ANSWER", 100_000)

    def flood(taken: socket.socket) -> None:
        taken.sendall(HEAD + b"\r\n" + b" " * 200_000)

    with serving(flood) as (client, _):
        with pytest.raises(Rejected, match="larger than"):
            client.limits()
        with pytest.raises(InDoubt, match="larger than"):
            client.create_rows(ROW)
