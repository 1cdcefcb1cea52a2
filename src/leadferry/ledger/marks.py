"""Marks whole sites as due, in one statement each, when their settings change."""

from django.db import connection

from leadferry.contacts import due
from leadferry.contacts.models import Site
from leadferry.core.state import Cause, State
from leadferry.ledger.models import Link
from leadferry.ledger.settings import Replication
from leadferry.scoring.models import Score

# A fresh cause ends the wait for the next try, as in contacts.due; the score is ranked afterwards.
_MARK = """
ON CONFLICT (contact_id) DO UPDATE SET
    causes = contacts_due.causes | excluded.causes, version = contacts_due.version + 1, not_before = 0
"""

_LINKED = """
INSERT INTO contacts_due (contact_id, site_id, score, causes, version, not_before)
SELECT contact_id, site_id, 0, %s, 1, 0 FROM ledger_link WHERE site_id = %s AND state NOT IN (%s, %s)
    AND EXISTS (SELECT 1 FROM contacts_contact AS contact WHERE contact.id = contact_id)
"""

_WAITING = """
UPDATE contacts_due SET causes = causes | %s, version = version + 1, not_before = 0
WHERE site_id = %s
    AND NOT EXISTS (SELECT 1 FROM ledger_link AS link WHERE link.contact_id = contacts_due.contact_id)
"""

_EVERYONE = """
INSERT INTO contacts_due (contact_id, site_id, score, causes, version, not_before)
SELECT contact.id, contact.site_id, 0, %s, 1, 0 FROM contacts_contact AS contact
LEFT JOIN ledger_link AS link ON link.contact_id = contact.id
LEFT JOIN scoring_total AS total ON total.contact_id = contact.id AND total.score_id = %s
WHERE contact.site_id = %s AND COALESCE(link.state, 0) NOT IN (%s, %s, %s, %s)
    AND CASE WHEN COALESCE(link.lead_id, '') <> '' THEN %s
        ELSE (%s OR NOT contact.anonymous) AND COALESCE(total.points, 0) >= %s END
"""

_LOWEST = -(2**31)


def linked(site: Site, cause: Cause) -> int:
    """Mark the contacts of whose lead something is known, quarantine included; returns how many.

    Leads that no run touches any more stay out.
    """
    return _execute(_LINKED + _MARK, [int(cause), site.pk, State.CONVERTED, State.SUPPRESSED])


def suppressed(site: Site, cause: Cause) -> int:
    """Mark whose lead was deleted and not made again, as if there had been none; returns how many."""
    held_back = Link.objects.filter(site_id=site.pk, state=State.SUPPRESSED)
    # Who is merged stays so, and has no lead once split.
    held_back.filter(resumes=State.SUPPRESSED).update(resumes=State.NONE, lead_id="", fingerprint=None)
    gone = held_back.filter(resumes=None)
    ids = list(gone.values_list("contact_id", flat=True))
    due.mark(site.pk, sorted(ids), int(cause))
    gone.delete()
    return len(ids)


def waiting(site: Site, cause: Cause) -> int:
    """Mark anew who waits for a first lead; returns how many.

    A run may have them under way as they were to be until now, and must not take them off the list for that.
    """
    return _execute(_WAITING, [int(cause), site.pk])


def everyone(site: Site, cause: Cause, *, replication: Replication) -> int:
    """Mark who may have something to send under `replication`; returns how many.

    That is: without lead and qualified by it; or with a lead, if leads are kept updated. Held
    contacts stay out, because a setting releases nobody.
    """
    named = Score.objects.filter(site=site, name=replication.score).values_list("pk", flat=True).first()
    minimum = replication.minimum_score if replication.score else _LOWEST
    states = [State.BLOCKED, State.INVALID, State.CONVERTED, State.SUPPRESSED]
    qualifying = [replication.keep_updated, replication.include_anonymous, minimum]
    return _execute(_EVERYONE + _MARK, [int(cause), named or 0, site.pk, *states, *qualifying])


def _execute(statement: str, parameters: list[int | bool]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
