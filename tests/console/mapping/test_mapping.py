"""The mapping editor: rows, warnings, what blocks, the preview, and what the organization is asked."""

import pytest

from leadferry.console.people.models import Role
from leadferry.contacts.models import Contact
from leadferry.ledger import configuration, organizations
from leadferry.ledger.models import Event, Settings
from leadferry.ledger.settings import effective

PAGE = "/site/acme/mapping/"


@pytest.fixture
def admin(signed_in, mapped):
    return signed_in(Role.ADMINISTRATOR, mapped)


@pytest.fixture
def people(mapped, given):
    given(mapped, {"key": "ada", "last_name": "Lovelace", "company": "Engines", "custom.tier": "gold"})
    given(mapped, {"key": "mal", "last_name": "<script>alert(1)</script>", "email": "no address"})
    return mapped


def form(do="save", *, key="LeadferryId__c", contact="", base=None, **rows):
    """The form as a browser posts it; a row is its source, or (source, text, values, overflow)."""
    rows = {"LastName": "field:last_name", "Company": "field:company", "Email": "field:email"} | rows
    fields = {"do": do, "external_id_field": key, "contact": contact, "target": list(rows)}
    fields["base"] = base or configuration.seen("acme")
    for name, row in rows.items():
        parts = (row,) if isinstance(row, str) else row
        fields |= {f"{part}-{name}": each for part, each in zip(PARTS, parts, strict=False)}
    return fields


PARTS = ("source", "text", "values", "overflow")


def post(client, at=PAGE, **options):
    return client.post(at, form(**options), follow=True)


def text(response):
    return response.content.decode()


def stored():
    return Settings.objects.get(site__code="acme").mapping


def test_required_fields_come_first_and_the_others_may_be_added(admin):
    page = text(admin.get(PAGE))
    assert page.index('value="Company"') < page.index('name="target" value="Email"')
    assert '<option value="Fax">' in page


def test_a_field_offers_contact_fields_of_its_type_first_and_its_picklist_entries(admin):
    page = text(post(admin, do="add", LeadSource="", AnnualRevenue=""))
    revenue = page[page.index('id="source-AnnualRevenue"') :]
    assert revenue.index("field:bounces") < revenue.index("of another type") < revenue.index("field:city")
    assert '<option value="value:Web">Web</option>' in page


@pytest.mark.parametrize(
    ("row", "source"),
    [
        ("field:fax", "fax"),
        ("field:custom.tier", "custom.tier"),
        (("custom", "tier"), "custom.tier"),
        ("special:score", {"special": "score"}),
        (("constant", "Mr"), {"value": "Mr"}),
        (("template", "{{ contact.job_title | upper }}"), {"template": "{{ contact.job_title | upper }}"}),
        (("field:fax", "", "a => b\n* => c"), {"field": "fax", "values": {"a": "b", "*": "c"}}),
        (("field:fax", "", "", "truncate"), {"field": "fax", "overflow": "truncate"}),
    ],
)
def test_every_kind_of_source_is_saved_as_in_the_file_and_shown_again(admin, row, source):
    assert "The mapping was saved" in text(post(admin, Title=row))
    assert stored()["Title"] == source
    before = stored()
    assert "Nothing was to be changed" in text(post(admin, Title=row))
    assert stored() == before


def test_a_picklist_entry_is_saved_as_a_constant(admin):
    post(admin, LeadSource="value:Web")
    assert stored()["LeadSource"] == {"value": "Web"}
    assert '<option value="value:Web" selected>' in text(admin.get(PAGE))


def test_a_constant_keeps_its_type(admin, mapped):
    table = {**stored(), "AnnualRevenue": {"value": 1000}}
    configuration.edit(
        "acme",
        {"mapping": table},
        base=configuration.seen("acme"),
        now=organizations.of(mapped).described_at,
        user="",
    )
    post(admin, AnnualRevenue=("constant", "1000"), Title="field:job_title")
    assert stored()["AnnualRevenue"] == {"value": 1000} and stored()["Title"] == "job_title"


def test_a_row_that_is_not_sent_is_taken_out(admin):
    post(admin, Email="")
    assert "Email" not in stored()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"LastName": ""}, "Salesforce requires this field, and it has no source."),
        ({"key": "Nosuch__c"}, "External ID: The organization has no such field"),
        ({"key": "Email"}, "The field cannot be the external ID."),
        ({"Title": ("template", "{{ contact.nme }}")}, "nme"),
        ({"Title": ("constant", "")}, "a value that is not empty"),
        ({"Title": ("custom", "not!a name")}, "Cannot be saved:"),
        ({"Nosuch": "field:fax"}, "The organization has no such field"),
    ],
)
def test_what_the_organization_cannot_take_is_not_saved(admin, change, said):
    before = stored()
    page = text(post(admin, **change))
    assert "Nothing was saved" in page and said in page
    assert stored() == before


