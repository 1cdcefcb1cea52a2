"""leadferry serve, web, worker, scheduler"""

import argparse
import os
from contextlib import ExitStack

from leadferry.console.cli.output import say, tell
from leadferry.project.boot import prepare

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - as addresses to open in a browser


def serve(arguments: argparse.Namespace) -> int:
    return _serve(arguments, with_workers=True)


def web(arguments: argparse.Namespace) -> int:
    return _serve(arguments, with_workers=False)


def worker(arguments: argparse.Namespace) -> int:
    prepare(web=True)
    from leadferry.console.serving.worker import work  # noqa: PLC0415 - models need a prepared installation

    work()
    return 0


def scheduler(arguments: argparse.Namespace) -> int:
    prepare(web=True)
    from leadferry.console.serving.worker import schedule  # noqa: PLC0415

    schedule()
    return 0


def _serve(arguments: argparse.Namespace, *, with_workers: bool) -> int:
    prepare(web=True)
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from leadferry.console.people.entering import first_administrator  # noqa: PLC0415
    from leadferry.console.serving.crew import crewed  # noqa: PLC0415
    from leadferry.console.serving.web import served, until_told  # noqa: PLC0415

    password = first_administrator(password=os.environ.get("LEADFERRY_ADMIN_PASSWORD", ""))
    with ExitStack() as stack:
        url = stack.enter_context(served(get_wsgi_application(), host=arguments.host, port=arguments.port))
        if with_workers:
            stack.enter_context(crewed())
        _welcome(_shown(url), password, link=arguments.sign_in_link)
        until_told()
        say("Stopping…")
    return 0


def _welcome(url: str, password: str | None, *, link: bool) -> None:
    tell(f"Leadferry on {url}")
    if password:
        tell(
            f"First administrator: admin, password {password} (shown this once; to be changed on signing in)"
        )
    if link:
        from django.contrib.auth.models import User  # noqa: PLC0415
        from django.urls import reverse  # noqa: PLC0415

        from leadferry.console.people.entering import link_token  # noqa: PLC0415
        from leadferry.engine.replicate import wall_clock  # noqa: PLC0415

        first = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")[0]
        tell(f"Sign in: {url}{reverse('sign-in-link', args=[link_token(first, now=wall_clock())])}")


def _shown(url: str) -> str:
    """An address that a browser on this machine can open."""
    for anywhere, here in ANYWHERE.items():
        url = url.replace(f"//{anywhere}:", f"//{here}:").replace(f"//[{anywhere}]:", f"//{here}:")
    return url
