"""leadferry unblock, delete"""

import argparse
import sys

from leadferry.console.cli.output import print_json, say, tell
from leadferry.project.boot import prepare


def unblock(arguments: argparse.Namespace) -> int:
    if not (arguments.keys or arguments.code or arguments.all):
        say("leadferry unblock: name contacts, or a cause with --code, or say --all")
        return 2
    prepare()
    from leadferry.console.cli.subjects import contacts_called, site_called  # noqa: PLC0415 - needs models
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.ledger import quarantine  # noqa: PLC0415

    site = site_called(arguments.site)
    keys = [contact.key for contact in contacts_called(site, arguments.keys)] or None
    released = quarantine.release(site, keys=keys, code=arguments.code, by="command line", at=wall_clock())
    free = quarantine.keys_not_held(site, arguments.keys) if arguments.keys and not released else []
    if arguments.json:
        print_json({"site": site.code, "released": released})
    else:
        tell(f"{released} contacts released; the next run looks at them.")
    if free:
        say(f"Not blocked, so nothing to lift: {', '.join(free[:10])}.")
    return 0


def delete(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import contacts_called, site_called  # noqa: PLC0415 - needs models
    from leadferry.engine.removal import remove  # noqa: PLC0415
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415

    site = site_called(arguments.site)
    contacts = contacts_called(site, arguments.keys)
    done = remove(site, contacts, erase=arguments.erase, clock=wall_clock)
    if arguments.json:
        print_json({"site": site.code, "deleted": done.contacts, "leads_deleted": done.leads})
    else:
        erased = (
            f", {done.leads} leads deleted in Salesforce" if arguments.erase else "; leads stay in Salesforce"
        )
        print(f"{done.contacts} contacts deleted{erased}.", file=sys.stdout)  # noqa: T201
    return 0
