from __future__ import annotations

from collections.abc import Callable

import pytest

from leadferry.salesforce import Client, ClientCredentials
from leadferry.simulator import InProcess

from .scripted import LOGIN, ScriptedOrg

Connect = Callable[..., Client]


@pytest.fixture
def org() -> ScriptedOrg:
    return ScriptedOrg()


@pytest.fixture
def credentials() -> ClientCredentials:
    return ClientCredentials(login_url=LOGIN, client_id="3MVG9example", client_secret="s3cret")


@pytest.fixture
def connect(org: ScriptedOrg, credentials: ClientCredentials) -> Connect:
    """Makes a client of the scripted org; all of one test share one transport, hence one token."""
    transport = InProcess(org)

    def connected(authorization: object = None, **options: object) -> Client:
        return Client(authorization or credentials, transport=transport, **options)

    return connected


@pytest.fixture
def client(connect: Connect) -> Client:
    return connect()
