"""The database is told by an address; what is wrong with one is told without its password."""

import sys
from pathlib import Path

import pytest

from leadferry.project.database import BadDatabaseUrl, NoDriver, database

HOME = Path("home")


def test_an_address_names_user_password_host_port_and_database():
    told = database("postgresql://u:p%23%40%2F%5B@db.example:5433/lead%20s?sslmode=require", home=HOME)
    assert [told[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "u",
        "p#@/[",
        "db.example",
        "5433",
        "lead s",
    ]
    assert told["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    "url",
    [
        "postgres:///x",
        "postgresql://u:p@ss@db/x",
        "postgresql://[::1]:5432/x",
        "postgresql://db/?user=u@server",
    ],
)
def test_an_address_without_doubt_is_taken(url):
    assert database(url, home=HOME)["ENGINE"].endswith("postgresql")


def test_an_empty_address_means_the_embedded_file():
    assert database("", home=HOME)["NAME"] == HOME / "leadferry.db"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:sec#ret@db.example/x",
        "postgresql://u:12#ret@db.example/x",
        "postgresql://u:se[cret@db.example/x",
        "postgresql://u:se[cr]et@db.example/x",
        "postgresql://u:sec/ret@db.example/x",
        "postgresql://u:12/ret@db.example/x",
        "postgresql://u:12?ret@db.example/x",
        "postgresql://u:sec℀ret@db.example/x",
        "postgresql://u:secret@db.example:54x/x",
        "postgresql://u:secret@db.example:99999/x",
    ],
)
def test_a_malformed_address_is_refused_without_any_of_its_password(url):
    with pytest.raises(BadDatabaseUrl, match="percent-encoded") as refusal:
        database(url, home=HOME)
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__
    assert not any(part in str(refusal.value) for part in ("sec", "ret@", "cret", "db.example", "54x"))


def test_another_kind_of_database_is_refused():
    with pytest.raises(BadDatabaseUrl, match=r"must begin with postgresql://$"):
        database("mysql://u:secret@db/x", home=HOME)


def test_without_a_driver_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(NoDriver, match=r"pip install 'leadferry\[postgres\]'"):
        database("postgresql://u:p@db/x", home=HOME)
