"""leadferry migrate"""

import argparse

from leadferry.console.cli.output import tell
from leadferry.project.boot import prepare


def migrate(arguments: argparse.Namespace) -> int:
    prepare(migrate=True, web=True)
    tell("The database is up to date.")
    return 0
