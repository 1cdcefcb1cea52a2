"""An installation of its own, used as people use it: by commands in processes, which can be killed."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from leadferry.simulator import Org
from tests.engine.website import KEY_FIELD, MAPPING, REPLICATION, SCORE

PROGRAM = [sys.executable, "-c", "from leadferry.console.cli import main; raise SystemExit(main())"]
PATIENCE = 20.0


class Installation:
    """Home, file and commands of one installation with a site called acme."""

    def __init__(self, folder: Path, org: Org, url: str) -> None:
        self.folder = folder
        self.org = org
        self._environment = {
            **os.environ,
            "LEADFERRY_HOME": str(folder / "home"),
            "LEADFERRY_DATABASE_URL": "",
            "ACME_SF_SECRET": "s3cret",
        }
        self._url = url

    def configure(self, **replication: object) -> None:
        connection = {
            "login_url": self._url,
            "flow": "client_credentials",
            "client_id": "3MVG9",
            "client_secret": "env:ACME_SF_SECRET",
        }
        site = {
            "salesforce": connection,
            "replication": {**REPLICATION, **replication},
            "mapping": MAPPING,
            "score": [SCORE],
        }
        file = self.folder / "leadferry.toml"
        file.write_text(tomli_w.dumps({"site": {"acme": site}}))
        self.command("apply", str(file))

    def command(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """What the command prints; fails when it ends with another exit code."""
        ended = subprocess.run(
            [*PROGRAM, *arguments], env=self._environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode in codes, f"{arguments}: {ended.returncode} {ended.stderr}"
        return ended.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*PROGRAM, *arguments],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def receive(self, rows: list[Mapping[str, object]]) -> None:
        self.command("import", "acme", str(self.written(rows)))

    def written(self, rows: list[Mapping[str, object]]) -> Path:
        file = self.folder / "people.ndjson"
        file.write_text("\n".join(json.dumps(row) for row in rows))
        return file

    def run(self) -> dict[str, Any]:
        """A run after the claim of a killed one has lapsed."""
        self.let_claim_lapse()
        return dict(json.loads(self.command("run", "acme", "--json", codes=(0, 10))))

    def contacts(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.command("contacts", "acme", "--json").splitlines()]

    def let_claim_lapse(self) -> None:
        """As if a minute had passed since the last heartbeat."""
        self.ask("UPDATE ledger_lease SET expires = 0")

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a statement on the embedded database, which has to be whole after any kill."""
        database = sqlite3.connect(self.folder / "home" / "leadferry.db", timeout=20)
        try:
            with database:
                return database.execute(statement).fetchall()
        finally:
            database.close()


def kill(process: subprocess.Popen[bytes], when: Callable[[], bool]) -> bool:
    """Kill (-9) the process as soon as it is time; False when it had ended by itself before."""
    end = time.monotonic() + PATIENCE
    while not when():
        assert time.monotonic() < end, "the moment to kill never came"
        if process.poll() is not None:
            return False
        time.sleep(0.002)
    process.kill()
    return process.wait() < 0


def after(seconds: float) -> Callable[[], bool]:
    """The moment that many seconds from now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def agree(installation: Installation) -> None:
    """Each contact is exactly one lead, and its line says what the organization has."""
    leads = installation.org.store.select("Lead", "deleted = 0")
    by_key = {lead[KEY_FIELD]: lead for lead in leads}
    assert len(by_key) == len(leads), "a key with two leads"
    contacts = installation.contacts()
    assert {contact["external_id"] for contact in contacts} == by_key.keys()
    for contact in contacts:
        lead = by_key[contact["external_id"]]
        assert (contact["status"], contact["lead_id"]) == ("replicated", lead["Id"])
        assert contact["email"] == lead["Email"]
