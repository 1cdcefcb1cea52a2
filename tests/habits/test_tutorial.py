"""The tutorial is run as it stands: its files saved, its commands typed, its answers expected."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .tree import DOCS

BLOCK = re.compile(r"^```(console|toml|csv)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"[Ss]ave this as `([\w.]+)`")
PORT = "8089"
SERVED = "$ .venv/bin/leadferry simulator"


def expected(line: str) -> re.Pattern[str]:
    """A line of the page; … stands for anything, and so do the spaces of a table."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in line.split("…")]
    return re.compile(r"\s*.*".join(parts))


def typed(block: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it answers."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *answer = part.splitlines()
        yield command, answer


def carry_out(block: str, folder: Path, environment: dict[str, str]) -> None:
    for command, answer in typed(block):
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        missing = [line for line in answer if not expected(line).search(done.stdout)]
        assert missing == [], f"$ {command}\n{done.stdout}\n{done.stderr}"


@contextmanager
def simulator(port: str, environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "leadferry.simulator", "--port", port]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and port in process.stdout.readline()
            yield
        finally:
            process.terminate()


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


def surroundings() -> dict[str, str]:
    """What the reader has: the commands on the path, a secret, and nothing set by the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {name: value for name, value in os.environ.items() if not name.startswith("LEADFERRY_")}
    return {**own, "PATH": path, "ACME_SF_SECRET": "anything"}


def test_the_tutorial_can_be_followed_as_it_stands(tmp_path):
    port, environment = free_port(), surroundings()
    text = (DOCS / "tutorial" / "your-first-site.md").read_text().replace(PORT, port)
    with simulator(port, environment):
        for block in BLOCK.finditer(text):
            kind, body = block.groups()
            if kind != "console":
                (tmp_path / SAVED.findall(text[: block.start()])[-1]).write_text(body)
            elif not body.startswith(SERVED):
                carry_out(body, tmp_path, environment)
