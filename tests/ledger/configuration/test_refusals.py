"""What a file may not say, and how it is told."""

from pathlib import Path

import pytest

from leadferry.contacts.models import Site
from leadferry.ledger.configuration import ConfigurationError
from leadferry.ledger.models import Event, Settings

LOGIN = 'flow = "web_server"\nclient_id = "3MVG9"\n'


def replication(line: str) -> str:
    return f"[site.acme.replication]\n{line}\n"


def salesforce(line: str) -> str:
    return f"[site.acme.salesforce]\n{LOGIN}{line}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[site.acme.replication]\nbatch_size = 1\nbatch_size = 2",
            "is not TOML: Cannot overwrite a value (at ",
        ),
        ("[site", "is not TOML: "),
        ("[sites.acme]", "sites: unknown key; did you mean site? allowed: default, site"),
        (
            replication("batchsize = 5"),
            "site.acme.replication.batchsize: unknown key; did you mean batch_size? allowed: enabled,",
        ),
        (
            replication("batch_size = 5000"),
            "site.acme.replication.batch_size: 5000 is out of range; allowed: 1..1000",
        ),
        (
            replication('batch_size = "many"'),
            'site.acme.replication.batch_size: "many" is of the wrong type; allowed: 1..1000',
        ),
        (replication("batch_size = true"), "batch_size: true is of the wrong type"),
        (replication("batch_size = 20.0"), "batch_size: 20.0 is of the wrong type"),
        (
            replication("enabled = 1"),
            "site.acme.replication.enabled: 1 is of the wrong type; allowed: true, false",
        ),
        (
            replication('delivery = "fast"'),
            'site.acme.replication.delivery: "fast" is not allowed; allowed: auto, collections, bulk',
        ),
        (replication('assignment_rule = "yes"'), 'assignment_rule: "yes" is not allowed; allowed: on, off,'),
        (
            replication('external_id_field = "Leadferry Id"'),
            'external_id_field: "Leadferry Id" is not allowed',
        ),
        (
            replication('on_deleted = "ignore"'),
            'on_deleted: "ignore" is not allowed; allowed: create, suppress',
        ),
        (
            replication("api_reserve_percent = 101"),
            "api_reserve_percent: 101 is out of range; allowed: 0..100",
        ),
        (replication("max_calls_per_day = -1"), "max_calls_per_day: -1 is out of range"),
        (replication('default_company = ""'), 'default_company: "" is too short; allowed: text, 1 to 255'),
        (
            replication('default_company = "a\\u0000b"'),
            "site.acme.replication.default_company: holds a NUL character",
        ),
        (replication("minimum_score = 5"), "site.acme.replication.minimum_score: has no meaning without"),
        (
            replication('score = "engagement"'),
            'site.acme.replication.score: "engagement" is not a score of site acme; allowed: none, add',
        ),
        (
            "[site.acme.schedule]\nevery = '5 minutes'",
            "site.acme.schedule.every: allowed: a number and s, m, h, d, w or mo",
        ),
        (
            "[site.acme.schedule]\nevery = '1h'\ncron = '0 * * * *'",
            "site.acme.schedule.cron: allowed: either every or cron, not both",
        ),
        ("[site.acme.schedule]\ncron = '0 25 * * *'", "site.acme.schedule.cron: allowed: a valid cron"),
        ("[site.acme.schedule]\ntimezone = 'Prague'", "site.acme.schedule.timezone: allowed: a time zone"),
        ("[site.acme.schedule]\nbetween = ['06:00']", "site.acme.schedule.between: allowed: two times"),
        ("[site.acme.schedule]\ndays = ['monday']", "site.acme.schedule.days: allowed: at least one of mon"),
        (
            replication('lead_description = "{{ contact.lastname }}"'),
            "lead_description: contact.lastname is not known; did you mean contact.last_name?",
        ),
        (
            "[site.acme.mapping]\nTitle = {template = '{{ contact.job_title | shout }}'}",
            "site.acme.mapping.Title.template: line 1: shout is not available",
        ),
        (
            "[[site.acme.score]]\nname = 'hot'\n[[site.acme.score.rule]]\nname = 'x'\npoints = 5",
            "site.acme.score[hot].rule[x]: neither or both of attribute and activity; allowed: one of them",
        ),
        ("[site.Acme]", "site.Acme: allowed: a-z, 0-9, - and _, from 1 to 50 characters"),
        (f"[site.{'a' * 51}]", "allowed: a-z, 0-9, - and _, from 1 to 50 characters"),
        ("site = 5", "site: 5 is of the wrong type; allowed: tables of the form [site.CODE]"),
        ("[site]\nacme = 5", "site.acme: 5 is of the wrong type; allowed: a table"),
        (
            "[site.acme]\nreplication = []",
            "site.acme.replication: a list is of the wrong type; allowed: a table",
        ),
        ("[default]\ndisplay_name = 'x'", "default.display_name: unknown key;"),
        ("[site.acme.mapping]\nTitle = 'jobtitle'", "site.acme.mapping.Title: allowed is a contact field"),
        (
            "[site.acme.mapping]\nTitle = {value = 'a', field = 'b'}",
            "site.acme.mapping.Title: allowed is exactly one",
        ),
        (
            "[site.acme]\ndisplay_name = 'env:NOWHERE'",
            "display_name: the environment variable NOWHERE is not set",
        ),
        ("[site.acme]\ndisplay_name = 'env:EMPTY'", "display_name: the environment variable EMPTY is empty"),
        ("[site.acme]\ndisplay_name = 'env:LOOP'", "the environment variable LOOP holds no usable text"),
        ("[site.acme]\ndisplay_name = 'env:not-a-name'", "does not name an environment variable"),
        (
            "[[site.acme.score]]\nname = 'a'\n[[site.acme.score]]\nname = 'a'",
            "site.acme.score[a]: allowed: a name of its own",
        ),
        (
            "[[site.acme.score]]\nname = 'hot'\n[[site.acme.score.rule]]\nname = 'x'\npoints = 'y'",
            'site.acme.score[hot].rule[x].points: "y" is of the wrong type',
        ),
        (
            "[[site.acme.score]]\nenabled = true",
            "site.acme.score[1].name: is missing; allowed: text, 1 to 100",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(refusals, text, problem):
    (line,) = refusals(text)
    assert line.startswith("leadferry.toml: ")
    assert problem in line


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            'login_url = "http://acme.my.salesforce.com"',
            "login_url: allowed: https://HOST, or http on a loopback",
        ),
        ('login_url = "https://acme.lightning.force.com"', "login_url: a host of *.lightning.force.com"),
        (
            'login_url = "https://ada:pw@acme.my.salesforce.com"',
            "login_url: allowed: https://HOST, with nothing",
        ),
        (
            'login_url = "https://acme.my.salesforce.com/services"',
            "login_url: allowed: https://HOST, with nothing",
        ),
        ('login_url = "login.salesforce.com"', "login_url: allowed: https://HOST"),
        ('login_url = "https://[::1"', "login_url: is not an address"),
        ("", "login_url: is missing; needed by flow web_server"),
        (
            'login_url = "https://a.example"\napi_version = "58.0"',
            'api_version: "58.0" is not allowed; allowed: "59.0" to',
        ),
        ('login_url = "https://a.example"\napi_version = 66.0', "api_version: 66.0 is of the wrong type"),
        ('login_url = "https://a.example"\napi_version = "66"', 'api_version: "66" is not allowed'),
        (
            'login_url = "https://a.example"\nprivate_key_file = "no.pem"',
            "private_key_file: cannot be read: No such",
        ),
        (
            'login_url = "https://a.example"\nprivate_key = "env:ACME_SF_SECRET"',
            "private_key: is not a PEM private key",
        ),
    ],
)
def test_a_connection_that_cannot_work_is_refused(refusals, line, problem):
    (told,) = refusals(salesforce(line))
    assert told.startswith("leadferry.toml: site.acme.salesforce.")
    assert problem in told


