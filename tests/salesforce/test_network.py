"""Encrypted connections and proxies, over real sockets."""

from __future__ import annotations

import base64
import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leadferry.salesforce import InDoubt, Timeouts, TryLater, Unreachable
from leadferry.salesforce import transport as transport_module
from leadferry.salesforce.wire import Wire

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Talk = Callable[[socket.socket], None]


@contextlib.contextmanager
def listening(talk: Talk) -> Iterator[int]:
    """The port of a listener that hands every connection to `talk`, in a thread of its own."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken, _ = listener.accept()
                threading.Thread(target=guarded, args=(taken,), daemon=True).start()

    def guarded(taken: socket.socket) -> None:
        with contextlib.suppress(OSError), taken:
            talk(taken)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def head_of(taken: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got and (piece := taken.recv(4096)):
        got += piece
    return got


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and its key, for 127.0.0.1 and org.example, that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "org.example")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("org.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[int]:
    """The port of a host that answers over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def talk(taken: socket.socket) -> None:
        with context.wrap_socket(taken, server_side=True) as wrapped:
            while head_of(wrapped):  # type: ignore[arg-type]
                wrapped.sendall(ANSWER)

    with listening(talk) as port:
        yield port


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire(Timeouts(connect=2, read=2, total=5), None)
    yield wire
    wire.close()


