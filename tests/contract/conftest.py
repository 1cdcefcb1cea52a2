from collections.abc import Iterator

import httpx2
import pytest
import requests
from simple_salesforce import Salesforce

from leadferry.simulator import Org, running


class Rerouted(requests.adapters.HTTPAdapter):
    """Carries what is meant for a Salesforce host to the simulator, which speaks plain http on a port."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        request.url = self.base_url + request.path_url
        return super().send(request, *args, **kwargs)


@pytest.fixture
def org() -> Iterator[Org]:
    org = Org()
    yield org
    org.store.close()


@pytest.fixture
def base_url(org: Org) -> Iterator[str]:
    """The simulated organization on a port of its own."""
    with running(org) as base:
        yield base


@pytest.fixture
def token(base_url: str) -> str:
    form = {"grant_type": "client_credentials", "client_id": "referee", "client_secret": "s3cret"}
    return httpx2.post(f"{base_url}/services/oauth2/token", data=form).json()["access_token"]


@pytest.fixture
def session(base_url: str) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("https://", Rerouted(base_url))
        yield session


@pytest.fixture
def referee(base_url: str, token: str, session: requests.Session) -> Salesforce:
    """simple-salesforce, a client that neither we nor the simulator had a hand in."""
    return Salesforce(instance_url=base_url, session_id=token, session=session, version="67.0")
