"""Lead's standard fields, as a scratch organization describes them at API v59 (labels included)."""

from dataclasses import replace

from leadferry.simulator.schema import Field, numeric, standard

_SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")
_SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")
_STATUSES = ("Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted")
_RATINGS = ("Hot", "Warm", "Cold")
_CLEAN = ("Matched", "Different", "Acknowledged", "NotFound", "Inactive", "Pending", "SelectMatch", "Skipped")
_ACCURACY = ("Address", "NearAddress", "Block", "Street", "ExtendedZip", "Zip", "Neighborhood", "City")
_INDUSTRIES = (
    "Agriculture", "Apparel", "Banking", "Biotechnology", "Chemicals", "Communications", "Construction",
    "Consulting", "Education", "Electronics", "Energy", "Engineering", "Entertainment", "Environmental",
    "Finance", "Food & Beverage", "Government", "Healthcare", "Hospitality", "Insurance", "Machinery",
    "Manufacturing", "Media", "Not For Profit", "Recreation", "Retail", "Shipping", "Technology",
    "Telecommunications", "Transportation", "Utilities", "Other",
)  # fmt: skip

NAMES = (
    standard("LastName", "Last Name", "string", "CU", length=80),
    standard("FirstName", "First Name", "string", length=40),
    standard("Salutation", "Salutation", "picklist", length=40, values=_SALUTATIONS),
    standard("Name", "Full Name", "string", "", length=121),
    standard("Title", "Title", "string", length=128),
    standard("Company", "Company", "string", "CU", length=255),
)
ADDRESS = (
    standard("Street", "Street", "textarea", length=255),
    standard("City", "City", "string", length=40),
    standard("State", "State/Province", "string", length=80),
    standard("PostalCode", "Zip/Postal Code", "string", length=20),
    standard("Country", "Country", "string", length=80),
    numeric(standard("Latitude", "Latitude", "double"), precision=18, scale=15),
    numeric(standard("Longitude", "Longitude", "double"), precision=18, scale=15),
    standard("GeocodeAccuracy", "Geocode Accuracy", "picklist", "NCUR", length=40, values=_ACCURACY),
    standard("Address", "Address", "address", "N"),
)
REACH = (
    standard("Phone", "Phone", "phone", length=40),
    standard("MobilePhone", "Mobile Phone", "phone", length=40),
    standard("Fax", "Fax", "phone", length=40),
    standard("Email", "Email", "email", "NCUL", length=80),
    standard("Website", "Website", "url", length=255),
    standard("EmailBouncedReason", "Email Bounced Reason", "string", "NU", length=255),
    standard("EmailBouncedDate", "Email Bounced Date", "datetime", "NU"),
    standard("HasOptedOutOfEmail", "Email Opt Out", "boolean", "CUDH"),
    standard("HasOptedOutOfFax", "Fax Opt Out", "boolean", "CUDH"),
    standard("DoNotCall", "Do Not Call", "boolean", "CUDH"),
)
SALES = (
    standard("Description", "Description", "textarea", length=32000),
    standard("LeadSource", "Lead Source", "picklist", length=255, values=_SOURCES),
    replace(
        standard("Status", "Status", "picklist", "CUD", length=255, values=_STATUSES),
        default="Open - Not Contacted",
    ),
    standard("Industry", "Industry", "picklist", length=255, values=_INDUSTRIES),
    standard("Rating", "Rating", "picklist", length=255, values=_RATINGS),
    numeric(standard("AnnualRevenue", "Annual Revenue", "currency"), precision=18),
    numeric(standard("NumberOfEmployees", "Employees", "int"), digits=8),
    standard("OwnerId", "Owner ID", "reference", "CUD", length=18, refers_to=("Group", "User")),
    replace(standard("IsUnreadByOwner", "Unread By Owner", "boolean", "CUD"), default=True),
)
LIFE = (
    standard("IsConverted", "Converted", "boolean", "CD"),
    standard("ConvertedDate", "Converted Date", "date", "N"),
    standard(
        "ConvertedAccountId", "Converted Account ID", "reference", "N", length=18, refers_to=("Account",)
    ),
    standard(
        "ConvertedContactId", "Converted Contact ID", "reference", "N", length=18, refers_to=("Contact",)
    ),
    standard(
        "ConvertedOpportunityId",
        "Converted Opportunity ID",
        "reference",
        "N",
        length=18,
        refers_to=("Opportunity",),
    ),
    standard("MasterRecordId", "Master Record ID", "reference", "N", length=18, refers_to=("Lead",)),
    standard("LastActivityDate", "Last Activity", "date", "N"),
    standard("LastViewedDate", "Last Viewed Date", "datetime", "N"),
    standard("LastReferencedDate", "Last Referenced Date", "datetime", "N"),
)
CLEANING = (
    standard("Jigsaw", "Data.com Key", "string", length=20),
    standard("JigsawContactId", "Jigsaw Contact ID", "string", "N", length=20),
    standard("CleanStatus", "Clean Status", "picklist", "NCUR", length=40, values=_CLEAN),
    standard("CompanyDunsNumber", "Company D-U-N-S Number", "string", length=9),
    standard("DandbCompanyId", "D&B Company ID", "reference", length=18, refers_to=("DandBCompany",)),
    standard("IndividualId", "Individual ID", "reference", length=18, refers_to=("Individual",)),
)

FIELDS: tuple[Field, ...] = (*NAMES, *ADDRESS, *REACH, *SALES, *LIFE, *CLEANING)
