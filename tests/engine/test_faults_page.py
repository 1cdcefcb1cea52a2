"""The page about faults says what the tests prove, and speaks of every fault there is."""

from leadferry.simulator.faults import KINDS
from scripts.faults import TESTS, faults, promises


def test_the_page_of_faults_is_in_step_with_the_tests():
    page = TESTS.parent / "docs" / "reference" / "faults.md"
    assert page.read_text() == faults(), "run `make docs`"


def test_every_fault_of_the_simulator_is_rehearsed():
    files = (TESTS / "engine").glob("test_*.py")
    rehearsed = " ".join(file.read_text() for file in files if file.name != "test_faults_page.py")
    assert [kind for kind in KINDS if f'"{kind}"' not in rehearsed] == []


def test_no_fault_is_promised_twice():
    names = [each.fault for each in promises()]
    assert len(names) == len(set(names)) > 20
