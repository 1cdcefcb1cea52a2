"""The ground the tests stand on is the one they say."""

import threading

import psycopg
import pytest
from django.db import connection

from leadferry.contacts.models import Site
from tests import environment


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
    import httpx2

    assert httpx2.get(f"{simulator_url}/services/data/").status_code == 200
