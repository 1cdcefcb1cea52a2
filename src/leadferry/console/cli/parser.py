"""Every command with its arguments and help; nothing here loads what the commands need."""

import argparse
from collections.abc import Callable

from leadferry import __version__

Parser = argparse.ArgumentParser
Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"

STATUSES = (
    "not_eligible pending replicated outdated retrying blocked invalid converted suppressed not_replicated"
).split()


def build() -> Parser:
    """The parser of the whole command line; `module` and `function` say what carries a command out."""
    parser = Parser(
        prog="leadferry",
        description="Carries a website's contacts worth a call into Salesforce as leads.",
        epilog="Home folder: LEADFERRY_HOME (./.leadferry). Database: LEADFERRY_DATABASE_URL.",
    )
    parser.add_argument("--version", action="version", version=f"leadferry {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")

    def add(name: str, module: str, help: str, *, json: bool = False, description: str = "") -> Parser:
        command = commands.add_parser(name, help=help, description=description or help)
        command.set_defaults(module=module, function=name.replace("-", "_").replace("import", "import_"))
        if json:
            command.add_argument(
                "--json", action="store_true", help="print JSON for machines instead of text"
            )
        return command

    for group in (_starting, _configuring, _feeding, _running, _asking, _mending):
        group(add)
    return parser


Add = Callable[..., Parser]


def _starting(add: Add) -> None:
    demo = add("demo", "demo", "tell the whole story on a simulated Salesforce organization")
    demo.add_argument("--no-serve", action="store_true", help="exit at the end of the story")
    demo.add_argument(
        "--contacts", type=positive, default=500, metavar="N", help="contacts to invent (default 500)"
    )
    simulator = add("simulator", "simulator", "start a local Salesforce organization")
    simulator.add_argument(
        "--port", type=port, default=8089, metavar="P", help="port (default 8089; 0: a free one)"
    )
    simulator.add_argument(
        "--db", metavar="FILE", help="keep its records in this SQLite file (default: in memory)"
    )
    for name, help in (
        ("serve", "start the console, the scheduler and the workers"),
        ("web", "start the console only"),
    ):
        served = add(name, "serving", help)
        served.add_argument("--host", default="127.0.0.1", metavar="H", help="address (default 127.0.0.1)")
        served.add_argument(
            "--port", type=port, default=8000, metavar="P", help="port (default 8000; 0: a free one)"
        )
        served.add_argument(
            "--sign-in-link", action="store_true", help="print a link that signs in, once, on this machine"
        )
    add("worker", "serving", "carry out scheduled tasks, as one worker of many")
    add("scheduler", "serving", "hand scheduled tasks to the workers")
    add("migrate", "setting_up", "bring the database up to date with this version")


def _configuring(add: Add) -> None:
    apply = add("apply", "configuring", "make the installation equal to a leadferry.toml", json=True)
    apply.add_argument("file", metavar="FILE", help="the configuration file")
    apply.add_argument("--plan", action="store_true", help="show what would change, and change nothing")
    export = add("export", "configuring", "print the configuration file for what is there")
    export.add_argument("site", metavar="SITE", nargs="*", help="only these sites")
    add("sites", "configuring", "list the sites", json=True)
    doctor = add(
        "doctor", "checking", "check connection, permissions and mapping against the organization", json=True
    )
    site(doctor)


def _feeding(add: Add) -> None:
    feed = add("import", "feeding", "import contacts or activities from CSV, NDJSON or Parquet", json=True)
    site(feed)
    feed.add_argument(
        "file", metavar="FILE", help="a .csv, .ndjson (or .jsonl) or .parquet file with a column key"
    )
    feed.add_argument(
        "--activities", action="store_true", help="the file holds activities: key,type,time,url,title,value"
    )
    score = add("score", "feeding", "recalculate the scores of a site in full", json=True)
    site(score)


def _running(add: Add) -> None:
    run = add("run", "running", "replicate a site's due contacts into Salesforce now", json=True)
    site(run)
    run.add_argument(
        "--dry-run", action="store_true", help="look, map and check, but send and record nothing"
    )
    run.add_argument("--limit", type=positive, metavar="N", help="send at most N contacts")
    runs = add("runs", "history", "the run history of a site, newest first", json=True)
    site(runs)
    newest(runs)
    events = add("events", "history", "the event log, newest first", json=True)
    events.add_argument("site", metavar="SITE", nargs="?", help="only this site")
    events.add_argument("--type", choices=["information", "warning", "error"], help="only this type")
    events.add_argument("--code", help="only this code")
    newest(events)
    usage = add(
        "usage", "history", "API usage of the organization and of this site, last 24 hours", json=True
    )
    site(usage)


def _asking(add: Add) -> None:
    contacts = add("contacts", "asking", "the contacts of a site with their replication status", json=True)
    site(contacts)
    contacts.add_argument(
        "--status", choices=STATUSES, help="only this status (not_replicated: no lead exists)"
    )
    contacts.add_argument("--limit", type=positive, metavar="N", help="at most N contacts (text: 50)")
    why = add(
        "why", "asking", "why a contact is, or is not, in Salesforce, and what would change that", json=True
    )
    site(why)
    why.add_argument("key", metavar="KEY", help="the website's own identifier of the contact")


def _mending(add: Add) -> None:
    reconcile = add("reconcile", "mending", "compare what is known of leads with the organization", json=True)
    site(reconcile)
    reconcile.add_argument("--repair", action="store_true", help="put right what differs (see the reference)")
    confirm = add("confirm", "mending", "let this installation write to the organization it now meets")
    site(confirm)
    unblock = add("unblock", "mending", "lift the blocks of contacts by hand", json=True)
    site(unblock)
    unblock.add_argument("keys", metavar="KEY", nargs="*", help="contacts to unblock")
    unblock.add_argument("--code", help="only those blocked with this code")
    unblock.add_argument("--all", action="store_true", help="every blocked contact of the site")
    delete = add(
        "delete", "mending", "delete contacts with their activities and points; leads stay", json=True
    )
    site(delete)
    delete.add_argument("keys", metavar="KEY", nargs="+", help="contacts to delete")
    delete.add_argument(
        "--erase", action="store_true", help="erase the person: delete the lead and refuse re-imports"
    )


def site(command: Parser) -> None:
    command.add_argument("site", metavar="SITE", help="code name of the site")


def newest(command: Parser) -> None:
    command.add_argument("--limit", type=positive, metavar="N", help="at most the N newest (text: 50)")


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def port(text: str) -> int:
    """A TCP port; 0 asks for a free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number; allowed: 0 to 65535")
    return int(text)
