"""A file is made true, once, for what it names."""

from pathlib import Path

import pytest
from django.db import connection

from leadferry.contacts.models import Site
from leadferry.ledger import keys, vault
from leadferry.ledger.configuration import Change
from leadferry.ledger.models import Event, Lease, Organization, Secret, Settings
from leadferry.ledger.settings import Connection, effective
from tests.conftest import NOW
from tests.ledger.configuration.example import ACME, ENVIRON


def site(code: str = "acme") -> Site:
    return Site.objects.get(code=code)


def test_a_new_site_has_everything_that_a_run_needs(applied):
    applied(ACME)
    settings = effective(site())
    assert settings.display_name == "Acme"
    assert settings.connection == Connection(
        login_url="https://acme.my.salesforce.com", flow="client_credentials", client_id="3MVG9"
    )
    assert (settings.replication.batch_size, settings.replication.minimum_score) == (100, 50)
    assert settings.mapping["Email"] == "email"
    assert settings.schedule == {"every": "15m", "between": ["06:00", "22:00"], "timezone": "Europe/Prague"}
    assert vault.secrets(site()) == {"client_secret": ENVIRON["ACME_SF_SECRET"]}
    assert Organization.objects.get().site == Lease.objects.get().site == site()
    assert site().ranked_by == "engagement"


def test_applying_twice_changes_nothing(applied):
    assert applied(ACME)
    before = [list(model.objects.values()) for model in (Site, Settings, Secret, Event)]
    second = applied(ACME)
    assert not second
    assert str(second) == "Nothing to change."
    assert [list(model.objects.values()) for model in (Site, Settings, Secret, Event)] == before


def test_a_plan_tells_the_same_changes_and_makes_none(applied, home: Path):
    planned = applied(ACME, plan=True)
    assert not Site.objects.exists()
    assert not home.exists()
    assert planned.changes == applied(ACME).changes
    assert str(planned).startswith(
        f"{len(planned.changes)} changes planned, none made:\n  site.acme: new site"
    )


def test_a_change_is_told_with_its_old_and_new_value(applied):
    applied(ACME)
    changes = applied(
        ACME.replace("batch_size = 100", "batch_size = 50").replace("points = 5\n", "points = 7\n")
    )
    assert changes.changes == (
        Change(path="site.acme.replication.batch_size", old=100, new=50),
        Change(path="site.acme.score[engagement].rule[2].points", old=5, new=7),
    )
    assert "site.acme.replication.batch_size: 100 -> 50" in str(changes)
    assert changes.sites == ("acme",)


def test_the_order_in_which_the_database_keeps_keys_is_no_change(applied):
    applied(ACME)
    row = Settings.objects.get()
    row.mapping = {
        target: dict(reversed(source.items())) if isinstance(source, dict) else source
        for target, source in reversed(row.mapping.items())
    }
    row.save()
    assert not applied(ACME)


def test_true_in_place_of_one_is_a_change(applied):
    applied(ACME.replace('"Web"', "1"))
    (change,) = applied(ACME.replace('"Web"', "true")).changes
    assert str(change) == "site.acme.mapping.LeadSource: { value = 1 } -> { value = true }"


def test_a_key_left_out_of_a_given_table_is_inherited_again(applied):
    applied("[default.replication]\nbatch_size = 300")
    applied("[site.acme.replication]\nbatch_size = 50\nkeep_updated = true")
    changes = applied("[site.acme.replication]\nkeep_updated = true")
    assert changes.changes == (Change(path="site.acme.replication.batch_size", old=50, new=None),)
    assert effective(site()).replication.batch_size == 300


def test_what_the_file_does_not_name_stays_as_it_is(applied):
    applied(ACME)
    applied("[site.globex]\ndisplay_name = 'Globex'")
    changes = applied("[site.acme.replication]\nbatch_size = 50\n")
    assert {change.path for change in changes.changes} == {
        f"site.acme.replication.{key}" for key in ("enabled", "batch_size", "score", "minimum_score")
    }
    settings = effective(site())
    assert settings.connection and settings.display_name == "Acme"
    assert effective(site("globex")).display_name == "Globex"


def test_an_empty_table_takes_everything_back_that_was_set_there(applied):
    applied(ACME)
    applied("[site.acme]\nmapping = {}\nschedule = {}\nreplication = {}\nscore = []\nsalesforce = {}")
    row = Settings.objects.get(site=site())
    assert (row.salesforce, row.replication, row.mapping, row.schedule) == ({}, {}, {}, {})
    assert vault.secrets(site()) == {}
    assert not site().score_set.exists()


