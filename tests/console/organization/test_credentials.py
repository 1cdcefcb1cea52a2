"""The forms for credentials: secrets go in, are kept, are never shown, and are sent to no other host."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from leadferry.ledger import configuration, organizations, vault
from leadferry.ledger.models import Event, Organization, Secret, Settings
from leadferry.ledger.settings import effective

from .conftest import PAGE, SECRET

NEW = "a new consumer secret"


@pytest.fixture
def form(simulator_url: str) -> dict[str, str]:
    return {"login_url": simulator_url, "client_id": "3MVG9app", "client_secret": "", "api_version": ""}


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def save(client, form, flow="client_credentials"):
    return client.post(f"{PAGE}sign-in/{flow}/", form)


def test_client_credentials_are_stored_and_tested(administrator, site, form, org):
    assert save(administrator, form).status_code == 302
    assert effective(site).connection.flow == "client_credentials"
    text = administrator.post(f"{PAGE}test/").content.decode()
    assert f"Signed in to organization {org.id}" in text
    assert org.settings.username in administrator.get(PAGE).content.decode()


def test_a_stored_secret_is_kept_with_where_it_came_from(administrator, site, form):
    Secret.objects.update(reference="ACME_SF_SECRET")
    save(administrator, form | {"api_version": "65.0"})
    assert vault.secrets(site) == {"client_secret": SECRET}
    assert 'client_secret = "env:ACME_SF_SECRET"' in configuration.export()
    assert not Event.objects.filter(code="organization.credentials").exists()


def test_a_new_secret_replaces_the_old_and_is_told_without_it(administrator, site, form):
    save(administrator, form | {"client_secret": NEW})
    assert vault.secrets(site)["client_secret"] == NEW
    assert Event.objects.get(code="organization.credentials").user == "administrator0"
    assert [each.description for each in Event.objects.all() if NEW in each.description] == []
    assert NEW not in str(Settings.objects.values_list("salesforce", flat=True))


@pytest.mark.parametrize("change", [{"login_url": "https://evil.example"}, {"client_id": "another"}])
def test_a_stored_secret_goes_to_no_other_host_or_app(administrator, site, form, change):
    response = save(administrator, form | change)
    assert "Give it anew" in response.content.decode()
    assert effective(site).connection.client_id == "3MVG9app"
    assert effective(site).connection.login_url == form["login_url"]


def test_an_inherited_secret_goes_to_no_other_host(administrator, site, form):
    Secret.objects.update(scope="")
    assert (
        "Give it anew" in save(administrator, form | {"login_url": "https://evil.example"}).content.decode()
    )
    assert save(administrator, form).status_code == 302
    assert not Secret.objects.filter(scope="acme").exists()


def test_a_refused_form_repeats_no_secret(administrator, site, form, private_key):
    wrong = {"login_url": "http://evil.example"}
    text = save(administrator, form | wrong | {"client_secret": NEW}).content.decode()
    assert "http on a loopback address" in text and NEW not in text
    key = wrong | {"private_key": private_key, "username": "a@b.c"}
    text = save(administrator, form | key, "jwt_bearer").content.decode()
    assert "http on a loopback address" in text and "PRIVATE KEY-----" not in text


def test_a_certificates_key_is_stored_and_works(administrator, site, form, private_key, org):
    given = form | {"username": org.settings.username, "private_key": private_key, "audience": ""}
    assert save(administrator, given, "jwt_bearer").status_code == 302
    assert vault.secrets(site) == {"private_key": private_key.strip()}
    assert "Signed in to organization" in administrator.post(f"{PAGE}test/").content.decode()


def test_what_is_no_key_is_refused(administrator, site, form):
    given = form | {"username": "a@b.c", "private_key": "hello"}
    assert "is not a PEM private key" in save(administrator, given, "jwt_bearer").content.decode()


@pytest.mark.parametrize("name", ["login_url", "client_id", "client_secret", "api_version"])
def test_a_page_reads_no_variable_of_the_environment(administrator, site, form, name):
    text = save(administrator, form | {name: "env:HOME"}).content.decode()
    assert "Must not begin with env:" in text


def test_an_unknown_way_to_sign_in_does_not_exist(administrator):
    assert administrator.get(f"{PAGE}sign-in/password/").status_code == 404


def test_client_credentials_are_forgotten_when_disconnected(administrator, site, form):
    save(administrator, form)
    administrator.post(f"{PAGE}disconnect/")
    assert vault.secrets(site) == {}


def test_a_moved_installation_is_explained_and_confirmed_by_a_ticked_box(administrator, site):
    Organization.objects.update_or_create(
        site=site, defaults={"org_id": "00D000000000042EAA", "installation": "0" * 32}
    )
    assert "moved or copied" in administrator.get(PAGE).content.decode()
    administrator.post(f"{PAGE}confirm/")
    assert organizations.of(site).installation == "0" * 32
    administrator.post(f"{PAGE}confirm/", {"sure": "yes"})
    assert organizations.of(site).installation == organizations.here()
    assert Event.objects.get(code="site.confirmed").user == "administrator0"
    assert "was moved or copied" not in administrator.get(PAGE).content.decode()


def test_what_stands_in_the_settings_is_shown_as_text(administrator, configured):
    configured(client_id="<script>alert(1)</script>")
    assert "<script>alert(1)" not in administrator.get(PAGE).content.decode()
