from collections.abc import Iterator
from pathlib import Path

import pytest

from leadferry.simulator import Org

from .caller import Caller


@pytest.fixture
def org() -> Iterator[Org]:
    org = Org()
    yield org
    org.store.close()


@pytest.fixture
def sf(org: Org) -> Caller:
    return Caller(org)


@pytest.fixture(scope="session")
def reference() -> str:
    """The page that documents the simulator."""
    return (Path(__file__).parents[2] / "docs" / "reference" / "simulator.md").read_text(encoding="utf-8")
