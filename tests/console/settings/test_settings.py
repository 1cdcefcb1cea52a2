"""The settings page: inheritance, the checks of the file, and who may save."""

import pytest
from auditlog.models import LogEntry

from leadferry.console.people.models import Role
from leadferry.ledger import configuration
from leadferry.ledger.configuration.shape import ReplicationTable
from leadferry.ledger.models import Event, Settings
from leadferry.ledger.settings import effective

PAGE = "/site/acme/settings/"


@pytest.fixture
def admin(signed_in, acme):
    return signed_in(Role.ADMINISTRATOR, acme)


def post(client, code="acme", do="save", at=None, **fields):
    address = at or (f"/site/{code}/settings/" if code else "/all/settings/")
    base = fields.pop("base", None) or configuration.seen(code)
    return client.post(address, {"do": do, "base": base, **fields}, follow=True)


def text(response):
    return response.content.decode()


def test_every_setting_is_shown_with_the_value_that_it_inherits(admin):
    page = text(admin.get(PAGE))
    assert [name for name in ReplicationTable.model_fields if f'id="id-{name}"' not in page] == []
    assert '<output id="id-batch_size" class="lf-greyed">200</output>' in page


def test_an_administrator_overrides_a_setting_and_the_event_log_tells_who_did(admin, acme):
    assert "1 setting is changed" in text(post(admin, batch_size="50"))
    assert effective(acme).replication.batch_size == 50
    assert Event.objects.get(code="site.configured").user == "administrator0"
    assert LogEntry.objects.filter(content_type__model="settings", actor__username="administrator0").exists()


def test_overriding_begins_with_the_inherited_value(signed_in, acme):
    client = signed_in(Role.ADMINISTRATOR)
    post(client, "", batch_size="70")
    page = text(post(client, do="override batch_size"))
    assert 'name="batch_size" value="70"' in page and "otherwise 70 (all sites)" in page
    assert not Settings.objects.filter(site=acme).exists()


def test_what_is_inherited_again_follows_all_sites(signed_in, acme):
    client = signed_in(Role.ADMINISTRATOR)
    post(client, "", batch_size="70")
    post(client, batch_size="50")
    assert 'name="batch_size"' not in text(post(client, do="inherit batch_size", batch_size="50"))
    post(client)
    assert effective(acme).replication.batch_size == 70


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("batch_size", "0", "allowed: 1..1000"),
        ("batch_size", "ten", "allowed: 1..1000"),
        ("enabled", "perhaps", "allowed: true, false"),
        ("lead_description", "{{ contact.nme }}", "nme"),
        ("score", "nosuch", "is not a score of site acme"),
    ],
)
def test_what_the_file_refuses_is_refused_here_beside_its_field(admin, acme, key, value, said):
    page = text(post(admin, **{key: value}))
    assert "Nothing was saved" in page and said in page
    assert not Settings.objects.filter(site=acme).exists()


def test_the_effect_is_shown_before_saving(admin, acme, ada, cy):
    post(admin, include_anonymous="false")
    page = text(admin.post(f"{PAGE}effects/", {"enabled": "true"}))
    assert "site.acme.replication.enabled" in page
    assert "Contacts newly due" in page and "<dd>2</dd>" in page
    assert not effective(acme).replication.enabled


def test_without_scripts_the_effect_is_shown_by_the_page_itself(admin):
    assert "(not set) -&gt; 50" in text(post(admin, do="look", batch_size="50"))


def test_a_template_is_checked_while_it_is_typed(admin):
    at = f"{PAGE}template/"
    assert "can be used" in text(admin.post(at, {"lead_description": "{{ contact.last_name }}"}))
    assert "contact.lst" in text(admin.post(at, {"lead_description": "{{ contact.lst }}"}))


def test_settings_that_somebody_else_changed_meanwhile_are_not_overwritten(admin, acme):
    shown = configuration.seen("acme")
    post(admin, batch_size="50")
    assert "Somebody else has changed" in text(post(admin, base=shown, batch_size="60"))
    assert effective(acme).replication.batch_size == 50


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_others_read_and_cannot_save(signed_in, acme, role):
    client = signed_in(role, acme)
    page = text(client.get(PAGE))
    assert "Batch size" in page and ">Override<" not in page and 'value="save"' not in page
    assert post(client, batch_size="50").status_code == 403
    assert client.post(f"{PAGE}effects/", {}).status_code == 403


def test_the_administrator_of_one_site_changes_nothing_for_all(admin):
    assert admin.get("/all/settings/").status_code == 200
    assert post(admin, "", batch_size="50").status_code == 403


def test_another_sites_settings_look_as_if_they_did_not_exist(admin, globex):
    assert admin.get("/site/globex/settings/").status_code == 404
    assert post(admin, "globex", batch_size="50").status_code == 404


def test_a_form_from_elsewhere_is_refused(signed_in, acme):
    client = signed_in(Role.ADMINISTRATOR, acme, checks=True)
    assert client.post(PAGE, {"batch_size": "50"}).status_code == 403


def test_a_script_in_a_setting_is_shown_as_text(admin):
    page = text(post(admin, default_company="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page
