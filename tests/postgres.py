"""A PostgreSQL server for tests: the one named, the one on this machine, or a private one from its binaries.

`python -m tests.postgres PYTEST-ARGUMENTS` runs tests with the whole test database on PostgreSQL.
"""

import contextlib
import os
import pwd
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

VARIABLE = "LEADFERRY_TEST_DATABASE_URL"
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
BINARIES = "/usr/lib/postgresql/*/bin/pg_ctl"


class NoServerError(Exception):
    """There is no PostgreSQL to test on; the text says why."""


def required() -> bool:
    """Whether tests on PostgreSQL must run, wherever this is."""
    return os.environ.get("CI") == "true"


def missing() -> str | None:
    """Why there is no PostgreSQL to test on; None when there is one, or one can be started."""
    if os.environ.get(VARIABLE) or _answers(LOCAL):
        return None
    if _binaries() is None:
        return "no server answers at 127.0.0.1:5432 (user postgres, trust) and no binaries are installed"
    if os.geteuid() == 0 and _unprivileged() is None:
        return "PostgreSQL does not start as root and there is no user postgres to start it as"
    return None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a database on a server where more databases can be made. Raises NoServerError."""
    reason = missing()
    if reason:
        raise NoServerError(reason)
    if named := os.environ.get(VARIABLE):
        yield named
    elif _answers(LOCAL):
        yield LOCAL
    else:
        with _private() as url:
            yield url


@contextlib.contextmanager
def database(url: str, name: str) -> Iterator[str]:
    """The address of an empty database beside the one at `url`; dropped afterwards."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _binaries() -> Path | None:
    found = sorted(Path("/").glob(BINARIES.lstrip("/")), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _unprivileged() -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres")
    return None


@contextlib.contextmanager
def _private() -> Iterator[str]:
    """A server of our own in a temporary folder, for as long as the block lasts."""
    binaries, port = _binaries(), _free_port()
    assert binaries is not None
    with tempfile.TemporaryDirectory(prefix="leadferry-postgres-") as folder:
        user = _unprivileged() if os.geteuid() == 0 else None
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        cluster = f"{folder}/cluster"
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off"

        def run(program: str, *arguments: str) -> None:
            command = [str(binaries / program), "-D", cluster, *arguments]
            subprocess.run(
                command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user and user.pw_uid
            )

        run(
            "initdb",
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def main() -> int:
    """Runs pytest with its database on PostgreSQL; without one, says so, and fails where it must run."""
    try:
        with server() as url:
            environment = {**os.environ, VARIABLE: url}
            return subprocess.run(
                [sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False
            ).returncode
    except NoServerError as error:
        sys.stderr.write(f"NOT RUN: tests on PostgreSQL, because {error}\n")
        return 1 if required() else 0


if __name__ == "__main__":
    raise SystemExit(main())