def test_a_sign_in_by_browser_outlives_the_next_apply(applied):
    text = '[site.acme.salesforce]\nlogin_url = "https://a.example"\nflow = "web_server"\nclient_id = "x"\n'
    applied(text)
    vault.keep("acme", "refresh_token", "token")
    assert not applied(text)
    applied(text.replace('"x"', '"y"'))
    assert vault.secrets(site()) == {"refresh_token": "token"}


def test_a_private_key_is_read_beside_the_file(applied, tmp_path: Path, private_key: str):
    (tmp_path / "acme.pem").write_text(private_key)
    file = tmp_path / "acme.toml"
    file.write_text(
        '[site.acme.salesforce]\nlogin_url = "https://a.example"\nflow = "jwt_bearer"\nclient_id = "x"\n'
        'username = "ada@acme.example"\nprivate_key_file = "acme.pem"\n'
    )
    applied(file)
    assert vault.secrets(site()) == {"private_key": private_key}
    assert not applied(file)


def test_a_credential_under_a_lost_key_is_mended_by_applying_again(applied, home: Path):
    applied(ACME)
    (home / keys.KEY_FILE).unlink()
    assert [change.path for change in applied(ACME).changes] == ["site.acme.salesforce.client_secret"]
    assert vault.secrets(site()) == {"client_secret": ENVIRON["ACME_SF_SECRET"]}


def test_what_will_hardly_work_is_warned_of(applied):
    changes = applied(
        ACME.replace("acme.my.sales", "login.sales") + "[site.globex.replication]\nenabled = true"
    )
    login, unset = changes.warnings
    assert login.startswith("site.acme.salesforce.login_url: login.salesforce.com refuses client_credentials")
    assert unset == "site.globex.salesforce: is not set, so that the replication cannot run"


def test_each_changed_site_has_one_event_that_names_keys_only(applied):
    applied(ACME)
    applied(ACME.replace("Director", "Chief") + "[default.replication]\nbatch_size = 7\n[site.globex]")
    told = Event.objects.order_by("pk").values_list("code", "type", "source", "site", "description")
    assert list(told)[1:] == [
        (
            "site.configured",
            "information",
            "configuration",
            "acme",
            "Changed: score[engagement].rule[1].value",
        ),
        ("site.configured", "information", "configuration", "globex", "Changed: site.globex"),
        ("default.configured", "information", "configuration", "", "Changed: replication.batch_size"),
    ]


def test_another_connection_mistrusts_the_describe_of_the_old_one(applied):
    applied(ACME)
    Organization.objects.update(described_at=NOW)
    applied(ACME.replace("batch_size = 100", "batch_size = 50"))
    assert Organization.objects.get().described_at == NOW
    applied(ACME.replace("3MVG9", "3MVG8"))
    assert Organization.objects.get().described_at is None


def database_bytes() -> bytes:
    """The database file as it is on disk; nothing where the database is a server."""
    return connection.connection.serialize() if connection.vendor == "sqlite" else b""


@pytest.mark.django_db(transaction=True)
def test_no_secret_is_readable_anywhere(applied, refusals, home: Path, caplog):
    secret = ENVIRON["ACME_SF_SECRET"]
    shown = [
        str(applied(ACME)),
        str(applied(ACME.replace("env:ACME_SF_SECRET", "another-s3cret"))),
        caplog.text,
    ]
    shown += refusals(ACME.replace("https://acme", f"http://ada:{secret}@acme"))
    shown += refusals(ACME.replace('"env:ACME_SF_SECRET"', f'["{secret}"]'))
    shown += refusals(ACME.replace("client_secret", f"client_secrte = '{secret}'\nclient_secret"))
    shown += refusals(ACME.replace("client_secret =", f"private_key = '{secret}'\nclient_secret ="))
    shown += refusals(ACME.replace("client_secret =", f"private_key_file = '{secret}'\nclient_secret ="))
    shown += refusals(
        ACME.replace('"3MVG9"', '"env:ACME_SF_SECRET"').replace(
            "enabled = true", "enabled = 'env:ACME_SF_SECRET'"
        )
    )
    shown.append(database_bytes().decode("latin-1"))
    shown += [repr(list(model.objects.values())) for model in (Site, Settings, Secret, Event)]
    assert "(secret)" in shown[0]
    for text in shown:
        assert secret not in text
        assert "another-s3cret" not in text
