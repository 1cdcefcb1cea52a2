"""What the caller closed, as `leadferry sites >&-` does, or told wrongly by the environment."""

import os
import subprocess
from pathlib import Path

import pytest

from .test_first_start import PROGRAM


def ended(home: Path, redirection: str, *arguments: str, **environment: str):
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *PROGRAM, *arguments],
        env={**os.environ, "LEADFERRY_HOME": str(home), "LEADFERRY_DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("redirection", [">&-", "<&- >&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("arguments", [("sites", "--json"), ("sites",), ("--help",)])
def test_a_closed_stdout_swallows_the_answer(tmp_path, redirection, arguments):
    done = ended(tmp_path, redirection, *arguments)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr


def test_a_closed_stderr_keeps_messages_out_of_the_data(tmp_path):
    done = ended(tmp_path, "2>&-", "contacts", "nowhere", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_a_malformed_database_address_is_told_in_one_message_without_its_password(tmp_path):
    done = ended(tmp_path, "", "sites", LEADFERRY_DATABASE_URL="postgresql://u:sec#ret@db.example/x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("leadferry: LEADFERRY_DATABASE_URL must be")
    assert done.stderr.count("\n") == 1 and "sec" not in done.stderr
