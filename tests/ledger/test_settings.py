"""What is in force for a site: its own, the global default's, or built in."""

import subprocess
import sys

import pytest

from leadferry.contacts.models import Site
from leadferry.core.mapping_file import parse_mapping
from leadferry.core.rule import DEFAULT_MAPPING
from leadferry.ledger.models import Settings
from leadferry.ledger.settings import Connection, Replication, effective

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Site:
    return Site.objects.create(code="acme", display_name="Acme")


def test_a_site_that_sets_nothing_has_the_built_in_settings(acme):
    settings = effective(acme)
    assert settings.replication == Replication()
    assert settings.connection is None
    assert parse_mapping(settings.mapping) == DEFAULT_MAPPING
    assert settings.schedule == {"every": "1h"}
    assert (settings.code, settings.display_name) == ("acme", "Acme")


def test_a_site_without_display_name_is_shown_by_its_code():
    assert effective(Site.objects.create(code="globex")).display_name == "globex"


def test_a_site_overrides_the_global_default_key_by_key(acme):
    Settings.objects.create(site=None, replication={"batch_size": 50, "keep_updated": True})
    Settings.objects.create(site=acme, replication={"batch_size": 100})
    assert effective(acme).replication == Replication(batch_size=100, keep_updated=True)


def test_a_mapping_of_its_own_replaces_the_inherited_one_as_a_whole(acme):
    Settings.objects.create(site=None, mapping={"Email": "email"})
    assert effective(acme).mapping == {"Email": "email"}
    Settings.objects.create(site=acme, mapping={"LastName": "last_name"})
    assert effective(acme).mapping == {"LastName": "last_name"}


def test_a_cron_line_takes_the_place_of_an_inherited_period(acme):
    Settings.objects.create(site=None, schedule={"every": "15m", "timezone": "Europe/Prague"})
    Settings.objects.create(site=acme, schedule={"cron": "0 * * * *"})
    assert effective(acme).schedule == {"cron": "0 * * * *", "timezone": "Europe/Prague"}


def test_a_connection_may_be_inherited_in_part(acme):
    Settings.objects.create(
        site=None, salesforce={"login_url": "https://acme.my.salesforce.com", "flow": "jwt_bearer"}
    )
    assert effective(acme).connection is None
    Settings.objects.create(site=acme, salesforce={"client_id": "3MVG9", "username": "ada@acme.example"})
    assert effective(acme).connection == Connection(
        login_url="https://acme.my.salesforce.com",
        flow="jwt_bearer",
        client_id="3MVG9",
        username="ada@acme.example",
    )


def test_reading_settings_loads_nothing_heavy():
    script = (
        "import sys, django; django.setup(); import leadferry.ledger.settings;"
        "print(sorted({'pydantic', 'cryptography', 'tomllib', 'minijinja'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"DJANGO_SETTINGS_MODULE": "leadferry.project.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
