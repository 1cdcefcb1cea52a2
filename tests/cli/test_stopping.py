"""Ctrl-C during a run."""

import signal
from collections.abc import Iterator

import pytest

from leadferry.console.cli import running


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What the time is; the handlers of signals are put back afterwards."""
    now = [100.0]
    monkeypatch.setattr(running.time, "monotonic", lambda: now[0])
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield now
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_one_asks_to_stop(clock: list[float]) -> None:
    asked = running.asked_to_stop()
    assert not asked()
    signal.raise_signal(signal.SIGINT)
    assert asked()


def test_one_pressed_twice_at_once_interrupts_nothing(clock: list[float]) -> None:
    asked = running.asked_to_stop()
    signal.raise_signal(signal.SIGINT)
    clock[0] += 0.5
    signal.raise_signal(signal.SIGINT)
    assert asked()


def test_one_pressed_again_later_interrupts(clock: list[float]) -> None:
    running.asked_to_stop()
    signal.raise_signal(signal.SIGTERM)
    clock[0] += 2
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
