"""The demo as a newcomer starts it: a process of its own, and what it tells held against the organization."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from leadferry.console.cli.parser import build
from leadferry.core.contact import external_id

MAIN = "import sys; from leadferry.console.cli import main; sys.exit(main())"
COMMAND = re.compile(r"\$ leadferry ([^#\n]+)")
CAUSE = re.compile(r"^ +([\d,]+)  (?:blocked|invalid): (\w+)", re.MULTILINE)
TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "first-run.md"
TYPED = re.compile(r"^\$ leadferry (.+)$", re.MULTILINE)
LAST_LINE = "$ leadferry why acme eli"
PATIENCE = 60


def started(folder: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """`leadferry ARGUMENTS` in `folder`, away from the settings of the tests and with nobody to type."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LEADFERRY_")}
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments],
        cwd=folder,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    with started(folder, *arguments, **environment) as process:
        told, complained = process.communicate(timeout=PATIENCE)
    return process.returncode, told, complained


def read_until(process: "subprocess.Popen[str]", wanted: str) -> str:
    read = ""
    for line in process.stdout or ():
        read += line
        if wanted in line:
            return read
    raise AssertionError(f"the demo ended without telling {wanted!r}: {read}")


@dataclass(frozen=True, kw_only=True)
class Told:
    """A demo that has told its story and keeps its organization running."""

    folder: Path
    story: str
    process: "subprocess.Popen[str]"

    def asked(self, *arguments: str) -> list[dict]:
        """The lines of a reading command that is pointed at the demo's home."""
        home = str(self.folder / ".leadferry" / "demo")
        code, rows, complained = finished(self.folder, *arguments, "--json", LEADFERRY_HOME=home)
        assert code == 0, complained
        return [json.loads(row) for row in rows.splitlines()]

    def organization(self, path: str) -> object:
        url = re.search(r"http://\S+/control/", self.story)
        assert url is not None
        return httpx2.get(url[0] + path, trust_env=False).raise_for_status().json()

    def totals(self) -> dict[str, list[int]]:
        """The table at the end: contacts, leads, not eligible, refused, calls of runs, by site."""
        return totals(self.story)


def totals(story: str) -> dict[str, list[int]]:
    rows = re.findall(r"^ +(acme|globex) +(\d[\d, ]+)$", story, re.MULTILINE)
    return {site: [int(number.replace(",", "")) for number in row.split()] for site, row in rows}


@contextmanager
def kept_running(folder: Path) -> Iterator[Told]:
    """The demo, until Ctrl-C."""
    with started(folder, "demo") as process:
        try:
            yield Told(folder=folder, story=read_until(process, LAST_LINE), process=process)
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Iterator[Told]:
    with kept_running(tmp_path_factory.mktemp("newcomer")) as told:
        yield told


def test_the_leads_told_are_the_leads_of_the_organization(told):
    theirs = {lead["LeadferryId__c"]: lead["Id"] for lead in told.organization("leads")}
    ours = [contact for site in told.totals() for contact in told.asked("contacts", site)]
    assert {row["external_id"]: row["lead_id"] for row in ours if row["lead_id"]} == theirs
    assert sum(leads for _, leads, *_ in told.totals().values()) == len(theirs)
    assert f"counts {len(theirs):,} leads" in told.story


def test_every_contact_of_the_demo_is_accounted_for(told):
    for site, (contacts, leads, not_eligible, refused, _) in told.totals().items():
        statuses = Counter(row["status"] for row in told.asked("contacts", site))
        assert statuses.total() == contacts == leads + not_eligible + refused
        assert statuses["not_eligible"] == not_eligible
        assert statuses["blocked"] + statuses["invalid"] == refused
    assert sum(contacts for contacts, *_ in told.totals().values()) == 500


def test_the_causes_told_are_those_of_the_event_log(told):
    causes = {code: int(number.replace(",", "")) for number, code in CAUSE.findall(told.story)}
    assert causes == Counter(event["code"] for event in told.asked("events", "acme", "--type", "error"))
    assert len(causes) == 4


def test_what_the_demo_mends_arrives(told):
    leads = {lead["LeadferryId__c"]: lead for lead in told.organization("leads")}
    ada, fay, gus, hal = (leads[external_id("acme", key)] for key in ("ada", "fay", "gus", "hal"))
    assert (ada["Title"], fay["City"]) == ("Managing Director", "Llanfairpwll")
    assert (gus["Company"], hal["LastName"]) == ("Rivalry Ltd", "Hart")


def test_only_what_changed_is_sent_again(told):
    last, second, first = told.asked("runs", "acme")
    assert (last["eligible"], last["api_calls"]) == (0, 0)
    assert (second["updated"], second["api_calls"]) == (1, 1)
    assert first["retrying"] == 1 and first["updated"] == 0


def test_the_calls_told_are_those_that_the_organization_charged(told):
    charged = told.organization("state")["calls"]
    assert f"and {charged:,} API calls" in told.story
    runs = {site: sum(run["api_calls"] for run in told.asked("runs", site)) for site in told.totals()}
    assert runs == {site: row[-1] for site, row in told.totals().items()}


