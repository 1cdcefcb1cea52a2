"""Cron expressions: what is wrong with one, and when it comes next."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError


def cron_fault(expression: str) -> str | None:
    """What is wrong with a cron expression, or None."""
    try:
        CronSim(expression, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        return str(error)
    return None


def cron_next(expression: str, after: datetime) -> datetime:
    """The first time after `after` that the expression names, in the zone of `after`.

    When the clocks are changed, a time of day that is left out is made up for at once, and one that comes
    twice is taken once, as Debian's cron does.
    """
    return next(CronSim(expression, after))
