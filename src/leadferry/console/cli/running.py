"""leadferry run"""

import argparse
import gc
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from leadferry.console.cli.output import print_json, say, tell
from leadferry.project.boot import prepare

EXIT = {"succeeded": 0, "failed": 1, "skipped": 3, "partial": 10, "paused": 11, "cancelled": 12}
COUNTS = "eligible created updated unchanged blocked invalid retrying remaining batches api_calls".split()


def run(arguments: argparse.Namespace) -> int:
    # What is loaded stays; what a run makes, it lets go at once. Measured: 8 % of a run's CPU.
    gc.set_threshold(50_000, 20, 100)
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.replicate import replicate, wall_clock  # noqa: PLC0415

    site = site_called(arguments.site)
    gc.freeze()
    if arguments.dry_run:
        from leadferry.engine.preview import dry_run  # noqa: PLC0415

        done = dry_run(site, clock=wall_clock, limit=arguments.limit)
    else:
        with Progress(quiet=arguments.json) as progress:
            done = replicate(site, limit=arguments.limit, stop=asked_to_stop(), on_progress=progress.show)
    report(done, as_json=arguments.json)
    return EXIT[done.status]


def report(done: Any, *, as_json: bool) -> None:
    """The run for machines, or in words."""
    if as_json:
        counts = {name: getattr(done, name) for name in COUNTS}
        print_json(
            {"run": done.pk, "site": done.site.code, "status": done.status, **counts, "message": done.message}
        )
        return
    name = f"Run {done.pk}" if done.pk else "Dry run"
    tell(f"{name} of {done.site.code}: {done.status}. {done.message}")
    told = [f"{word.replace('_', ' ')} {getattr(done, word)}" for word in COUNTS if getattr(done, word)]
    if told:
        tell("  " + " · ".join(told))


def asked_to_stop() -> Callable[[], bool]:
    """Whether Ctrl-C or SIGTERM came: the batch under way is finished first. A second one interrupts it.

    Not within a second, though: nothing hangs then, the run is being closed.
    """
    asked: list[float] = []

    def note(number: int, frame: FrameType | None) -> None:
        if not asked:
            asked.append(time.monotonic())
            say("Stopping after this batch… Once more ends it at once.")
        elif time.monotonic() - asked[0] > 1:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return lambda: bool(asked)


class Progress:
    """A bar on a terminal, nothing elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._wanted = not quiet and sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def show(self, execution: Any) -> None:
        """How many contacts are through; the total is what was waiting when the first batch was."""
        if not self._wanted:
            return
        counts = execution.claim.counts
        done = counts.created + counts.updated + counts.blocked + counts.retrying
        if self._bar is None:
            from rich.console import Console  # noqa: PLC0415 - only on a terminal
            from rich.progress import Progress as Bar  # noqa: PLC0415

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("contacts", total=done + execution.waiting())
        self._bar.update(self._task, completed=done)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
