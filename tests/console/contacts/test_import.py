"""Contacts from a file handed over in the console."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leadferry.console.people.models import Role
from leadferry.console.web.contacts import uploads
from leadferry.contacts.models import Contact, Due
from leadferry.ledger.models import Event

IMPORT = "/site/acme/contacts/import/"
TEXT = "key,last_name,birthday,tier\neve,Everett,1990-01-02,gold\nfay,<script>,never,\n,Nobody,,\n"


@pytest.fixture
def operator(signed_in, crowd, acme, home):
    return signed_in(Role.OPERATOR, acme)


def handed(client, text=TEXT, name="people.csv", **rest):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, text.encode())}, **rest)


def test_a_preview_tells_where_columns_go_and_imports_nothing(operator):
    page = handed(operator, follow=True)
    targets = {each.column: (each.goes, each.new) for each in page.context["looked"].targets}
    assert targets["tier"] == ("custom field tier", True)
    assert targets["last_name"] == ("last name", False)
    text = page.content.decode()
    assert "an ISO 8601 date" in text and "<script>," not in text and "&lt;script&gt;" in text
    assert not Contact.objects.filter(key="eve").exists()


def test_an_import_takes_what_is_right_and_reports_the_rest(operator):
    page = operator.post(handed(operator)["Location"], follow=True)
    told = page.context["told"]
    assert (told["created"], told["rejected"]) == (1, 2)
    assert [each["line"] for each in told["rejections"]] == [3, 4]
    assert Contact.objects.get(key="eve").custom == '{"tier":"gold"}'
    assert Due.objects.filter(contact__key="eve").exists()
    assert Event.objects.get(code="contacts.imported").user == "operator0"


def test_a_file_is_imported_once_and_not_kept(operator, home):
    address = handed(operator)["Location"]
    operator.post(address)
    assert "not kept any more" in operator.post(address, follow=True).content.decode()
    assert [path.suffix for path in home.rglob("*") if path.is_file()] == [".report"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("people.xls", "x", "unknown extension"),
        ("people.csv", "name\nAda\n", "no column is named key"),
        ("people.csv", "key,first.name\n1,2\n", "allowed is a name of letters"),
        ("people.csv", "", "The submitted file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_without_where_we_keep_it(operator, home, name, text, reason):
    page = handed(operator, text, name, follow=True).content.decode()
    assert reason in page and str(home) not in page


def test_a_file_that_is_too_large_is_refused(operator, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 10)
    assert "use leadferry import" in handed(operator).content.decode()


def test_a_file_that_breaks_off_says_so_and_nothing_of_it_is_kept(operator):
    text = (
        "key,last_name\n" + "".join(f"k{n},N\n" for n in range(1000)) + "late,\x00" + "x" * 2_000_000 + "\n"
    )
    page = operator.post(handed(operator, text)["Location"], follow=True)
    assert "could not be read to its end" in page.content.decode()
    assert not Contact.objects.filter(key__startswith="k").exists()


def test_another_sites_file_and_report_do_not_exist(operator, signed_in, globex):
    address = handed(operator)["Location"].replace("acme", "globex")
    stranger = signed_in(Role.OPERATOR, globex)
    assert "not kept any more" in stranger.get(address, follow=True).content.decode()
    assert stranger.get(f"{address}report/").status_code == 404


def test_a_name_of_a_file_leads_nowhere_else(operator):
    assert "not kept any more" in operator.get(f"{IMPORT}leadferry/", follow=True).content.decode()


def test_a_viewer_hands_over_nothing(signed_in, acme, crowd):
    assert handed(signed_in(Role.VIEWER, acme)).status_code == 403
