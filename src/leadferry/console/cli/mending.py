"""leadferry unblock, delete"""

import argparse

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


def reconcile(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.reconcile import reconcile as compare  # noqa: PLC0415
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.ledger.leases import SiteBusy  # noqa: PLC0415

    try:
        found = compare(site_called(arguments.site), repair=arguments.repair, clock=wall_clock)
    except SiteBusy as busy:
        say(f"leadferry: {busy}")
        return 3
    if arguments.json:
        print_json(found.as_dict())
        return 0
    tell(found.sentence())
    for example in found.examples:
        tell("  " + " · ".join(str(part) for part in example.values() if part))
    return 0


def confirm(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.ledger import organizations  # noqa: PLC0415

    site = site_called(arguments.site)
    organizations.confirm(site, by="command line", at=wall_clock())
    tell(f"Confirmed: site {site.code} writes to the organization it meets next.")
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
        tell(f"{done.contacts} contacts deleted{erased}.")
    return 0