def test_a_certificate_that_the_machine_trusts_is_accepted(
    wire: Wire, encrypted: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert wire.send("GET", f"https://127.0.0.1:{encrypted}/", {}, write=False).body == b"{}"


def test_a_certificate_that_nobody_trusts_ends_the_call_before_anything_is_sent(
    wire: Wire, encrypted: int
) -> None:
    with pytest.raises(Unreachable, match="certificate verify failed"):
        wire.send("PATCH", f"https://127.0.0.1:{encrypted}/", {}, b"{}", write=True)


def test_a_certificate_for_another_host_ends_the_call(
    wire: Wire, encrypted: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unreachable, match="localhost"):
        wire.send("GET", f"https://localhost:{encrypted}/", {}, write=False)


@contextlib.contextmanager
def proxy(behind: int, refusal: bytes = b"") -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that leads every tunnel to the port `behind`, and the heads of what it was asked."""
    asked: list[bytes] = []

    def talk(taken: socket.socket) -> None:
        asked.append(head_of(taken))
        if refusal:
            taken.sendall(refusal)
            return
        with socket.create_connection(("127.0.0.1", behind)) as inner:
            taken.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=poured, args=(inner, taken), daemon=True)
            back.start()
            poured(taken, inner)
            back.join(timeout=2)

    def poured(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    with listening(talk) as port:
        yield port, asked


def test_the_proxy_of_the_environment_leads_to_salesforce(
    wire: Wire, encrypted: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with proxy(encrypted) as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:pa%40ss@127.0.0.1:{port}")
        for _ in range(2):
            assert wire.send("GET", "https://org.example/", {}, write=False).status == 200
    [head] = asked
    assert head.startswith(b"CONNECT org.example:443 ")
    assert b"Basic " + base64.b64encode(b"ada:pa@ss") in head


def test_a_proxy_that_refuses_is_named_without_its_password(
    wire: Wire, encrypted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    with proxy(encrypted, refusal) as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:secret@127.0.0.1:{port}")
        with pytest.raises(Unreachable, match="407") as caught:
            wire.send("PATCH", "https://org.example/", {}, b"{}", write=True)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["ada:se%E2%82%ACcret@127.0.0.1:9", "ada:sec[ret@[::1:9", "127.0.0.1:99999"]
)
def test_a_proxy_that_cannot_be_reached_is_blamed_before_anything_is_sent(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
    with pytest.raises(Unreachable) as caught:
        wire.send("PATCH", "https://org.example/", {}, b"{}", write=True)
    assert "hu" not in str(caught.value)


def test_a_proxy_that_speaks_another_language_is_blamed_before_anything_is_sent(
    wire: Wire, encrypted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy(encrypted, b"garbage from ada@example.com\r\n\r\n") as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable) as caught:
            wire.send("PATCH", "https://org.example/", {}, b"{}", write=True)
    assert "ada" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["socks5", "gopher"])
def test_a_kind_of_proxy_that_is_not_spoken_ends_the_call(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://ada:secret@127.0.0.1:1080")
    with pytest.raises(Unreachable, match="HTTPS_PROXY does not name a proxy") as caught:
        wire.send("GET", "https://org.example/", {}, write=False)
    assert "secret" not in str(caught.value)


def test_this_machine_is_not_reached_through_a_proxy(
    wire: Wire, encrypted: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert wire.send("GET", f"https://127.0.0.1:{encrypted}/", {}, write=False).status == 200


def test_a_large_request_arrives_whole(wire: Wire) -> None:
    got: list[bytes] = []
    body = bytes(range(256)) * 4096

    def talk(taken: socket.socket) -> None:
        whole = head_of(taken)
        while not whole.endswith(body[-300:]) or len(whole) < len(body):
            whole += taken.recv(65536)
        got.append(whole)
        taken.sendall(ANSWER)

    with listening(talk) as port:
        wire.send("PATCH", f"http://127.0.0.1:{port}/", {}, body, write=True)
    head, _, sent = got[0].partition(b"\r\n\r\n")
    assert sent == body and b"Content-Length: 1048576" in head and b"chunked" not in head


def test_a_request_that_nobody_takes_is_in_doubt(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "SENT_WITHIN", 0.2)
    with listening(lambda taken: time.sleep(3)) as port, pytest.raises(InDoubt, match="timed out"):
        wire.send("PATCH", f"http://127.0.0.1:{port}/", {}, b"x" * 20_000_000, write=True)


def test_an_interim_answer_is_not_taken_for_the_answer(wire: Wire) -> None:
    def talk(taken: socket.socket) -> None:
        head_of(taken)
        taken.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.1)
        taken.sendall(ANSWER.replace(b"{}", b"[]"))
        head_of(taken)

    with listening(talk) as port:
        for _ in range(2):
            with pytest.raises(InDoubt, match="HTTP 102"):
                wire.send("PATCH", f"http://127.0.0.1:{port}/", {}, b"{}", write=True)
            time.sleep(0.2)


def test_what_an_encrypted_host_says_before_it_closes_is_read(
    wire: Wire, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def talk(taken: socket.socket) -> None:
        with context.wrap_socket(taken, server_side=True) as wrapped:
            head_of(wrapped)
            wrapped.sendall(ANSWER.replace(b"200 OK", b"413 Too Large"))
            wrapped.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while wrapped.recv(65536):
                    time.sleep(0.01)

    with listening(talk) as port:
        answer = wire.send("PATCH", f"https://127.0.0.1:{port}/", {}, b"x" * 4_000_000, write=True)
    assert answer.status == 413


def test_a_connection_that_was_idle_for_long_is_not_used_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[socket.socket] = []

    def talk(taken: socket.socket) -> None:
        connections.append(taken)
        while head_of(taken):
            taken.sendall(ANSWER)

    with listening(talk) as port:
        for kept in (20.0, 20.0, 0.0):
            monkeypatch.setattr(transport_module, "KEPT", kept)
            wire.send("GET", f"http://127.0.0.1:{port}/", {}, write=False)
    assert len(connections) == 2


def test_a_wire_that_was_closed_opens_new_connections(wire: Wire, encrypted: int) -> None:
    with listening(lambda taken: head_of(taken) and taken.sendall(ANSWER)) as port:
        for _ in range(2):
            assert wire.send("GET", f"http://127.0.0.1:{port}/", {}, write=False).status == 200
            wire.close()


def test_a_redirect_is_not_followed(wire: Wire) -> None:
    def talk(taken: socket.socket) -> None:
        head_of(taken)
        taken.sendall(b"HTTP/1.1 302 Found\r\nLocation: https://org.example/\r\nContent-Length: 0\r\n\r\n")

    with listening(talk) as port:
        assert wire.send("GET", f"http://127.0.0.1:{port}/", {}, write=False).status == 302


def test_no_log_line_holds_what_was_asked(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    def talk(taken: socket.socket) -> None:
        head_of(taken)
        taken.sendall(ANSWER.replace(b"Content-Type", b"no header of ada\r\nContent-Type"))

    with listening(talk) as port, caplog.at_level("DEBUG"):
        wire.send("GET", f"http://127.0.0.1:{port}/query?q=ada%40example.com", {}, write=False)
    assert "/query" in caplog.text and "Failed to parse headers" in caplog.text
    assert "ada" not in caplog.text


def test_no_error_quotes_what_is_no_http(wire: Wire) -> None:
    def talk(taken: socket.socket) -> None:
        head_of(taken)
        taken.sendall(b'{"email":"ada@example.com"}\r\n')

    with listening(talk) as port, pytest.raises(InDoubt) as caught:
        wire.send("PATCH", f"http://127.0.0.1:{port}/", {}, b"{}", write=True)
    assert "ada" not in str(caught.value) and "BadStatusLine" in str(caught.value)


def test_a_name_that_nobody_knows_is_unreachable(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryLater, match=r"No connection to nowhere\.invalid:443") as caught:
        wire.send("GET", "https://nowhere.invalid/", {}, write=False)
    assert isinstance(caught.value, Unreachable)
