"""The browser for tests: the one named, or Debian's Chromium."""

import os
from pathlib import Path

PROGRAM = Path(os.environ.get("LEADFERRY_TEST_CHROMIUM", "/usr/bin/chromium"))
FIXTURE = "browser_page"
"""What a test asks for that needs a browser."""


def missing() -> str | None:
    """Why there is no browser to test in, and the one command that helps; None when there is one."""
    if PROGRAM.exists():
        return None
    return f"{PROGRAM} is not there. Install it: sudo apt-get install -y chromium"
