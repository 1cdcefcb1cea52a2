"""Acme, connected to a simulated organization that was read once."""

import pytest

from leadferry.contacts.models import Site
from leadferry.engine.configure import configure
from leadferry.engine.replicate import wall_clock
from leadferry.simulator import Org

FILE = """
[site.acme]
display_name = "Acme"
[site.acme.salesforce]
login_url = "{url}"
flow = "client_credentials"
client_id = "3MVG9example"
client_secret = "env:SECRET"
[site.acme.mapping]
LastName = "last_name"
Company = "company"
Email = "email"
"""


@pytest.fixture
def mapped(db, tmp_path, simulator_url: str, org: Org) -> Site:
    file = tmp_path / "leadferry.toml"
    file.write_text(FILE.format(url=simulator_url))
    configure(file, clock=wall_clock, environ={"SECRET": "of acme"})
    return Site.objects.get(code="acme")
