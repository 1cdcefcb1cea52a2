import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx2
import pytest

from leadferry.simulator import Org, running

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
