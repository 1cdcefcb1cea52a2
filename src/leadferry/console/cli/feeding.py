"""leadferry import, score"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leadferry.console.cli.output import print_json, say, tell
from leadferry.project.boot import prepare

SHOWN = 20


def import_(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.contacts.importing import (  # noqa: PLC0415
        BadFile,
        import_activities,
        import_contacts,
        open_source,
    )
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.scoring.points import refresh  # noqa: PLC0415

    site, now = site_called(arguments.site), wall_clock()
    take = import_activities if arguments.activities else import_contacts
    source = open_source(Path(arguments.file))
    with _bar("importing", source.total, arguments.json) as progress:
        try:
            report = take(
                site,
                source,
                now=now,
                after_chunk=lambda ids: refresh(site, ids, now=now),
                on_progress=progress,
            )
        except BadFile as fault:
            if arguments.file in str(fault):
                raise
            raise BadFile(f"{arguments.file}: {fault}") from fault
    _tell(report, arguments.json)
    return 0


def _tell(report: Any, as_json: bool) -> None:
    counts = {name: getattr(report, name) for name in ("created", "updated", "unchanged", "rejected")}
    if as_json:
        rejections = [{"line": r.line, "key": r.key, "reason": r.reason} for r in report.rejections]
        print_json({**counts, "rejections": rejections})
        return
    tell(", ".join(f"{number} {word}" for word, number in counts.items()))
    for rejection in report.rejections[:SHOWN]:
        say(f"line {rejection.line}: {rejection.reason}")
    if report.rejected > SHOWN:
        say(f"… and {report.rejected - SHOWN} more; --json lists the first {len(report.rejections)}.")


def score(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.contacts.models import Contact  # noqa: PLC0415
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.scoring.recalculation import recalculate  # noqa: PLC0415

    site = site_called(arguments.site)
    with _bar("scoring", Contact.objects.filter(site=site).count(), arguments.json) as progress:
        done = recalculate(site, now=wall_clock(), on_progress=progress)
    if arguments.json:
        print_json({"site": site.code, "contacts": done.contacts, "changed": done.changed})
    else:
        tell(f"{done.contacts} contacts recalculated, the points of {done.changed} changed.")
    return 0


@contextmanager
def _bar(label: str, total: int | None, quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on a terminal; None elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)
