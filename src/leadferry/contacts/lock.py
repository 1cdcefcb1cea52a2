"""Writers of one site's contacts and points take turns; sites never wait for each other."""

from django.db import connection

from leadferry.contacts.models import Site


def hold(site_id: int) -> None:
    """Hold the site until the transaction ends; raises `Site.DoesNotExist`.

    Without it two imports could both insert one key, and a recalculation could overwrite the points of a
    contact with what it saw before another transaction's change. On SQLite every writing transaction
    waits for the others anyway.
    """
    Site.objects.select_for_update(no_key=True).only("pk").get(pk=site_id)


def take_turn(site_id: int) -> None:
    """As `hold`, by who knows that the site is there, and at no cost on SQLite.

    Whoever writes due marks without it locks them in another order than an import does: on PostgreSQL the two
    end in a deadlock.
    """
    if connection.features.has_select_for_update:
        hold(site_id)
