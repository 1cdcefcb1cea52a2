"""Invents contacts and what they did: the same ones every time, whatever their number."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from leadferry.console.demo.names import (
    BLOG,
    CITIES,
    COMPANIES,
    FIRST_NAMES,
    FORM,
    JOBS,
    LAST_NAMES,
    LONGEST_CITY,
    MAIL_HOSTS,
    PAGES,
    PRICES,
    TEMPERATURES,
)
from leadferry.console.demo.organization import RIVAL

CONTACT = "key first_name last_name job_title company email business_phone city country temperature".split()
ACTIVITY = "key type time url".split()
Row = Mapping[str, str]

CAST: Mapping[str, Mapping[str, str]] = {
    "ada": {"first_name": "Ada", "last_name": "Archer"},
    "bob": {"first_name": "Bob", "last_name": "Brook", "email": ""},
    "cy": {"first_name": "Cy", "last_name": "Calder", "job_title": "Student"},
    "dora": {"first_name": "Dora", "last_name": ""},
    "eli": {"first_name": "Eli", "last_name": "Eaves", "email": "eli at post.example"},
    "fay": {"first_name": "Fay", "last_name": "Ford", "city": LONGEST_CITY},
    "gus": {"first_name": "Gus", "last_name": "Grove", "company": RIVAL},
    "hal": {"first_name": "Hal", "last_name": "Hart"},
}
"""Acme's people with a part in the story. Ada qualifies, Bob has no e-mail, Cy scores too low.

Dora has no last name, Eli no valid e-mail address, Fay a city too long for Salesforce; Gus works for a
rival, and Hal's record is locked.
"""
IDLE = frozenset({"cy"})

_FLAWS: Sequence[tuple[float, Row]] = (
    (0.010, {"last_name": ""}),
    (0.022, {"email": "no address given"}),
    (0.028, {"city": LONGEST_CITY}),
    (0.045, {"company": RIVAL}),
    (0.085, {"first_name": "", "last_name": "", "email": "", "job_title": "", "company": ""}),
)
"""What is odd about some of the others, by shares that add up; the last ones are anonymous visitors."""
_DAYS = 50


def player(key: str) -> Row:
    """One of the cast."""
    anybody = _anybody(Random(key), key)  # noqa: S311 - invention, not a secret
    return {**anybody, "job_title": "Marketing Director", "company": "Delta Works", **CAST[key]}


def contacts(number: int, *, prefix: str, cast: Collection[str] = ()) -> Iterator[Row]:
    """`number` contacts of a site, the `cast` first; keys of the others begin with `prefix`."""
    yield from map(player, cast)
    chance = Random(f"contacts {prefix}")  # noqa: S311 - as above
    for count in range(1, number - len(cast) + 1):
        person = _anybody(chance, f"{prefix}{count:05}")
        yield {**person, **_flaw(chance.random())}


def activities(people: Iterable[Row], *, seed: str, now: datetime) -> Iterator[Row]:
    """What each of them did in the weeks before `now`."""
    chance = Random(f"activities {seed}")  # noqa: S311 - as above
    for person in people:
        for kind, url in _visits(chance, person["key"]):
            at = now - timedelta(minutes=chance.randrange(1, _DAYS * 24 * 60))
            yield {"key": person["key"], "type": kind, "time": at.isoformat(timespec="seconds"), "url": url}


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """A CSV file as a website would export it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _anybody(chance: Random, key: str) -> dict[str, str]:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    city, country = chance.choice(CITIES)
    return {
        "key": key,
        "first_name": first,
        "last_name": last,
        "job_title": chance.choice(JOBS),
        "company": chance.choice(COMPANIES),
        "email": f"{key}@{chance.choice(MAIL_HOSTS)}",
        "business_phone": f"+1 555 01{chance.randrange(100):02}",
        "city": city,
        "country": country,
        "temperature": chance.choice(TEMPERATURES),
    }


def _flaw(share: float) -> Row:
    return next((flaw for limit, flaw in _FLAWS if share < limit), {})


def _visits(chance: Random, key: str) -> Iterator[tuple[str, str]]:
    if key in CAST:
        yield from _KEEN if key not in IDLE else _KEEN[:1]
        return
    interest = chance.choice((0, 1, 3, 6, 10, 15))
    for _ in range(chance.randint(0, interest)):
        yield "page_visit", chance.choice(PAGES)
    if chance.random() < interest / 15:
        yield "form_submission", FORM


_KEEN = (("page_visit", BLOG), ("page_visit", PRICES), ("page_visit", PRICES), ("form_submission", FORM))
