"""The first commands of an installation, which make its database."""

import os
import stat
import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-c", "from leadferry.console.cli import main; raise SystemExit(main())"]


def _started(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, "sites", "--json"],
        env={**os.environ, "LEADFERRY_HOME": str(home), "LEADFERRY_DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_commands_that_start_at_once_share_the_making_of_the_database(tmp_path):
    started = [_started(tmp_path / "home") for _ in range(4)]
    said = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, said


def test_nobody_else_reads_the_database_even_in_a_home_open_to_all(tmp_path):
    tmp_path.chmod(0o755)
    assert _started(tmp_path).communicate()[0] == ""
    database = tmp_path / "leadferry.db"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
