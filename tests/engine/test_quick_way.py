"""The quick way to a lead, on which the database writes what is copied, gives what the exact way gives."""

import json
from dataclasses import replace

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadferry.contacts.models import Contact, Due, Site
from leadferry.core.contact import clean
from leadferry.core.lead import fingerprint
from leadferry.core.mapping import DEFAULT_MAPPING, parse_mapping
from leadferry.core.outcome import Invalid
from leadferry.core.qualify import Threshold
from leadferry.core.shortcut import MOST_IN_STRETCH
from leadferry.engine.orders import Order
from leadferry.engine.survey import Looks, selection, surveyed
from leadferry.engine.wire_rows import quick_serializer, serializer
from leadferry.ledger.storage import due
from leadferry.ledger.storage.rows import contact_columns
from tests.conftest import NOW
from tests.core.org import ADA, KEY, LEAD, compiled, field

pytestmark = pytest.mark.django_db

EVERY_KIND = {
    "LastName": "last_name",
    "Company": {"special": "company"},
    "FirstName": {"field": "first_name", "overflow": "truncate"},
    "Email": "email",
    "Title": {"template": "{contact[job_title]} {score}"},
    "City": "city",
    "Phone": "city",
    "LeadSource": {"value": "Web"},
    "DoNotCall": {"value": True},
    "Status": "status",
    "Tier__c": "campaign",
    "CountryCode": {"special": "country"},
    "AnnualRevenue": {"special": "score"},
    "NumberOfEmployees": "custom.staff",
    "Description": {"field": "owner", "values": {"ada": "Ada", "*": "Other"}},
}
NOTHING_COPIED = {"LastName": {"template": "{contact[last_name]}"}, "AnnualRevenue": {"value": 1e16}}

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_TEXT = st.one_of(
    st.text(_CHARACTERS, max_size=90),
    st.sampled_from(
        ['"', "\\", "\x7f\x1f\n\t\r\b\f\x01", '"LastName":null', ',"City":null', "\u2028", "😀" * 41]
    ),
)
_CONTACT = st.fixed_dictionaries(
    {},
    optional={
        "last_name": _TEXT,
        "first_name": _TEXT,
        "company": _TEXT,
        "email": st.one_of(st.emails(), _TEXT),
        "job_title": _TEXT,
        "city": _TEXT,
        "status": _TEXT,
        "campaign": st.one_of(st.sampled_from(["gold", "silver"]), _TEXT),
        "country": st.one_of(st.just("czechia"), _TEXT),
        "owner": _TEXT,
        "notes": _TEXT,
        "zip": _TEXT,
        "custom": st.sampled_from(["", '{"staff": 7}', '{"staff": "many"}']),
    },
)


@pytest.fixture
def acme_site(db):
    return Site.objects.create(code="acme")


def _order(site, raw=None):
    return Order(
        site=site,
        mapping=compiled(parse_mapping(raw) if raw else DEFAULT_MAPPING),
        threshold=Threshold(),
        keep_updated=True,
        external_id_field=KEY,
        batch_size=200,
    )


def _stored(site, contacts):
    """These contacts in the database, all due."""
    for number, known in enumerate(contacts):
        values = {name: value if name == "custom" else clean(name, value) for name, value in known.items()}
        made = Contact.objects.create(site=site, key=f"{number}", created=NOW, modified=NOW, **values)
        Due.objects.create(contact=made, site_id=site.pk, causes=1)


def _rows(site, selected):
    return [row for page in due.pages(site.pk, selected, now=0, size=100) for row in page]


