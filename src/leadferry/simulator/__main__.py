"""`python -m leadferry.simulator`: a local Salesforce organization."""

import argparse

from leadferry.simulator.errors import CannotServe
from leadferry.simulator.server import serve

_PORTS = range(2**16)


def main() -> None:
    """Serve until told to stop; exit 1 with one sentence where the file or the address cannot be had."""
    parser = argparse.ArgumentParser(
        prog="leadferry.simulator", description="A local Salesforce organization."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8089, help="0 takes a free port")
    parser.add_argument("--db", help="SQLite file; without it the organization lives in memory")
    parser.add_argument(
        "--external-id-field", action="append", help="instead of LeadferryId__c; may be repeated"
    )
    asked = parser.parse_args()
    keys = asked.external_id_field or ("LeadferryId__c",)
    try:
        serve(host=asked.host, port=asked.port, db=asked.db, external_id_fields=keys)
    except CannotServe as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) not in _PORTS:
        raise argparse.ArgumentTypeError(f"not a port from 0 to {_PORTS[-1]}: {text}")
    return int(text)


if __name__ == "__main__":
    main()
