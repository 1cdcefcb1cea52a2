"""What a site knows of its organization: the describe, kept until an answer contradicts it."""

import pytest

from leadferry.ledger import organizations
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

ANSWER = {
    "name": "Lead",
    "label": "Lead",
    "fields": [
        {"name": "LastName", "type": "string", "length": 80, "nillable": False, "inlineHelpText": "?"}
    ],
}


def test_before_the_first_contact_nothing_is_known(acme):
    assert organizations.described(acme) is None
    assert organizations.last_described(acme) is None
    assert organizations.of(acme).org_id == ""


def test_a_kept_describe_is_what_the_answer_said(acme):
    kept = organizations.keep_describe(acme, ANSWER, at=NOW)
    assert organizations.described(acme) == kept
    assert kept.field("lastname").length == 80


def test_only_what_a_mapping_needs_is_kept(acme):
    organizations.keep_describe(acme, ANSWER, at=NOW)
    assert "inlineHelpText" not in organizations.of(acme).describe


def test_a_mistrusted_describe_is_read_anew_but_still_compared_with(acme):
    kept = organizations.keep_describe(acme, ANSWER, at=NOW)
    organizations.mistrust_describe(acme)
    assert organizations.described(acme) is None
    assert organizations.last_described(acme) == kept


def test_sites_know_their_own_organization(acme, globex):
    organizations.keep_describe(acme, ANSWER, at=NOW)
    assert organizations.described(globex) is None