@pytest.mark.parametrize(
    "address", ["http://localhost:8123", "http://127.0.0.1:1", "http://[::1]:9", "https://a.b/"]
)
def test_plain_http_is_for_loopback_addresses(applied, address):
    assert applied(salesforce(f'login_url = "{address}"'))


@pytest.mark.parametrize(
    ("flow", "missing"),
    [("client_credentials", ["client_secret"]), ("jwt_bearer", ["username", "private_key_file"])],
)
def test_a_flow_says_which_keys_it_needs(refusals, flow, missing):
    text = f'[site.acme.salesforce]\nlogin_url = "https://a.example"\nclient_id = "x"\nflow = "{flow}"'
    assert [line.split(": ")[1] for line in refusals(text)] == [
        f"site.acme.salesforce.{key}" for key in missing
    ]


def test_everything_wrong_is_told_at_once_and_nothing_is_applied(refusals):
    text = "[site.globex]\n" + replication("batch_size = 0\nenabled = 'no'") + "[other]\n"
    assert len(refusals(text)) == 3
    assert not Site.objects.exists()
    assert not Settings.objects.exists()
    assert not Event.objects.exists()


def test_a_default_is_checked_against_every_site_that_inherits_it(applied, refusals):
    applied("[site.acme]")
    (line,) = refusals('[default.replication]\nscore = "engagement"')
    assert 'default.replication.score: "engagement" is not a score of site acme' in line


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"display_name = '\xff'", "is not UTF-8: byte 16 in line 1"),
        (b"#" * 1_000_001, "has 1000001 bytes; allowed: up to"),
    ],
)
def test_a_file_that_is_no_text_of_decent_size_is_refused(applied, tmp_path: Path, content, problem):
    file = tmp_path / "acme.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=rf"acme\.toml: {problem}"):
        applied(file)


def test_a_missing_file_is_named(applied, tmp_path: Path):
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml: cannot be read: No such file"):
        applied(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a." * 2_000 + "a = 'x'"], ids=["lists", "tables"])
def test_a_file_nested_beyond_reason_is_refused(refusals, text):
    assert refusals(text) == ["leadferry.toml: is nested too deeply"]