def test_every_command_told_is_one_that_can_be_typed(told):
    commands = [command.split() for command in COMMAND.findall(told.story)]
    assert {"apply", "doctor", "import", "run", "contacts", "why", "unblock"} <= {
        build_name(c) for c in commands
    }


def build_name(command: list[str]) -> str:
    """The command's own name, once the parser has taken it with its arguments."""
    build().parse_args(command)
    return command[0]


def test_the_story_is_plain_and_fits_on_a_screen(told):
    lines = [line for line in told.story.splitlines() if "LEADFERRY_HOME" not in line]
    assert len(lines) <= 88
    assert [line for line in lines if len(line) > 80 or "\x1b" in line] == []


def test_the_tutorial_can_be_followed(tmp_path):
    first, *others = TYPED.findall(TUTORIAL.read_text())
    assert first == "demo" and len(others) > 5
    with kept_running(tmp_path) as told:
        minimum = tmp_path / ".leadferry" / "demo" / "leadferry.toml"
        minimum.write_text(re.sub(r"(minimum_score +=) 50", r"\1 30", minimum.read_text()))
        for command in others:
            code, answer, complained = finished(tmp_path, *command.split(), LEADFERRY_HOME=".leadferry/demo")
            assert answer and code in (0, 10), f"{command}: {complained}"
        assert told.asked("contacts", "globex", "--status", "blocked") == []
        leads = sum(leads for _, leads, *_ in told.totals().values())
        assert len(told.organization("leads")) > leads


def test_the_console_is_entered_by_the_link_and_shows_what_the_story_made(told):
    link = re.search(r"http://\S+/sign-in/\S+", told.story)
    assert link is not None
    with httpx2.Client(follow_redirects=True, trust_env=False, timeout=PATIENCE) as browser:
        page = browser.get(link[0])
        assert page.url.path == "/all/"
        leads = sum(leads for _, leads, *_ in told.totals().values())
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
        assert f"Replicated {leads:,}" in text and "Acme" in text and "Globex" in text
        assert browser.get(link[0].rpartition("/sign-in/")[0] + "/site/acme/tasks/").status_code == 200


def test_the_console_ends_with_a_demo_that_was_killed(tmp_path):
    with started(tmp_path, "demo", "--contacts", "20") as process:
        story = read_until(process, LAST_LINE)
        process.kill()
    served = re.search(r"http://(\S+):(\d+)/sign-in/", story)
    assert served is not None
    until = time.monotonic() + PATIENCE
    while not is_closed(served[1], int(served[2])):
        assert time.monotonic() < until
        time.sleep(0.2)


def is_closed(host: str, port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((host, port)) != 0


def test_a_second_demo_leaves_the_first_alone(told):
    code, story, complained = finished(told.folder, "demo", "--no-serve")
    assert (code, story) == (1, "") and "under way" in complained
    assert told.asked("sites")


def test_the_demo_scales_and_leaves_the_real_installation_alone(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "leadferry.db").write_text("precious")
    elsewhere = {"LEADFERRY_HOME": "real", "LEADFERRY_DATABASE_URL": "postgresql://127.0.0.1:9/precious"}
    code, story, complained = finished(tmp_path, "demo", "--no-serve", "--contacts", "2000", **elsewhere)
    assert (code, complained) == (0, "")
    assert [row[0] for row in totals(story).values()] == [1200, 800]
    assert sum(row[1] for row in totals(story).values()) > 500
    assert (tmp_path / "real" / "leadferry.db").read_text() == "precious"
    assert sorted(path.name for path in (tmp_path / "real").iterdir()) == ["demo", "leadferry.db"]


def test_a_demo_that_is_interrupted_ends_at_once_and_the_next_one_starts_anew(tmp_path):
    with started(tmp_path, "demo", "--contacts", "20") as process:
        read_until(process, "The first run")
        process.send_signal(signal.SIGINT)
        rest, complained = process.communicate(timeout=PATIENCE)
    assert (process.returncode, complained) == (130, "Stopped.\n")
    assert "Try it yourself" not in rest
    assert finished(tmp_path, "demo", "--no-serve", "--contacts", "20")[0] == 0


def test_a_folder_that_is_not_the_demos_is_not_emptied(tmp_path):
    (tmp_path / ".leadferry" / "demo").mkdir(parents=True)
    mine = tmp_path / ".leadferry" / "demo" / "mine.txt"
    mine.write_text("mine")
    code, _, complained = finished(tmp_path, "demo", "--no-serve")
    assert code == 1 and "not one of its own" in complained
    assert mine.read_text() == "mine"


def test_too_few_contacts_make_no_story(tmp_path):
    code, story, complained = finished(tmp_path, "demo", "--contacts", "19")
    assert (code, story) == (2, "") and "20 or more" in complained
    assert list(tmp_path.iterdir()) == []