def test_a_warning_stands_beside_its_row_and_does_not_keep_from_saving(admin, people):
    assert "the source may be empty" in text(admin.get(PAGE))
    assert "The mapping was saved" in text(post(admin, Title="field:job_title"))


def test_the_preview_shows_a_contact_of_choice_with_what_is_wrong(admin, people):
    page = text(admin.get(PAGE, {"contact": "ada"}))
    assert "Lovelace (ada)" in page.replace("</strong>", "").replace("<strong>", "")
    seen = text(
        post(admin, f"{PAGE}preview/", contact="mal", Title=("template", "{{ contact.last_name | upper }}"))
    )
    assert "invalid email address: no address" in seen
    assert "&lt;SCRIPT&gt;ALERT(1)" in seen and "<SCRIPT>" not in seen
    assert "no contact with the key nobody" in text(admin.get(PAGE, {"contact": "nobody"}))


def test_a_faulty_template_does_not_hide_the_other_values(admin, people):
    seen = text(post(admin, f"{PAGE}preview/", contact="ada", Title=("template", "{{ contact.nme }}")))
    assert "nme" in seen and "Lovelace" in seen


def test_the_effect_is_part_of_the_preview(admin, people):
    seen = text(post(admin, f"{PAGE}preview/", Title="field:job_title"))
    assert "site.acme.mapping.Title: (not set) -&gt; &quot;job_title&quot;" in seen


def test_a_site_inherits_again(admin, mapped):
    assert "The mapping was saved" in text(post(admin, do="inherit"))
    assert stored() == {} and "MobilePhone" in effective(mapped).mapping


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_not_saved(admin):
    base = configuration.seen("acme")
    post(admin, Title="field:job_title")
    assert "Somebody else has changed" in text(post(admin, base=base, Fax="field:fax"))
    assert "Fax" not in stored()


def test_the_organization_is_read_again(admin, mapped):
    organizations.mistrust_describe(mapped)
    assert "The organization was read again" in text(admin.post(f"{PAGE}read/", follow=True))
    assert organizations.described(mapped) is not None


def test_fields_that_cannot_hold_the_key_are_shown_with_the_reason(admin):
    page = text(admin.get(PAGE))
    assert "It is not marked as an external ID." in page and "more are not text fields" in page


def test_the_key_field_is_created_with_one_click_and_can_be_chosen(admin, mapped):
    page = text(post(admin, do="look", key="Ferry__c"))
    assert "Create Ferry__c in the organization" in page
    created = text(admin.post(f"{PAGE}key/", {"name": "Ferry__c"}, follow=True))
    assert "Ferry__c was created" in created and '<option value="Ferry__c">' in created
    assert Event.objects.get(code="field.created").user == "administrator0"
    assert "The mapping was saved" in text(post(admin, key="Ferry__c"))
    assert effective(mapped).replication.external_id_field == "Ferry__c"


def test_an_organization_that_does_not_answer_is_told(admin, mapped, org):
    org.faults.add("status_503", times=None)
    page = text(admin.post(f"{PAGE}key/", {"name": "Ferry__c"}, follow=True))
    assert "was created" not in page and "503" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_others_read_and_change_nothing(signed_in, people, role):
    client = signed_in(role, people)
    page = text(client.get(PAGE))
    assert "<fieldset disabled>" in page and "Read the organization again" not in page
    assert post(client, Title="field:job_title").status_code == 403
    assert [client.post(PAGE + at).status_code for at in ("read/", "key/")] == [403, 403]
    assert "Lovelace" in text(post(client, f"{PAGE}preview/", contact="ada"))


def test_another_sites_mapping_looks_as_if_it_did_not_exist(admin, globex):
    addresses = ["", "preview/", "read/", "key/"]
    assert {admin.post(f"/site/globex/mapping/{at}").status_code for at in addresses} == {404}


def test_a_form_from_elsewhere_is_refused(signed_in, mapped):
    client = signed_in(Role.ADMINISTRATOR, mapped, checks=True)
    assert client.post(PAGE, form()).status_code == 403


def test_another_sites_contact_is_not_shown(admin, globex, given):
    given(globex, {"key": "eve", "last_name": "Spy"})
    assert Contact.objects.filter(key="eve").exists()
    page = text(admin.get(PAGE, {"contact": "eve"}))
    assert "Spy" not in page and "no contact with the key eve" in page
