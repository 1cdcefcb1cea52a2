"""leadferry demo"""

import argparse
import os
import secrets
import shlex
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from leadferry.console.cli.output import say
from leadferry.console.demo.house import moved_in
from leadferry.console.demo.organization import Organization
from leadferry.console.demo.telling import Teller
from leadferry.console.serving.apart import console_on
from leadferry.project.boot import prepare
from leadferry.simulator import Org, running

FEWEST = 20
"""Contacts with which there is a story to tell."""
RECORDS = "salesforce.db"
"""The file of the simulated organization, in the demo's home folder."""


def demo(arguments: argparse.Namespace) -> int:
    if arguments.contacts < FEWEST:
        say(f"leadferry demo: --contacts takes {FEWEST} or more, so that there is a story to tell")
        return 2
    for end in (signal.SIGINT, signal.SIGTERM):  # also in the background, where shells have them ignored
        signal.signal(end, signal.default_int_handler)
    database = " LEADFERRY_DATABASE_URL=" if os.environ.get("LEADFERRY_DATABASE_URL") else ""
    with moved_in() as house, _organization(house) as url, closing(Organization(url)) as organization:
        prepare()
        from leadferry.console.demo.stage import Stage  # noqa: PLC0415 - models need a prepared installation
        from leadferry.console.demo.story import tell_story  # noqa: PLC0415

        move = f"$ export LEADFERRY_HOME={shlex.quote(str(house.resolve()))}{database}"
        with ExitStack() as console, closing(Teller()) as teller:
            password = secrets.token_urlsafe(9)
            if not arguments.no_serve:  # starts while the story is told
                link = console.enter_context(console_on(house, password=password))
            number = arguments.contacts
            tell_story(Stage(teller=teller, house=house, url=url, organization=organization, contacts=number))
            teller.step("Try it yourself")
            if arguments.no_serve:
                _tell_how_to_go_on(teller, house, url, move)
            else:
                _tell_where_to_look(teller, url, link(), password)
                _tell_commands(teller, move)
                with suppress(KeyboardInterrupt):
                    threading.Event().wait()
                say("The demo is over; its folder stays until the next one.")
    return 0


@contextmanager
def _organization(house: Path) -> Iterator[str]:
    """The simulated organization, with its records in the house, for as long as the block lasts."""
    org = Org(str(house / RECORDS))
    try:
        with running(org) as url:
            yield url
    finally:
        org.store.close()


def _tell_how_to_go_on(teller: Teller, house: Path, url: str, move: str) -> None:
    teller.say("Start the organization again, then ask from another terminal:")
    port = url.rpartition(":")[2]
    teller.command(f"simulator --port {port} --db {shlex.quote(str(house / RECORDS))}")
    _tell_commands(teller, move)


def _tell_where_to_look(teller: Teller, url: str, link: str, password: str) -> None:
    teller.say("Until Ctrl-C, the console shows what came of it. This link signs you in, once:")
    teller.verbatim(link)
    teller.say(f"After that: admin, password {password}")
    teller.say("Salesforce shows its leads, API usage and faults to cause on")
    teller.verbatim(f"{url}/control/")
    teller.say("From another terminal:")


def _tell_commands(teller: Teller, move: str) -> None:
    teller.verbatim(move)
    teller.command("contacts acme --status invalid")
    teller.command("why acme eli")
    teller.close()
