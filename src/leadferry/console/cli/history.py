"""leadferry runs, events, usage"""

import argparse
from collections.abc import Iterator
from typing import Any

from leadferry.console.cli.output import print_json, print_rows, tell
from leadferry.project.boot import prepare

RUN = (
    "run status started ended eligible created updated unchanged blocked invalid retrying remaining batches "
    "api_calls message"
).split()
EVENT = "time type source code site contact run description".split()


def runs(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.ledger.models import Run  # noqa: PLC0415

    site = site_called(arguments.site)
    rows = (_run(row) for row in Run.objects.filter(site=site).select_related("site").iterator())
    columns = [name for name in RUN if name not in ("eligible", "batches", "ended", "unchanged")]
    print_rows(
        rows, columns, as_json=arguments.json, limit=arguments.limit, nothing=f"No run of {site.code} yet."
    )
    return 0


def _run(row: Any) -> dict[str, Any]:
    named = {"run": row.pk, "started": row.started_at, "ended": row.ended_at}
    first = {"run": row.pk, "site": row.site.code}
    return first | {name: named[name] if name in named else getattr(row, name) for name in RUN}


def events(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.ledger.models import Event  # noqa: PLC0415

    wanted = {"type": arguments.type, "code": arguments.code}
    if arguments.site:
        wanted["site"] = site_called(arguments.site).code
    found = Event.objects.filter(**{name: value for name, value in wanted.items() if value})
    rows: Iterator[dict[str, Any]] = (
        {name: getattr(row, name) for name in EVENT} for row in found.iterator()
    )
    columns = [name for name in EVENT if name != "source"]
    print_rows(rows, columns, as_json=arguments.json, limit=arguments.limit, nothing="No event.")
    return 0


def usage(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.engine.usage import usage_of  # noqa: PLC0415

    told = usage_of(site_called(arguments.site), clock=wall_clock)
    if arguments.json:
        print_json(told)
        return 0
    org = (
        f"{told['used']:,} of {told['allowed']:,} API calls"
        if told["used"] is not None
        else "not known before the first call"
    )
    ceiling = f" of at most {told['ceiling']:,}" if told["ceiling"] is not None else ""
    left = f"{told['calls_left']:,}" if told["calls_left"] is not None else "not known before the first call"
    tell(f"Organization, last 24 hours: {org}; {told['reserve_percent']}% are reserved for others.")
    tell(f"Site {told['site']}, last 24 hours: {told['site_calls']:,}{ceiling}.")
    tell(f"Left for this site: {left}.")
    return 0
