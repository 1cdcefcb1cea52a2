"""leadferry doctor"""

import argparse

from leadferry.console.cli.output import print_json, tell
from leadferry.project.boot import prepare

MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


def doctor(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.doctor import ERROR, examine  # noqa: PLC0415
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415

    sick = False
    for found in examine(site_called(arguments.site), clock=wall_clock):
        sick = sick or found.level == ERROR
        if arguments.json:
            row = {"level": found.level, "check": found.check, "message": found.message, "fix": found.fix}
            print_json(row)
        else:
            tell(
                f"{MARKS[found.level]} {found.check}: {found.message}"
                + (f"\n    {found.fix}" if found.fix else "")
            )
    return 1 if sick else 0
