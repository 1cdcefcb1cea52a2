"""What a run would do: looked at, mapped and checked like a run, but nothing sent and nothing recorded."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice

from leadferry.contacts.models import Site
from leadferry.core.mapping import parse_mapping
from leadferry.engine.orders import order
from leadferry.engine.survey import Looks, survey
from leadferry.ledger import organizations
from leadferry.ledger.models import Run
from leadferry.ledger.runs import PARTIAL, SUCCEEDED
from leadferry.ledger.settings import effective
from leadferry.scoring.recalculation import expire


def dry_run(site: Site, *, clock: Callable[[], datetime], limit: int | None = None) -> Run:
    """The run as it would go if Salesforce took everything; not stored, and it costs no call.

    Values are checked against the kept describe; without one, only what needs none is checked. Points are
    brought up to date first, as by a run.
    """
    settings, looks, now = effective(site), Looks(), clock()
    expire(site, now=now)
    wanted = order(site, settings, parse_mapping(settings.mapping), organizations.described(site))
    run = Run(site=site, status=SUCCEEDED, started_at=now)

    def count() -> None:
        _, invalid = looks.taken()
        run.invalid += len(invalid)

    sent = 0
    changes = survey(wanted, looks, now=int(now.timestamp()), settle=count)
    for change in islice(changes, limit):
        sent += 1
        run.updated += change.known
    count()
    run.created = sent - run.updated
    run.batches = -(-sent // wanted.batch_size)
    eligible, run.unchanged = looks.counted()
    run.eligible = eligible + sent
    run.status = PARTIAL if run.invalid else SUCCEEDED
    calls = f"{run.batches} API call{'s' if run.batches != 1 else ''}"
    run.message = (
        f"{run.created} leads would be created and {run.updated} updated in {calls}; nothing was sent."
    )
    return run
