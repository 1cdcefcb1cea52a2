import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from leadferry.simulator import CannotServe, Org, running

from .caller import DATA, UPSERT, row

LINE = re.compile(r"Salesforce simulator on (http://127\.0\.0\.1:\d+) \(control: \1/control/\)\n")


@pytest.fixture
def http(org: Org) -> Iterator[httpx2.Client]:
    with running(org) as base, httpx2.Client(base_url=base) as http:
        form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "s3cret"}
        token = http.post("/services/oauth2/token", data=form).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


def upsert(http: httpx2.Client, key: str) -> httpx2.Response:
    return http.patch(UPSERT, json={"records": [row(key)]})


@pytest.mark.parametrize(("kind", "leads"), [("reset_before", 0), ("reset_after", 1), ("truncated", 1)])
def test_a_broken_connection_is_really_broken(http: httpx2.Client, kind: str, leads: int) -> None:
    http.post("/control/faults", json={"kind": kind})
    with pytest.raises(httpx2.RemoteProtocolError):
        upsert(http, "a")
    assert http.get("/control/state").json()["leads"] == leads
    assert upsert(http, "a").status_code == 200


def test_a_slow_answer_does_not_hold_up_others(http: httpx2.Client) -> None:
    http.post("/control/faults", json={"kind": "slow", "seconds": 1.0, "path": "/limits"})
    slow = threading.Thread(target=http.get, args=(f"{DATA}/limits",))
    slow.start()
    time.sleep(0.1)
    began = time.monotonic()
    assert upsert(http, "a").status_code == 200
    assert time.monotonic() - began < 0.8
    slow.join()


def test_many_callers_at_once_create_each_lead_once(http: httpx2.Client) -> None:
    threads = [threading.Thread(target=upsert, args=(http, f"k{number % 5}")) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert http.get("/control/state").json()["leads"] == 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_tells_its_address_and_stops_when_asked(number: signal.Signals, tmp_path) -> None:
    command = [sys.executable, "-m", "leadferry.simulator", "--port", "0", "--db", str(tmp_path / "org.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        found = LINE.fullmatch(program.stdout.readline())
        assert httpx2.get(f"{found[1]}/services/data/").status_code == 200
        program.send_signal(number)
        assert program.wait(timeout=10) == 0
        assert program.stdout.read() == ""


def refused(*arguments: str) -> str:
    """What the program says on stderr as it ends with 1, without having served."""
    command = [sys.executable, "-m", "leadferry.simulator", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_taken_port_is_named_in_one_sentence(taken: int) -> None:
    said = refused("--port", str(taken))
    assert said.startswith(
        f"leadferry.simulator: The organization cannot be served on 127.0.0.1 port {taken}: "
    )
    assert "Choose another port with --port" in said
    assert said.count("\n") == 1


def test_an_address_of_another_machine_is_named() -> None:
    said = refused("--host", "192.0.2.1", "--port", "0")
    assert "192.0.2.1 port 0" in said and "--host takes an address of this machine" in said


def test_a_file_that_cannot_be_had_is_named_in_one_sentence(tmp_path: Path) -> None:
    said = refused("--port", "0", "--db", str(tmp_path / "nowhere" / "org.db"))
    assert f"{tmp_path}/nowhere/org.db: there is no folder {tmp_path}/nowhere." in said
    assert "--db takes" in said and "Traceback" not in said


def test_a_folder_is_no_file_of_an_organization(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="it is a folder"):
        Org(str(tmp_path))


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email\nada@engines.example\n")
    with pytest.raises(CannotServe, match="it is not a SQLite database"):
        Org(str(people))
    assert people.read_text() == "email\nada@engines.example\n"


def test_the_database_of_another_program_gets_no_tables(tmp_path: Path) -> None:
    file = tmp_path / "leadferry.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE contacts (email TEXT)")
        with pytest.raises(CannotServe, match="of another program"):
            Org(str(file))
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("contacts",)]
