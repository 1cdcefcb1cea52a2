"""The ground the tests stand on is the one they say."""

import threading

import httpx2
import psycopg
import pytest
from django.db import connection

from leadferry.contacts.models import Contact, Due, Site
from tests import environment, postgres


@pytest.mark.django_db(transaction=True)
def test_a_second_thread_sees_the_same_database(acme):
    seen = []

    def look() -> None:
        try:
            seen.extend(Site.objects.values_list("code", flat=True))
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["acme"]


def test_the_store_is_the_one_asked_for():
    assert connection.vendor == ("postgresql" if environment.DATABASE_URL else "sqlite")


@pytest.mark.postgres
def test_an_empty_postgresql_database_is_at_hand(postgres_url):
    with psycopg.connect(postgres_url) as database:
        tables = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_the_simulator_answers_over_a_socket(simulator_url):
    assert httpx2.get(f"{simulator_url}/services/data/").status_code == 200


@pytest.fixture
def no_postgres(monkeypatch):
    """A machine without PostgreSQL."""
    monkeypatch.delenv(postgres.VARIABLE, raising=False)
    monkeypatch.setattr(postgres, "LOCAL", "postgresql://postgres@127.0.0.1:1/postgres")
    monkeypatch.setattr(postgres, "BINARIES", "/nowhere/0/bin/pg_ctl")


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_tests_that_could_not_run_are_told_and_fail_only_in_ci(no_postgres, monkeypatch, capfd, ci, code):
    monkeypatch.setenv("CI", ci)
    assert postgres.main() == code
    assert "NOT RUN: tests on PostgreSQL, because no server answers" in capfd.readouterr().err


def test_a_test_that_touches_the_database_runs_on_both_stores(acme, request):
    assert request.node.get_closest_marker("store")


def test_a_test_that_does_not_runs_once(request):
    assert not request.node.get_closest_marker("store")


def test_the_cast_belongs_to_acme_alone(ada, bob, cy, globex):
    assert {contact.site.code for contact in (ada, bob, cy)} == {"acme"}
    assert Due.objects.count() == 3
    assert not Contact.objects.filter(site=globex).exists()
