"""One scope edited by a person: the checks, changes and effects of a file."""

import pytest

from leadferry.contacts.models import Site
from leadferry.ledger import configuration
from leadferry.ledger.configuration import ConfigurationError, Overtaken
from leadferry.ledger.models import Event, Settings
from leadferry.ledger.settings import effective
from tests.conftest import NOW


def edit(code, *, base=None, **replication):
    base = configuration.seen(code) if base is None else base
    return configuration.edit(code, {"replication": replication}, base=base, now=NOW, user="ada")


def test_an_edit_is_saved_and_told_with_the_name_of_the_person(acme):
    edit("acme", batch_size=50)
    assert effective(acme).replication.batch_size == 50
    event = Event.objects.get(code="site.configured")
    assert (event.user, event.description) == ("ada", "Changed: replication.batch_size")


def test_a_key_left_out_is_inherited_again(acme):
    edit("", batch_size=70)
    edit("acme", batch_size=50, keep_updated=True)
    edit("acme", keep_updated=True)
    assert effective(acme).replication.batch_size == 70


def test_an_edit_of_the_default_reaches_every_site(acme, globex):
    edit("", keep_updated=True)
    assert [effective(site).replication.keep_updated for site in (acme, globex)] == [True, True]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("batch_size", 0, "0 is out of range; allowed: 1..1000"),
        ("batch_size", "many", '"many" is of the wrong type; allowed: 1..1000'),
        ("score", "nosuch", '"nosuch" is not a score of site acme'),
        ("lead_description", "{{ contact.nme }}", "nme"),
        ("default_company", "env:HOME", "does not begin with env:"),
        ("default_company", "a\x00b", "without control characters"),
    ],
)
def test_an_edit_is_checked_like_a_file(acme, key, value, said):
    with pytest.raises(ConfigurationError) as refused:
        edit("acme", **{key: value})
    assert refused.value.problems[0].path == f"site.acme.replication.{key}"
    assert said in refused.value.problems[0].message
    assert not Settings.objects.exists()


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(acme):
    shown = configuration.seen("acme")
    edit("acme", batch_size=50)
    with pytest.raises(Overtaken):
        edit("acme", base=shown, batch_size=60)
    assert effective(acme).replication.batch_size == 50


def test_a_proposal_changes_nothing(acme):
    proposal = configuration.propose("acme", {"replication": {"batch_size": 50}})
    assert [str(change) for change in proposal.changes.changes] == [
        "site.acme.replication.batch_size: (not set) -> 50"
    ]
    [(code, old, new)] = proposal.sites
    assert (code, old.replication.batch_size, new.replication.batch_size) == ("acme", 200, 50)
    assert not Settings.objects.exists()


def test_tables_that_are_not_given_stay_as_they_are(acme):
    configuration.edit(
        "acme", {"mapping": {"LastName": "last_name"}}, base=configuration.seen("acme"), now=NOW, user="ada"
    )
    edit("acme", batch_size=50)
    assert Settings.objects.get(site=acme).mapping == {"LastName": "last_name"}
    assert Site.objects.get(code="acme").display_name == "Acme"
