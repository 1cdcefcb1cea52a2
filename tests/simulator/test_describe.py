import pytest

from .caller import Caller, error_of

KEYS = set(
    "aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula "
    "cascadeDelete caseSensitive compoundFieldName controllerName createable custom "
    "defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden "
    "digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable "
    "filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted "
    "idLookup inlineHelpText label length mask maskType name nameField namePointing nillable "
    "permissionable picklistValues polymorphicForeignKey precision queryByDistance "
    "referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete "
    "restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable "
    "writeRequiresMasterRead".split()
)


@pytest.fixture
def fields(sf: Caller) -> dict[str, dict]:
    return {each["name"]: each for each in sf.call("GET", "sobjects/Lead/describe").json()["fields"]}


def test_a_field_entry_has_every_key_of_the_platform(fields: dict[str, dict]) -> None:
    assert all(set(each) == KEYS for each in fields.values())


def test_last_name_and_company_alone_are_required(fields: dict[str, dict]) -> None:
    required = {
        name
        for name, each in fields.items()
        if each["createable"] and not each["nillable"] and not each["defaultedOnCreate"]
    }
    assert required == {"LastName", "Company"}


def test_the_key_field_is_a_unique_case_sensitive_text_of_32(fields: dict[str, dict]) -> None:
    key = fields["LeadferryId__c"]
    assert (key["type"], key["length"], key["byteLength"]) == ("string", 32, 96)
    assert key["externalId"] and key["unique"] and key["caseSensitive"] and key["custom"]


def test_only_fields_that_may_be_empty_take_field_permissions(fields: dict[str, dict]) -> None:
    assert fields["Title"]["permissionable"]
    assert not any(
        fields[name]["permissionable"] for name in ("LastName", "Company", "Status", "OwnerId", "Id")
    )


def test_opt_out_fields_are_hidden_in_a_fresh_organization(fields: dict[str, dict]) -> None:
    assert "DoNotCall" not in fields


def test_a_hidden_field_is_absent(sf: Caller) -> None:
    sf.control("POST", "fields", name="Title", hidden=True)
    listed = sf.call("GET", "sobjects/Lead/describe").json()["fields"]
    assert "Title" not in {each["name"] for each in listed}


def test_an_unchanged_description_is_not_sent_again(sf: Caller) -> None:
    seen = sf.call("GET", "sobjects/Lead/describe").headers["Last-Modified"]
    again = sf.call("GET", "sobjects/Lead/describe", headers={"If-Modified-Since": seen})
    assert (again.status_code, again.content) == (304, b"")
    sf.control("POST", "fields", name="Tier__c", type="string")
    assert sf.call("GET", "sobjects/Lead/describe", headers={"If-Modified-Since": seen}).status_code == 200


def test_the_global_list_names_lead_with_its_prefix(sf: Caller) -> None:
    listed = {each["name"]: each["keyPrefix"] for each in sf.call("GET", "sobjects").json()["sobjects"]}
    assert listed["Lead"] == "00Q"


def test_an_unknown_object_is_not_found(sf: Caller) -> None:
    assert error_of(sf.call("GET", "sobjects/Laed/describe")) == (404, "NOT_FOUND")


def test_versions_are_listed_to_anybody_at_no_cost(sf: Caller) -> None:
    answer = sf.http.get("/services/data/")
    assert {"label": "Summer '26", "url": "/services/data/v67.0", "version": "67.0"} in answer.json()
    assert [answer.json()[index]["version"] for index in (0, -1)] == ["59.0", "68.0"]
    assert "Sforce-Limit-Info" not in answer.headers
    assert sf.org.calls() == 0


@pytest.mark.parametrize(
    ("version", "status"), [("v21.0", 410), ("v30.0", 410), ("v99.0", 404), ("latest", 404)]
)
def test_versions_that_are_gone_or_never_were_are_refused(sf: Caller, version: str, status: int) -> None:
    assert sf.call("GET", f"/services/data/{version}/limits").status_code == status


def test_a_deprecated_version_warns(sf: Caller) -> None:
    assert sf.call("GET", "/services/data/v40.0/limits").headers["Warning"].startswith("299 - ")
    assert "Warning" not in sf.call("GET", "limits").headers
