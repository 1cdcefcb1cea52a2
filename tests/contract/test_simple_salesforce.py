"""simple-salesforce as referee: what it sends and expects was written against the real platform."""

import re

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from simple_salesforce import Salesforce, SFType
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from leadferry.simulator import Org

ADA = {"LastName": "Lovelace", "Company": "Analytical Engines"}
UPSERT = "composite/sobjects/Lead/LeadferryId__c"


def keyed(*names: str) -> list[dict]:
    return [{"attributes": {"type": "Lead"}, "LeadferryId__c": name, **ADA} for name in names]


def upsert(referee: Salesforce, records: list[dict]) -> list[dict]:
    return referee.restful(UPSERT, method="PATCH", json={"allOrNone": False, "records": records})


@pytest.fixture
def leads(referee: Salesforce) -> SFType:
    return referee.Lead


def test_describe_tells_fields_and_objects(referee: Salesforce, leads: SFType) -> None:
    names = {field["name"] for field in leads.describe()["fields"]}
    assert {"LastName", "Company", "LeadferryId__c"} <= names
    assert "Lead" in {each["name"] for each in referee.describe()["sobjects"]}
    assert leads.metadata()["objectDescribe"]["keyPrefix"] == "00Q"


def test_a_lead_is_created_read_updated_and_deleted(leads: SFType) -> None:
    made = leads.create(ADA)
    assert made["success"] is True
    assert leads.update(made["id"], {"City": "London"}) == 204
    assert leads.get(made["id"])["City"] == "London"
    assert leads.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        leads.get(made["id"])


def test_a_lead_is_upserted_by_its_key(leads: SFType) -> None:
    assert [leads.upsert("LeadferryId__c/a-17", ADA) for _ in range(2)] == [201, 200]
    assert leads.get_by_custom_id("LeadferryId__c", "a-17")["LastName"] == "Lovelace"


def test_a_key_of_two_leads_is_more_than_one_record(org: Org, leads: SFType) -> None:
    org.change_settings({"unique_keys": False})
    for _ in range(2):
        leads.create(ADA | {"LeadferryId__c": "twin"})
    with pytest.raises(SalesforceMoreThanOneRecord):
        leads.upsert("LeadferryId__c/twin", ADA)


def test_collections_answer_row_by_row(referee: Salesforce) -> None:
    good, bad = upsert(referee, [*keyed("a"), {**keyed("b")[0], "Company": ""}])
    assert (good["success"], good["created"]) == (True, True)
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"


def test_queries_are_read_to_their_last_page(referee: Salesforce) -> None:
    for start in range(0, 2200, 200):
        upsert(referee, keyed(*(f"k{number:04d}" for number in range(start, start + 200))))
    first = referee.query("SELECT Id FROM Lead ORDER BY LeadferryId__c")
    assert (first["totalSize"], first["done"]) == (2200, False)
    second = referee.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert (second["done"], len(second["records"])) == (True, 200)
    assert referee.query_all("SELECT Id FROM Lead WHERE LeadferryId__c < 'k0100'")["totalSize"] == 100


def test_deleted_leads_are_queried_on_demand(referee: Salesforce, leads: SFType) -> None:
    leads.delete(leads.create(ADA)["id"])
    assert referee.query("SELECT Id FROM Lead")["totalSize"] == 0
    assert referee.query("SELECT Id FROM Lead", include_deleted=True)["totalSize"] == 1


def test_usage_is_read_from_the_header(referee: Salesforce) -> None:
    referee.limits()
    assert referee.api_usage["api-usage"] == (1, 15_000)


def test_changes_since_a_time_are_listed(org: Org, leads: SFType) -> None:
    made = leads.create(ADA)
    now = org.now()
    start, end = now.replace(minute=0), now.replace(year=now.year + 1)
    assert leads.updated(start, end)["ids"] == [made["id"]]
    leads.delete(made["id"])
    assert [each["id"] for each in leads.deleted(start, end)["deletedRecords"]] == [made["id"]]


def test_refusals_raise_the_referees_own_errors(org: Org, referee: Salesforce, leads: SFType) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        leads.create({"LastName": "Lovelace"})
    assert refused.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    with pytest.raises(SalesforceMalformedRequest, match="No such column"):
        referee.query("SELECT Foo__c FROM Lead")
    with pytest.raises(SalesforceResourceNotFound):
        referee.Laed.describe()
    org.faults.add("daily_limit")
    with pytest.raises(SalesforceRefusedRequest, match="TotalRequests Limit exceeded"):
        referee.limits()
    org.faults.add("status_503")
    with pytest.raises(SalesforceGeneralError):
        referee.limits()
    org.faults.add("session_expired")
    with pytest.raises(SalesforceExpiredSession):
        referee.limits()


def test_a_custom_field_is_made_through_the_tooling_api(referee: Salesforce) -> None:
    metadata = {"label": "Tier", "type": "Text", "length": 20}
    made = referee.toolingexecute(
        "sobjects/CustomField", method="POST", data={"FullName": "Lead.Tier__c", "Metadata": metadata}
    )
    assert re.fullmatch(r"00N\w{15}", made["id"])


def test_client_credentials_sign_in(org: Org, session: requests.Session) -> None:
    referee = Salesforce(consumer_key="app", consumer_secret="s3cret", domain="acme.my", session=session)
    assert referee.query("SELECT Id FROM Organization")["records"][0]["Id"] == org.id


def test_a_wrong_secret_fails_the_sign_in(session: requests.Session) -> None:
    Salesforce(consumer_key="app", consumer_secret="s3cret", domain="acme.my", session=session)
    with pytest.raises(SalesforceAuthenticationFailed, match="invalid_client"):
        Salesforce(consumer_key="app", consumer_secret="other", domain="acme.my", session=session)


def test_a_signed_assertion_signs_in(org: Org, session: requests.Session) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, form, bare).decode()
    referee = Salesforce(username="ada@engines.example", consumer_key="app", privatekey=pem, session=session)
    assert referee.query("SELECT Id FROM User")["records"][0]["Id"] == org.user_id
