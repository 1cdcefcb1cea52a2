"""leadferry contacts, why"""

import argparse

from leadferry.console.cli.output import print_json, print_rows, tell
from leadferry.project.boot import prepare

COLUMNS = ["key", "email", "status", "score", "lead_id", "replicated_at", "blocked_at", "reason"]


def contacts(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import site_called  # noqa: PLC0415 - models need a prepared installation
    from leadferry.engine.standing import standings  # noqa: PLC0415

    site = site_called(arguments.site)
    rows = (standing.as_dict() for standing in standings(site, status=arguments.status))
    which = f" with status {arguments.status}" if arguments.status else ""
    nothing = f"No contact of {site.code}{which}."
    print_rows(rows, COLUMNS, as_json=arguments.json, limit=arguments.limit, nothing=nothing)
    return 0


def why(arguments: argparse.Namespace) -> int:
    prepare()
    from leadferry.console.cli.subjects import Unknown, site_called  # noqa: PLC0415 - as above
    from leadferry.engine.replicate import wall_clock  # noqa: PLC0415
    from leadferry.engine.why import explained  # noqa: PLC0415

    site = site_called(arguments.site)
    answer = explained(site, arguments.key, at=wall_clock())
    if answer is None:
        raise Unknown(f"Site {site.code} has no contact {arguments.key!r}.")
    if arguments.json:
        print_json(answer.as_dict())
        return 0
    tell(f"{arguments.key}: {answer.status}")
    for line in (*answer.because, *(f"→ {change}" for change in answer.changes)):
        tell(f"  {line}")
    for tried in answer.attempts:
        reason = f" {tried.code}: {tried.message}" if tried.code else ""
        tell(f"  {tried.at:%Y-%m-%d %H:%M:%S} UTC, run {tried.run}: {tried.answer.name.lower()}{reason}")
    return 0
