"""What people can type, read and run into is in the reference, and nothing else is."""

import argparse
import ast
import re

import pytest

from leadferry.console.cli import USAGE, parser
from leadferry.console.cli.running import EXIT
from leadferry.core.reconciliation import Difference
from leadferry.core.state import State
from leadferry.simulator.faults import KINDS
from leadferry.simulator.settings import Settings
from scripts.generated_pages import PAGES

from .tree import modules, parsed, reference

DOTTED = re.compile(r"[a-z]+\.[a-z_]+")
COMPOSED_CODE = re.compile(r"f'[a-z]+\.\{[^{}]*\}'")


def commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = [
        action for action in parser.build()._actions if isinstance(action, argparse._SubParsersAction)
    ]
    return dict(found.choices)


def section(name: str) -> str:
    """What the reference says of one command."""
    parts = re.split(r"^## leadferry (\S+)\n", reference("cli.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(name, "")


def words(command: argparse.ArgumentParser) -> set[str]:
    """The options and the arguments of a command as people type them."""
    known: set[str] = set()
    for action in command._actions:
        known.update(action.option_strings or [str(action.metavar or action.dest)])
    return known - {"-h", "--help"}


@pytest.mark.parametrize("name", commands())
def test_every_command_is_in_the_reference_with_all_it_takes(name):
    assert [word for word in words(commands()[name]) if word not in section(name)] == []


@pytest.mark.parametrize("name", commands())
def test_the_reference_speaks_of_no_option_that_a_command_lacks(name):
    usage = section(name).partition("\n\n")[0]
    assert set(re.findall(r"--[a-z-]+", usage)) <= words(commands()[name])


def test_the_reference_speaks_of_no_command_that_there_is_not():
    assert set(re.findall(r"^## leadferry (\S+)$", reference("cli.md"), re.MULTILINE)) == commands().keys()


def test_every_exit_code_is_in_the_reference():
    told = dict(re.findall(r"^\| (\d+) \| `?([^`|]+?)`? \|", reference("exit-codes.md"), re.MULTILINE))
    assert {int(code) for code, _ in told.items()} == {*EXIT.values(), USAGE, 130, 141}
    assert {told[str(code)] for code in EXIT.values()} == EXIT.keys()


COMPOSED = {
    "f'lead.{state.name.lower()}'": {f"lead.{state.name.lower()}" for state in State if state.final},
    "f'lead.{kind.value}'": {f"lead.{kind.value}" for kind in set(Difference) - {Difference.EXTRA}},
}
"""What the codes that are put together from a value can be; nobody touches an extra lead."""


def noted() -> set[str]:
    """The dotted codes in the modules that write events, and those put together from a value."""
    writers = [
        path for path in modules() if re.search(r"import .*\bevents\b|class Event\b", path.read_text())
    ]
    nodes = [node for path in writers for node in ast.walk(parsed(path))]
    constants = (str(node.value) for node in nodes if isinstance(node, ast.Constant))
    composed = {ast.unparse(node) for node in nodes if isinstance(node, ast.JoinedStr)}
    codes = {text for text in composed if COMPOSED_CODE.fullmatch(text)}
    assert codes == COMPOSED.keys()
    return {text for text in constants if DOTTED.fullmatch(text)}.union(*COMPOSED.values())


def test_every_event_is_in_the_reference_and_no_other():
    documented = set(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", reference("events.md"), re.MULTILINE))
    assert documented == noted()


@pytest.mark.parametrize("names", [KINDS, Settings().as_json()], ids=["faults", "settings"])
def test_every_fault_and_setting_of_the_simulator_is_in_the_reference(names):
    page = reference("simulator.md")
    assert [name for name in names if f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name):
    assert reference(name) == PAGES[name](), "run: make docs"
