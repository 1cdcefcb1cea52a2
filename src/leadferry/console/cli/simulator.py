"""leadferry simulator"""

import argparse

from leadferry.simulator import serve


def simulator(arguments: argparse.Namespace) -> int:
    serve(port=arguments.port, db=arguments.db)
    return 0
