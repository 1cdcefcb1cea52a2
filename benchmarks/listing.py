"""How long a page of the list of contacts takes at 1,000,000 contacts: python -m benchmarks.listing [N].

Uses the database of the installation (LEADFERRY_HOME or LEADFERRY_DATABASE_URL), which should be empty.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection

from leadferry.project.boot import prepare

SITE = "bench"
FILL = """
INSERT INTO contacts_contact (site_id, key, {columns})
WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < %s)
SELECT %s, 'k' || (i * 7919 %% 1000003), {values} FROM n
"""
VALUES = {
    "first_name": "'First' || (i * 31 %% 4999)",
    "last_name": "'Name' || (i * 17 %% 99991)",
    "email": "'p' || (i * 104729 %% 1000003) || '@example.com'",
    "company": "'Company ' || (i %% 50000)",
    "business_phone": "'+420 ' || (i * 7 %% 999983)",
    "status": "CASE i %% 5 WHEN 0 THEN 'New' WHEN 1 THEN 'Warm' ELSE '' END",
    "owner": "CASE WHEN i %% 1000 = 0 THEN 'Rare Owner' ELSE '' END",
    "country": "'Country ' || (i %% 60)",
    "state": "CASE WHEN i %% 60 = 1 THEN 'State ' || (i %% 50) ELSE '' END",
    "city": "'City ' || (i %% 20011)",
    "anonymous": "(i %% 97 = 0)",
    "monitored": "(1 = 0)",
    "bounces": "0",
    "created": "{at}",
    "modified": "{at}",
    "custom": "''",
}
AT = {
    "sqlite": "datetime('2026-01-01', '+' || (i / 2) || ' seconds')",
    "postgresql": "timestamptz '2026-01-01' + (i / 2) * interval '1 second'",
}
LINKS = """
INSERT INTO ledger_link
(contact_id, site_id, state, lead_id, replicated_at, code, message, fields, tries, tried_in)
SELECT id, site_id,
CASE WHEN id %% 211 = 0 THEN 4 WHEN id %% 1009 = 0 THEN 3 WHEN id %% 5003 = 0 THEN 6 ELSE 1 END,
CASE WHEN id %% 211 = 0 THEN '' ELSE '00Q000000000001AAA' END, created, '', '', '', 0, 0
FROM contacts_contact WHERE id %% 3 = 0
"""
DUE = """
INSERT INTO contacts_due (contact_id, site_id, score, causes, version, not_before)
SELECT id, site_id, 0, 1, 1, 0 FROM contacts_contact WHERE id %% 7 = 0
"""
TOTALS = """
INSERT INTO scoring_total (score_id, contact_id, points)
SELECT %s, id, id %% 101 FROM contacts_contact WHERE id %% 2 = 0
"""


def fill(number: int) -> None:
    from leadferry.contacts.models import Contact, Site
    from leadferry.ledger.models import Settings
    from leadferry.scoring.models import Score

    site = Site.objects.create(code=SITE)
    score = Score.objects.create(site=site, name="engagement")
    Settings.objects.create(
        site=site, replication={"score": "engagement", "minimum_score": 50, "keep_updated": True}
    )
    other = {"id", "site_id", "key", "birthday", *VALUES}
    empty = [field.column for field in Contact._meta.fields if field.column not in other]
    values = {**VALUES, **dict.fromkeys(empty, "''")}
    at = AT[connection.vendor]
    written = {k: v.replace("{at}", at) for k, v in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            FILL.format(columns=", ".join(written), values=", ".join(written.values())), [number, site.pk]
        )
        cursor.execute(LINKS, [])
        cursor.execute(DUE, [])
        cursor.execute(TOTALS, [score.pk])
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def timed(label: str, run: Callable[[], Any]) -> float:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        found = run()
        took.append(time.perf_counter() - start)
    worst, best = max(took) * 1000, min(took) * 1000
    shown = f"{len(found.rows):3} rows, total {found.total}, complete {found.complete}"
    print(f"{label:60} first {took[0] * 1000:7.1f} ms  best {best:7.1f} ms  {shown}", flush=True)
    return worst


FILTERS: dict[str, dict[str, object]] = {
    "search": {"search": "k77"},
    "search, many": {"search": "p7"},
    "search, nobody": {"search": "zzz"},
    "name": {"name": "name77"},
    "name, two words": {"name": "first12 name77123"},
    "name, everybody": {"name": "n"},
    "email": {"email": "p12"},
    "status": {"status": "new"},
    "phone, one": {"phone": "999982"},
    "phone, nobody": {"phone": "none"},
    "owner": {"owner": "rare owner"},
    "country": {"country": "country 7"},
    "state": {"state": "state 1"},
    "city": {"city": "city 77"},
    "day": {"created_from": date(2026, 1, 3), "created_to": date(2026, 1, 3)},
    "days to come": {"created_from": date(2027, 1, 1)},
}


def main() -> None:
    prepare()
    from leadferry.contacts.models import Site
    from leadferry.engine.listing.pages import page
    from leadferry.engine.listing.sorting import ORDERS
    from leadferry.engine.listing.wanted import NOT_REPLICATED, REPLICATED, STATUSES, Wanted

    if not Site.objects.filter(code=SITE).exists():
        fill(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    site = Site.objects.get(code=SITE)
    worst: dict[str, float] = {}

    def measure(label: str, wanted: Wanted, order: str, after: str = "") -> None:
        worst[label] = timed(label, lambda: page(site, wanted, order=order, after=after))

    for order in ORDERS:
        measure(f"all, {order}", Wanted(), order)
        measure(f"all, {order}, page 2", Wanted(), order, page(site, Wanted(), order=order).next)
    kinds = {f"replication {each}": {"replication": each} for each in (*STATUSES, REPLICATED, NOT_REPLICATED)}
    for name, values in (FILTERS | kinds).items():
        for order in ("-created", "last_name", "key", "-score"):
            measure(f"{name}, {order}", Wanted(**values), order)
    pool = [pair for values in (FILTERS | kinds).values() for pair in values.items()]
    dice = random.Random(1)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 60):
        values = dict(dice.sample(pool, dice.randint(2, 4)))
        measure(f"mix {number}: {values}", Wanted(**values), dice.choice(list(ORDERS)))
    slow = sorted(worst.items(), key=lambda pair: -pair[1])[:8]
    print(connection.vendor, "slowest:", *(f"{name} {took:.0f} ms" for name, took in slow), sep="\n  ")


if __name__ == "__main__":
    main()
