"""Hundreds of kills in one installation: `make soak`.

LEADFERRY_SOAK_ROUNDS sets how many (default 200), LEADFERRY_SOAK_SEED repeats a certain order of events.
"""

import os
import random
import sys
import time

import pytest

from tests.engine.website import people

from .installation import Installation, after, agree, kill

ROUNDS = int(os.environ.get("LEADFERRY_SOAK_ROUNDS", "200"))
SEED = int(os.environ.get("LEADFERRY_SOAK_SEED") or time.time())
FAULTS = ("status_503", "reset_after", "reset_before", "truncated", "lock_row", "session_expired", "slow")


@pytest.mark.soak
def test_hundreds_of_kills_lose_nothing_and_double_nobody(installation: Installation, capsys):
    chance, started, killed = random.Random(SEED), time.monotonic(), [0, 0]
    _say(capsys, f"soak: {ROUNDS} rounds, LEADFERRY_SOAK_SEED={SEED}")
    for number in range(ROUNDS):
        file = str(installation.written(people(30, start=number * 10, company=f"Round {number}")))
        killed[0] += kill(installation.start("import", "acme", file), after(chance.uniform(0.1, 0.6)))
        installation.command("import", "acme", file)
        if chance.random() < 0.5:
            fault = chance.choice(FAULTS)
            installation.org.faults.add(fault, times=chance.randint(1, 4), path="/composite", seconds=0.1)
        killed[1] += kill(installation.start("run", "acme"), after(chance.uniform(0.1, 0.7)))
        installation.org.faults.clear()
        _bring_through(installation)
        agree(installation)
    leads = installation.org.store.number_of("Lead", "deleted = 0")
    assert leads == ROUNDS * 10 + 20
    seconds = time.monotonic() - started
    told = f"{killed[0]} imports and {killed[1]} runs killed in {seconds:.0f} s"
    _say(capsys, f"soak: {told}; {leads} contacts are {leads} leads, none lost, none doubled.")


def _say(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")


def _bring_through(installation: Installation) -> None:
    """Runs until nobody is left, at most for half a minute."""
    end = time.monotonic() + 30
    while True:
        run = installation.run()
        if run["status"] == "succeeded" and run["remaining"] == 0 and run["retrying"] == 0:
            waiting = installation.ask("SELECT count(*) FROM contacts_due")[0][0]
            if not waiting:
                return
        assert time.monotonic() < end, f"still not through: {run}"
