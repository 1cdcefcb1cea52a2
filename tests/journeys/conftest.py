"""Installations in folders of their own, and an organization on a port."""

from pathlib import Path

import pytest

from leadferry.simulator import Org

from .installation import Installation


@pytest.fixture
def installation(tmp_path: Path, org: Org, simulator_url: str) -> Installation:
    """An installation whose site acme sends five contacts in a call."""
    made = Installation(tmp_path, org, simulator_url)
    made.configure(batch_size=5)
    return made
