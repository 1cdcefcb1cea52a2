"""An import that is killed, and imports at the same time: the contacts end up as if neither had been."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from leadferry.contacts.importing import Report, Rows, import_contacts
from leadferry.contacts.models import Contact, Due
from tests.conftest import NOW

CHILD = """
import django, sys
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.core.management import call_command
from leadferry.contacts.importing import import_contacts, open_source
from leadferry.contacts.models import Contact, Due, Site

call_command("migrate", verbosity=0)
site, _ = Site.objects.get_or_create(code="acme")
import_contacts(
    site,
    open_source(Path(sys.argv[1])),
    now=datetime(2026, 11, 23, 10, tzinfo=UTC),
    after_chunk=lambda ids: None,
    on_progress=lambda done: print(done, flush=True),
)
rows = Contact.objects.order_by("key").values_list("key", "city", "custom", "modified")
marks = Due.objects.order_by("contact__key").values_list("contact__key", "causes", "version")
print(hash(tuple(rows)), hash(tuple(marks)), rows.count(), flush=True)
"""
COUNT = 8_000


def start(home: Path, file: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "LEADFERRY_HOME": str(home),
        "LEADFERRY_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "leadferry.project.settings",
        "PYTHONHASHSEED": "0",
    }
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", CHILD, str(file)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_an_import_killed_on_the_way_and_repeated_ends_the_same(tmp_path) -> None:
    file = tmp_path / "c.csv"
    lines = (f"k{number},City {number},{number % 7}\n" for number in range(COUNT))
    file.write_text("key,city,mood\n" + "".join(lines), encoding="utf-8")
    victim = start(tmp_path / "killed", file)
    assert victim.stdout
    for _ in range(3):
        assert int(victim.stdout.readline()) < file.stat().st_size
    victim.kill()
    victim.communicate()
    repeated, _ = start(tmp_path / "killed", file).communicate(timeout=60)
    undisturbed, _ = start(tmp_path / "undisturbed", file).communicate(timeout=60)
    assert repeated.splitlines()[-1] == undisturbed.splitlines()[-1]
    assert undisturbed.splitlines()[-1].endswith(f" {COUNT}")


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_time_make_each_contact_once(acme) -> None:
    together = Barrier(2)
    records = [{"key": f"k{number}"} for number in range(2_500)]

    def take(order: int) -> Report:
        together.wait()
        try:
            return import_contacts(acme, Rows(records[::order]), now=NOW, after_chunk=lambda ids: None)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(take, (1, -1)))
    assert sum(report.created for report in reports) == 2_500
    assert sum(report.unchanged for report in reports) == 2_500
    assert Contact.objects.count() == Due.objects.count() == 2_500
