"""The reference page says what the package does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import leadferry.salesforce
from leadferry.salesforce import Client, errors

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "client.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_shows() -> None:
    example = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None and shown is not None
    done = subprocess.run([sys.executable, "-c", example[1]], capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == (shown[1], "")


def test_every_public_name_is_on_the_page() -> None:
    assert [name for name in leadferry.salesforce.__all__ if not re.search(rf"\b{name}\b", PAGE)] == [
        "Authorization"
    ]


def test_every_method_is_on_the_page() -> None:
    methods = [name for name, value in vars(Client).items() if callable(value) and not name.startswith("_")]
    assert [name for name in methods if f"`{name}" not in PAGE] == ["close"]


def test_the_error_tree_is_the_one_of_the_code() -> None:
    for name in re.findall(r"[+x*] (\w+)", errors.__doc__ or ""):
        assert re.search(rf"── {name}|^{name}", PAGE, re.MULTILINE)
