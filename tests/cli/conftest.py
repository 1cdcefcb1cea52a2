"""The command line in this process, against a simulated organization on a port."""

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tomli_w

from leadferry.console.cli import main
from tests.engine.website import ADA, BOB, CY, MAPPING, REPLICATION, SCORE


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, a line each."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def answer(self) -> dict[str, Any]:
        (only,) = self.lines
        return only


Command = Callable[..., Ended]


@pytest.fixture
def leadferry(db, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch) -> Iterator[Command]:
    """Runs a command as the shell would."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACME_SF_SECRET", "s3cret")
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    yield run
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def configured(leadferry: Command, simulator_url: str, tmp_path: Path) -> Command:
    """The command line of an installation that has a site called acme."""
    write(tmp_path, simulator_url)
    ended = leadferry("apply", "leadferry.toml")
    assert ended.code == 0, ended.err
    return leadferry


def write(folder: Path, url: str, **replication: object) -> None:
    """A leadferry.toml for the site acme in the folder."""
    connection = {
        "login_url": url,
        "flow": "client_credentials",
        "client_id": "3MVG9",
        "client_secret": "env:ACME_SF_SECRET",
    }
    site = {
        "display_name": "Acme",
        "salesforce": connection,
        "replication": {**REPLICATION, **replication},
        "mapping": MAPPING,
        "score": [SCORE],
    }
    (folder / "leadferry.toml").write_text(tomli_w.dumps({"site": {"acme": site}}))


@pytest.fixture
def fed(configured: Command, tmp_path: Path) -> Command:
    """The same with Ada, Bob and Cy imported."""
    rows = "\n".join(json.dumps(row) for row in (ADA, BOB, CY))
    (tmp_path / "people.ndjson").write_text(rows)
    assert configured("import", "acme", "people.ndjson").code == 0
    return configured
