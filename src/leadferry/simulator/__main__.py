"""`python -m leadferry.simulator`: a local Salesforce organization."""

import argparse

from leadferry.simulator.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="leadferry.simulator", description="A local Salesforce organization."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8089, help="0 takes a free port")
    parser.add_argument("--db", help="SQLite file; without it the organization lives in memory")
    parser.add_argument(
        "--external-id-field", action="append", help="instead of LeadferryId__c; may be repeated"
    )
    asked = parser.parse_args()
    keys = asked.external_id_field or ("LeadferryId__c",)
    serve(host=asked.host, port=asked.port, db=asked.db, external_id_fields=keys)


if __name__ == "__main__":
    main()
