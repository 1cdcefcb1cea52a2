"""Acme set up to be connected in the browser, to a simulated organization behind a real socket."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import tomli_w
from django.test import Client

from leadferry.console.people.models import Role
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import configuration

PAGE = "/site/acme/organization/"
CALLBACK = "/organization/callback/"
SECRET = "consumer secret 4711"
MAPPING = {"LastName": "last_name", "Company": "company"}


@pytest.fixture
def configured(acme: Site, simulator_url: str) -> Callable[..., Site]:
    """Applies Acme's file; keywords are keys of its table `salesforce`."""

    def configured(**salesforce: Any) -> Site:
        app = {"login_url": simulator_url, "client_id": "3MVG9app", "client_secret": SECRET}
        table = {"flow": "web_server", **app, **salesforce}
        replication = {"enabled": True, "keep_updated": True}
        site = {"display_name": "Acme", "salesforce": table, "replication": replication, "mapping": MAPPING}
        configuration.apply(tomli_w.dumps({"site": {"acme": site}}), now=wall_clock(), environ={})
        return acme

    return configured


@pytest.fixture
def site(configured) -> Site:
    return configured()


@pytest.fixture
def administrator(signed_in, site: Site) -> Client:
    return signed_in(Role.ADMINISTRATOR, site)


@pytest.fixture
def asked() -> Callable[..., str]:
    """Begins a sign-in as `client` and has Salesforce answer it; the address that the browser is sent to."""

    def asked(client: Client, decision: str = "allow") -> str:
        sent = client.post(f"{PAGE}connect/").headers["Location"]
        split = urlsplit(sent)
        form = {name: values[0] for name, values in parse_qs(split.query).items()}
        place = f"{split.scheme}://{split.netloc}{split.path}"
        answer = httpx2.post(place, data=form | {"decision": decision})
        back: str = answer.headers["Location"]
        assert back.startswith(f"http://testserver{CALLBACK}?")
        return back.removeprefix("http://testserver")

    return asked


@pytest.fixture
def connected(administrator: Client, asked) -> Client:
    """An administrator who connected Acme."""
    administrator.get(asked(administrator))
    return administrator
