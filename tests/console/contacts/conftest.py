"""Contacts of Acme in every state, and one of Globex."""

import pytest

from leadferry.contacts.models import Contact, Due, Site
from leadferry.ledger.models import Link, Settings
from tests.conftest import ADA, BOB, CY, NOW

MAPPED = {"enabled": True, "keep_updated": True}


@pytest.fixture
def crowd(acme: Site, globex: Site, given, with_tasks) -> dict[str, Contact]:
    """Ada is a lead, Bob is blocked, Cy waits; Dot of Globex is nobody's business here."""
    given(acme, ADA | {"company": "Analytical Ltd", "country": "England", "city": "London"})
    given(acme, BOB | {"status": "Warm"}, CY | {"mobile_phone": "+44 1791"})
    given(globex, {"key": "dot", "last_name": "Dotson", "email": "dot@example.com"})
    Settings.objects.create(site=acme, replication=MAPPED)
    people = {contact.key: contact for contact in Contact.objects.all()}
    Link.objects.create(
        contact=people["ada"], site_id=acme.pk, state=1, lead_id="00Qxx0000000001EAA", replicated_at=NOW
    )
    Link.objects.create(
        contact=people["bob"],
        site_id=acme.pk,
        state=4,
        refused_at=NOW,
        code="REQUIRED_FIELD_MISSING",
        message="Email is missing",
        fields="Email",
    )
    forget_marks(people["bob"])
    return people


def forget_marks(contact: Contact) -> None:
    """As after a run that looked at the contact."""

    Due.objects.filter(contact=contact).delete()
