"""What a change of settings sets in motion, and whom it leaves alone."""

import pytest

from leadferry.contacts.models import Contact, Due, Site
from leadferry.core.state import Cause, State
from leadferry.ledger.models import Link
from leadferry.scoring.models import Total
from tests.conftest import NOW
from tests.ledger.configuration.example import ACME

TITLES = {"ada": "Director", "bob": "Director of Sales", "cy": "Clerk", "dora": "Director"}


@pytest.fixture
def acme(applied) -> Site:
    """Ada has a lead, Bob is held back, Cy scores too low, Dora qualifies and is anonymous."""
    applied(ACME.replace("minimum_score = 50", "minimum_score = 20"))
    acme = Site.objects.get()
    for key, title in TITLES.items():
        Contact.objects.create(
            site=acme, key=key, job_title=title, anonymous=key == "dora", created=NOW, modified=NOW
        )
    Link.objects.create(contact=person("ada"), site_id=acme.pk, state=State.REPLICATED, lead_id="00Q1")
    Link.objects.create(contact=person("bob"), site_id=acme.pk, state=State.BLOCKED)
    return acme


def person(key: str) -> Contact:
    return Contact.objects.get(key=key)


def due() -> dict[str, Cause]:
    """The causes for which each contact is due since the last call."""
    found = {mark.contact.key: Cause(mark.causes) for mark in Due.objects.select_related("contact")}
    Due.objects.all().delete()
    return found


def edited(*edits: tuple[str, str]) -> str:
    text = ACME.replace("minimum_score = 50", "minimum_score = 20")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def calculated(acme, applied) -> Site:
    """The points are worked out: 30 for directors."""
    applied(edited(("points = 20", "points = 30")))
    due()
    return acme


def test_changed_rules_are_calculated_at_once(acme, applied):
    applied(edited(("points = 20", "points = 30")))
    assert dict(Total.objects.values_list("contact__key", "points")) == {"ada": 30, "bob": 30, "dora": 30}
    assert due() == {"ada": Cause.SCORE, "bob": Cause.SCORE, "dora": Cause.SCORE}


@pytest.mark.parametrize(
    "edit",
    [
        ('Company = "company"', 'Company = "company"\nTitle = "job_title"'),
        ("enabled = true", 'enabled = true\ndefault_company = "Nobody Ltd"'),
        ("enabled = true", 'enabled = true\nlead_description = "{{ contact.city }}"'),
        ("enabled = true", 'enabled = true\nexternal_id_field = "Other__c"'),
    ],
)
def test_what_shapes_leads_marks_those_of_whom_something_is_known(calculated, applied, edit):
    applied(edited(("points = 20", "points = 30"), edit))
    assert due() == {"ada": Cause.MAPPING, "bob": Cause.MAPPING}


def test_leads_that_no_run_touches_any_more_are_left_alone(calculated, applied):
    Link.objects.filter(contact=person("ada")).update(state=State.CONVERTED)
    applied(edited(("points = 20", "points = 30"), ('Company = "company"', "")))
    assert due() == {"bob": Cause.MAPPING}


def test_the_display_name_matters_where_a_template_shows_it(calculated, applied):
    points = ("points = 20", "points = 30")
    renamed = ('display_name = "Acme"', 'display_name = "Acme Ltd"')
    applied(edited(points, renamed))
    assert due() == {}
    shown = ('Company = "company"', 'Company = { template = "{{ site.display_name }}" }')
    applied(edited(points, renamed, shown))
    due()
    applied(edited(points, shown))
    assert due() == {"ada": Cause.MAPPING, "bob": Cause.MAPPING}


def test_a_lower_minimum_marks_who_qualifies_by_it_and_releases_nobody(calculated, applied):
    points = ("points = 20", "points = 30")
    applied(edited(points, ("minimum_score = 20", "minimum_score = 0")))
    assert due() == {"cy": Cause.SETTINGS}


def test_including_anonymous_contacts_marks_those_that_qualify(calculated, applied):
    points = ("points = 20", "points = 30")
    applied(edited(points, ("enabled = true", "enabled = true\ninclude_anonymous = true")))
    assert due() == {"dora": Cause.SETTINGS}


def test_keeping_leads_updated_marks_the_leads_there_are(calculated, applied):
    points = ("points = 20", "points = 30")
    applied(edited(points, ("enabled = true", "enabled = true\nkeep_updated = true")))
    assert due() == {"ada": Cause.SETTINGS}


def test_without_a_score_everybody_qualifies(calculated, applied):
    text = edited(("points = 20", "points = 30"), ('score = "engagement"\nminimum_score = 20', ""))
    applied(text)
    assert due() == {"cy": Cause.SETTINGS}
    assert Site.objects.get().ranked_by == ""


def test_due_contacts_are_ranked_by_their_points(calculated, applied):
    applied(edited(("points = 20", "points = 30"), ('Company = "company"', "")))
    assert dict(Due.objects.values_list("contact__key", "score")) == {"ada": 30, "bob": 30}


def test_a_mark_adds_its_cause_and_ends_the_wait_for_the_next_try(calculated, applied):
    Due.objects.create(
        contact=person("ada"), site_id=calculated.pk, causes=Cause.CONTACT, version=4, not_before=9
    )
    applied(edited(("points = 20", "points = 30"), ('Company = "company"', "")))
    mark = Due.objects.get(contact=person("ada"))
    assert (mark.causes, mark.version, mark.not_before) == (Cause.CONTACT | Cause.MAPPING, 5, 0)


def test_another_site_notices_nothing(calculated, applied):
    applied("[site.globex.mapping]\nLastName = 'last_name'\n[site.globex.replication]\nkeep_updated = true")
    assert due() == {}


def test_a_default_reaches_the_sites_that_inherit_it(calculated, applied):
    applied('[default.replication]\ndefault_company = "Nobody Ltd"')
    assert due() == {"ada": Cause.MAPPING, "bob": Cause.MAPPING}
    applied("[default.mapping]\nLastName = 'last_name'")
    assert due() == {}


def test_what_neither_shapes_nor_qualifies_marks_nobody(calculated, applied):
    points = ("points = 20", "points = 30")
    applied(edited(points, ("batch_size = 100", "batch_size = 50"), ('every = "15m"', 'every = "1h"')))
    assert due() == {}
