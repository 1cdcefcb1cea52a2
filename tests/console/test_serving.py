"""The whole process tree: `leadferry serve` carries tasks out, survives its worker, and ends cleanly."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

CONFIGURED = '[site.acme]\ndisplay_name = "Acme"\n'
REQUEST = "UPDATE ledger_task SET requested_at = '2026-01-01 00:00:00' WHERE kind = 'replication'"


def leadferry(home, *arguments):
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("LEADFERRY_", "DJANGO_"))
    }
    command = [sys.executable, "-m", "leadferry", *arguments]
    return subprocess.Popen(
        command,
        env=own | {"LEADFERRY_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(home):
    """`leadferry serve` and the lines it prints, up to the link; ended by SIGTERM."""
    with leadferry(home, "serve", "--port", "0", "--sign-in-link") as served:
        try:
            lines = []
            while not lines or not lines[-1].startswith("Sign in: "):
                lines.append(served.stdout.readline().strip())
                assert lines[-1] or served.poll() is None
            yield served, lines
        finally:
            served.send_signal(signal.SIGTERM)
            assert served.wait(timeout=30) == 0


def asked(home, query):
    with closing(sqlite3.connect(home / "leadferry.db", timeout=10)) as database, database:
        return database.execute(query).fetchall()


def eventually(condition, seconds=20):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until
        time.sleep(0.2)
    return found


@pytest.fixture
def configured(tmp_path):
    (tmp_path / "leadferry.toml").write_text(CONFIGURED)
    applied = leadferry(tmp_path / "home", "apply", str(tmp_path / "leadferry.toml"))
    applied.communicate()
    assert applied.returncode == 0
    return tmp_path / "home"


def children(process) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (map(int, line.split()) for line in listed.splitlines())
    return {pid for pid, parent in pairs if parent == process.pid}


def test_serve_tells_the_way_in_and_carries_out_what_is_asked_for(configured):
    with serving(configured) as (_, lines):
        assert lines[0].startswith("Leadferry on http://127.0.0.1:")
        assert "shown this once" in lines[1]
        link = lines[-1].removeprefix("Sign in: ")
        with httpx2.Client(follow_redirects=True) as browser:
            assert "Salesforce replication" in browser.get(link).text
        asked(
            configured,
            "UPDATE ledger_task SET requested_at = '2026-01-01 00:00:00' WHERE kind = 'replication'",
        )
        query = "SELECT last_result FROM ledger_task WHERE kind = 'replication' AND executions = 1"
        assert eventually(lambda: asked(configured, query)) == [("failed",)]


def test_a_worker_that_dies_is_replaced_and_none_outlives_the_console(configured):
    with serving(configured) as (served, _):
        (worker,) = eventually(lambda: children(served))
        os.kill(worker, signal.SIGKILL)
        (next_worker,) = eventually(lambda: children(served) - {worker})
    with pytest.raises(ProcessLookupError):
        os.kill(next_worker, 0)


def test_a_worker_ends_with_a_console_that_was_killed(configured):
    with leadferry(configured, "serve", "--port", "0", "--sign-in-link") as served:
        (worker,) = eventually(lambda: children(served))
        served.kill()
    eventually(lambda: not Path(f"/proc/{worker}").exists(), seconds=30)


def test_a_scheduler_alone_needs_a_queue_of_its_own(tmp_path):
    scheduler = leadferry(tmp_path, "scheduler")
    _, said = scheduler.communicate(timeout=30)
    assert scheduler.returncode == 1
    assert "LEADFERRY_BROKER_URL" in said


def test_a_taken_port_is_named(configured):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        web = leadferry(configured, "web", "--port", str(port))
        _, said = web.communicate(timeout=30)
    assert web.returncode == 1
    assert f"127.0.0.1 port {port}" in said.splitlines()[-1]
    assert "Choose another port with --port" in said
