"""Lead as a fresh organization describes it, and mappings made ready against it."""

from collections.abc import Callable, Mapping
from typing import Any

from leadferry.core.describe import LeadDescribe, LeadField, PicklistEntry, described
from leadferry.core.mapping import DEFAULT_MAPPING, CompiledMapping, TemplateFault, compile_mapping
from leadferry.core.rule import Mapping as SiteMapping

KEY = "LeadferryId__c"
_TEXTS = {
    "FirstName": (40, "string"),
    "Salutation": (40, "picklist"),
    "Title": (128, "string"),
    "Street": (255, "textarea"),
    "City": (40, "string"),
    "State": (80, "string"),
    "PostalCode": (20, "string"),
    "Country": (80, "string"),
    "Phone": (40, "phone"),
    "MobilePhone": (40, "phone"),
    "Email": (80, "email"),
    "Website": (255, "url"),
    "Description": (32_000, "textarea"),
    "LeadSource": (255, "picklist"),
}
LABELS = {"FirstName": "First Name", "LastName": "Last Name", "NumberOfEmployees": "Employees"}


def field(name: str, **known: Any) -> LeadField:
    return LeadField(**{"name": name, "label": LABELS.get(name, name), **known})


def entries(*values: str) -> tuple[PicklistEntry, ...]:
    return tuple(PicklistEntry(value=value, label=value.title()) for value in values)


LEAD = described(
    [
        field("LastName", length=80, nillable=False),
        field("Company", length=255, nillable=False),
        *(field(name, length=length, type=kind) for name, (length, kind) in _TEXTS.items()),
        field("Status", length=255, type="picklist", nillable=False, defaulted_on_create=True),
        field("NumberOfEmployees", type="int", digits=8),
        field("AnnualRevenue", type="currency", precision=18, scale=0),
        field("DoNotCall", type="boolean", nillable=False, defaulted_on_create=True),
        field("Birthdate__c", type="date", custom=True),
        field("SeenAt__c", type="datetime", custom=True),
        field(
            "Tier__c",
            type="picklist",
            length=255,
            restricted_picklist=True,
            picklist=entries("gold", "silver"),
        ),
        field(
            "CountryCode", type="picklist", length=10, picklist=(PicklistEntry(value="CZ", label="Czechia"),)
        ),
        field("IsConverted", type="boolean", nillable=False, defaulted_on_create=True, updateable=False),
        field("EmailBouncedReason", length=255, createable=False),
        field("Name", length=121, createable=False, updateable=False),
        field(KEY, length=32, external_id=True, unique=True, custom=True),
    ]
)

ADA = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Analytical Engines",
    "email": "ada@engines.example",
    "job_title": "Director",
    "city": "London",
}


def render(text: str) -> Callable[[Mapping[str, object]], str]:
    """A stand-in for the template engine: Python's own format strings, `{contact[last_name]}`."""

    def rendered(context: Mapping[str, object]) -> str:
        try:
            return text.format(**context)
        except (KeyError, AttributeError) as error:
            raise TemplateFault(f"{error} is not known") from error

    return rendered


def compiled(
    mapping: SiteMapping = DEFAULT_MAPPING,
    *,
    describe: LeadDescribe | None = LEAD,
    lead_description: str = "",
    default_company: str = "Unknown",
) -> CompiledMapping:
    return compile_mapping(
        mapping,
        describe=describe,
        render=render,
        default_company=default_company,
        lead_description=lead_description,
        site={"code": "acme", "display_name": "Acme"},
        external_id_field=KEY,
    )


def row(made: CompiledMapping, contact: Mapping[str, Any]) -> tuple[Any, ...]:
    """The columns the mapping wants of a contact; what the contact lacks is empty text."""
    return tuple(contact.get(column, "") for column in made.columns)