@pytest.mark.parametrize("raw", [None, EVERY_KIND, NOTHING_COPIED], ids=["default", "every kind", "none"])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(contacts=st.lists(_CONTACT, min_size=1, max_size=8))
def test_both_ways_give_the_same_bytes(acme_site, raw, contacts):
    Contact.objects.all().delete()
    Due.objects.all().delete()
    _stored(acme_site, contacts)
    order = _order(acme_site, raw)
    quick, serialize = quick_serializer(order, order.mapping.shortcut), serializer(order)
    leads = quick(_rows(acme_site, selection(order)))
    for whole in _rows(acme_site, contact_columns(order.mapping.columns)):
        lead, fields = leads.get(whole[due.CONTACT]), order.mapping.apply(whole, 0)
        if lead is not None:
            assert not isinstance(fields, Invalid)
            assert lead == serialize(whole[due.KEY], fields, False)
            filled = {name: value for name, value in fields.items() if value is not None}
            assert lead[1] == fingerprint(orjson.dumps(filled))


@pytest.mark.parametrize("raw", [None, EVERY_KIND])
def test_a_contact_that_passes_goes_the_quick_way(acme_site, raw):
    _stored(acme_site, [ADA])
    order = _order(acme_site, raw)
    assert quick_serializer(order, order.mapping.shortcut)(_rows(acme_site, selection(order)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_name": ""},
        {"first_name": "x" * 41},
        {"email": "nobody"},
        {"campaign": "bronze"},
        {"custom": '{"staff": "many"}'},
    ],
)
def test_a_contact_that_may_not_pass_needs_an_exact_look(acme_site, wrong):
    _stored(acme_site, [ADA | wrong])
    order = _order(acme_site, EVERY_KIND)
    assert not quick_serializer(order, order.mapping.shortcut)(_rows(acme_site, selection(order)))


def test_who_needs_an_exact_look_keeps_the_place_in_the_line(acme_site):
    _stored(acme_site, [ADA, ADA | {"first_name": "x" * 41}, ADA])
    order = _order(acme_site, EVERY_KIND)
    changes = surveyed(_rows(acme_site, selection(order)), order, Looks())
    assert [change.key for change in changes] == ["0", "1", "2"]
    assert json.loads(changes[1].row)["FirstName"] == "x" * 40


def test_a_contact_that_went_away_before_the_exact_look_is_left_alone(acme_site):
    _stored(acme_site, [ADA | {"first_name": "x" * 41}])
    order, looks = _order(acme_site), Looks()
    page = _rows(acme_site, selection(order))
    Contact.objects.all().delete()
    assert surveyed(page, order, looks) == []
    assert looks == Looks()


def test_a_mapping_that_differs_for_updates_is_looked_at_exactly(acme_site):
    order = _order(
        acme_site, {"LastName": "last_name", "Company": "company", "IsConverted": {"value": False}}
    )
    _stored(acme_site, [ADA])
    assert order.mapping.shortcut is None
    [change] = surveyed(_rows(acme_site, selection(order)), order, Looks())
    assert json.loads(change.row)["IsConverted"] is False


@pytest.mark.parametrize(
    "names",
    [[f"Text{number:03}__c" for number in range(MOST_IN_STRETCH + 5)], ["N" * 70 + "__c"], ["stretch"]],
    ids=["more than a function takes", "longer than a name in PostgreSQL", "a name of the statement's own"],
)
def test_any_field_of_an_organization_can_be_copied_into(acme_site, names):
    describe = type(LEAD)(fields={**LEAD.fields, **{name.lower(): field(name, length=255) for name in names}})
    raw = {"LastName": "last_name", "Company": "company"} | dict.fromkeys(names, "city")
    order = replace(_order(acme_site), mapping=compiled(parse_mapping(raw), describe=describe))
    _stored(acme_site, [ADA])
    [change] = surveyed(_rows(acme_site, selection(order)), order, Looks())
    assert [name for name, value in json.loads(change.row).items() if value == "London"] == names


def test_a_mapping_that_gives_nothing_makes_a_lead_of_its_key(acme_site):
    order = _order(acme_site, {KEY: "email"})
    _stored(acme_site, [ADA])
    [change] = surveyed(_rows(acme_site, selection(order)), order, Looks())
    assert json.loads(change.row).keys() == {"attributes", KEY}
