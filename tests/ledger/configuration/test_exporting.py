"""The file for what is there, and that applying it changes nothing."""

import tomllib
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from leadferry.core.contact import CONTACT_FIELDS
from leadferry.ledger import vault
from leadferry.ledger.configuration import UnknownSite, apply, export
from tests.conftest import NOW
from tests.ledger.configuration.example import ACME, ENVIRON


def test_an_exported_file_says_what_was_set_and_no_more(applied):
    applied(ACME)
    as_written = ACME.replace("salesforce.com/", "salesforce.com").replace('{ field = "email" }', '"email"')
    assert tomllib.loads(export()) == tomllib.loads(as_written)


def test_nothing_is_exported_from_an_empty_installation(db):
    assert export() == ""


def test_only_the_sites_asked_for_are_exported(applied):
    applied(ACME + "[site.globex]\n[default.replication]\nbatch_size = 7")
    assert tomllib.loads(export(["globex"])) == {"site": {"globex": {}}}
    assert export().splitlines()[:2] == ["[default.replication]", "batch_size = 7"]


def test_an_unknown_site_is_an_error(db):
    with pytest.raises(UnknownSite, match="There is no site globex"):
        export(["globex"])


def test_a_credential_given_in_the_clear_gets_a_variable_named_after_its_site(applied):
    applied(ACME.replace("env:ACME_SF_SECRET", "plain-s3cret"))
    text = export()
    assert 'client_secret = "env:ACME_CLIENT_SECRET"' in text
    assert "plain-s3cret" not in text
    assert not applied(text, environ={"ACME_CLIENT_SECRET": "plain-s3cret"})


def test_the_variable_last_read_is_the_one_remembered(applied):
    applied(ACME)
    assert not applied(
        ACME.replace("ACME_SF_SECRET", "RENAMED"), environ={"RENAMED": ENVIRON["ACME_SF_SECRET"]}
    )
    assert 'client_secret = "env:RENAMED"' in export()


def test_a_private_key_is_exported_as_the_path_of_its_file(applied, tmp_path: Path, private_key: str):
    (tmp_path / "acme.pem").write_text(private_key)
    file = tmp_path / "acme.toml"
    file.write_text(
        '[site.acme.salesforce]\nlogin_url = "https://a.example"\nflow = "jwt_bearer"\nclient_id = "x"\n'
        'username = "ada@acme.example"\nprivate_key_file = "acme.pem"\n'
    )
    applied(file)
    exported = export()
    assert tomllib.loads(exported)["site"]["acme"]["salesforce"]["private_key_file"] == str(
        tmp_path / "acme.pem"
    )
    assert not applied(exported)


def test_what_a_sign_in_by_browser_left_is_not_exported(applied):
    applied(ACME)
    vault.keep("acme", "refresh_token", "token")
    assert "token" not in export()


def some_table(**keys: some.SearchStrategy) -> some.SearchStrategy:
    return some.fixed_dictionaries({}, optional=keys)


text = some.text(
    some.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20
)
names = text.map(str.strip).filter(lambda name: name and not name.startswith("env:"))
plain = some.text("abc äöü{}\"'\\\n\t=#", max_size=20).filter(lambda value: value.strip() == value)
codes = some.text("abz019-_", min_size=1, max_size=8)
sources = some.one_of(
    some.sampled_from(sorted(CONTACT_FIELDS)),
    some.just("custom.tier"),
    some.sampled_from(["company", "country", "score"]).map(lambda name: {"special": name}),
    some.one_of(some.booleans(), some.integers(-5, 5), plain.filter(bool)).map(
        lambda value: {"value": value}
    ),
    some.dictionaries(some.sampled_from("abc*"), plain, min_size=1).map(
        lambda values: {"field": "status", "values": values, "overflow": "truncate"}
    ),
)
rules = some.one_of(
    some.fixed_dictionaries(
        {
            "name": names,
            "points": some.integers(-100, 100),
            "attribute": some.just("job_title"),
            "operator": some.sampled_from(["equals", "contains"]),
            "value": names,
        }
    ),
    some.fixed_dictionaries(
        {"name": names, "points": some.integers(0, 9), "activity": some.just("page_visit")},
        optional={"recurring": some.just(True), "valid_for": some.just("90d"), "until": some.dates()},
    ),
)
scores = some.lists(
    some.fixed_dictionaries(
        {"name": names}, optional={"enabled": some.booleans(), "rule": some.lists(rules, max_size=3)}
    ),
    unique_by=lambda score: score["name"],
    max_size=2,
)
replications = some_table(
    enabled=some.booleans(),
    batch_size=some.integers(1, 1000),
    delivery=some.sampled_from(["auto", "bulk"]),
    default_company=names,
    lead_description=plain.filter(lambda value: "{" not in value),
    max_calls_per_day=some.integers(0, 10**6),
)
mappings = some.dictionaries(some.sampled_from(["LastName", "Title", "Tier__c"]), sources)
schedules = some_table(every=some.sampled_from(["1h", "30s"]), enabled=some.booleans())
connections = some.fixed_dictionaries(
    {name: some.just(name) for name in ("client_id", "audience")},
    optional={"client_secret": some.just("env:ACME_SF_SECRET"), "api_version": some.just("66.0")},
).map(lambda table: table | {"login_url": "https://a.example/", "flow": "web_server"})
inheritable = {
    "salesforce": connections,
    "replication": replications,
    "mapping": mappings,
    "schedule": schedules,
}
sites = some_table(display_name=names, score=scores, **inheritable)
files = some_table(default=some_table(**inheritable), site=some.dictionaries(codes, sites, max_size=3))


class TestRoundTrip(TestCase):
    @given(file=files)
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def test_applying_an_export_changes_nothing(self, file):
        apply(tomli_w.dumps(file), now=NOW, environ=ENVIRON)
        exported = export()
        again = apply(exported, now=NOW, environ=ENVIRON)
        assert not again, f"{again}\n{exported}"
        assert export() == exported
        assert not apply(tomli_w.dumps(file), now=NOW, environ=ENVIRON)
