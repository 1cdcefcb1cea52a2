"""leadferry apply, export, sites"""

import argparse
import os
from pathlib import Path

from leadferry.console.cli.output import print_json, print_rows, say, tell
from leadferry.project.boot import prepare


def apply(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.engine.configure import configure  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415

    done = configure(Path(arguments.file), clock=wall_clock, environ=os.environ, plan=arguments.plan)
    for warning in done.warnings:
        say(f"warning: {warning}")
    if arguments.json:
        changes = [
            {"path": change.path, "old": change.old, "new": change.new} for change in done.changes.changes
        ]
        print_json({"plan": arguments.plan, "changes": changes, "warnings": done.warnings})
    else:
        tell(str(done.changes))
    return 0


def export(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.ledger import configuration  # noqa: PLC0415 - models need a prepared installation

    tell(configuration.export(arguments.site or None).rstrip("\n"))
    return 0


def sites(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.contacts.models import Site  # noqa: PLC0415 - models need a prepared installation
    from leadferry.ledger.settings import effective  # noqa: PLC0415

    rows = (
        {
            "site": site.code,
            "display_name": site.display_name or site.code,
            "enabled": effective(site).replication.enabled,
            "connected": effective(site).connection is not None,
        }
        for site in Site.objects.iterator()
    )
    columns = ["site", "display_name", "enabled", "connected"]
    print_rows(
        rows,
        columns,
        as_json=arguments.json,
        limit=None,
        nothing="No site yet. Write a leadferry.toml and apply it.",
    )
    return 0
