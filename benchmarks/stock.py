"""An installation with many due contacts, made without the wire."""

import os
from datetime import UTC, datetime
from pathlib import Path

FIELDS = {
    "LastName": "last_name",
    "Company": "company",
    "FirstName": "first_name",
    "Salutation": "salutation",
    "Title": "job_title",
    "Street": "address1",
    "City": "city",
    "State": "state",
    "PostalCode": "zip",
    "Country": "country",
    "Phone": "business_phone",
    "MobilePhone": "mobile_phone",
    "Email": "email",
    "Website": "website",
    "Fax": "fax",
    "Description": "notes",
    "LeadSource": "campaign",
    "Industry": "status",
    "Rating": "owner",
    "Jigsaw": "gender",
}
"""Twenty lead fields and the contact fields they come from; every contender sends these."""


def prepared(home: Path, *, contacts: int, sink: str, due: bool = True) -> None:
    """A site `bench` with that many contacts, connected to `sink`; all due, or all delivered before."""
    os.environ["LEADFERRY_HOME"] = str(home)
    from leadferry.project.boot import prepare

    prepare()
    from django.db import connection, transaction

    from leadferry.contacts.models import Site
    from leadferry.ledger import configuration, organizations

    configuration.apply(_toml(sink), now=datetime.now(UTC), environ=os.environ)
    site = Site.objects.get(code="bench")
    organizations.keep_describe(site, _describe(), at=datetime.now(UTC))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CONTACTS, [contacts, site.pk])
        if due:
            cursor.execute(
                "INSERT INTO contacts_due (contact_id, site_id, score, causes, version, not_before) "
                "SELECT id, site_id, 0, 1, 1, 0 FROM contacts_contact"
            )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _toml(sink: str) -> str:
    mapping = "\n".join(f'{target} = "{source}"' for target, source in FIELDS.items())
    return f"""
[site.bench.salesforce]
login_url = "{sink}"
flow = "client_credentials"
client_id = "bench"
client_secret = "bench"
[site.bench.replication]
enabled = true
keep_updated = true
batch_size = {os.environ.get("BENCH_BATCH", "200")}
lead_description = ""
[site.bench.mapping]
{mapping}
"""


_CONTACTS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
INSERT INTO contacts_contact (site_id, key, first_name, middle_name, last_name, salutation, title_before,
  title_after, job_title, company, email, business_phone, mobile_phone, home_phone, fax, website, address1,
  address2, city, state, zip, country, gender, status, notes, campaign, owner, anonymous, monitored, bounces,
  created, modified, custom)
SELECT %s, 'visitor-' || i, 'Ada', '', 'Novak ' || i, 'Ms.', '', '', 'Director of Operations', 'Orchid Ltd',
  'ada.novak.' || i || '@orchid.example', '+420 123 456 789', '+420 987 654 321', '', '+420 555 555 555',
  'https://orchid.example/', 'Long Street 12', '', 'Prague', 'Bohemia', '110 00', 'Czechia', 'F',
  'Manufacturing',
  'Asked for a call about the new release of the product at the fair in Brno.', 'Web', 'Warm',
  0, 0, 0, '2026-11-01 10:00:00', '2026-11-01 10:00:00', '' FROM n
"""


def _describe() -> dict[str, object]:
    from leadferry.salesforce import Client, ClientCredentials
    from leadferry.simulator import InProcess, Org, create_app

    credentials = ClientCredentials(login_url="http://127.0.0.1", client_id="bench", client_secret="bench")
    with Client(credentials, transport=InProcess(create_app(Org()))) as client:
        description = client.describe("Lead")
    assert description is not None
    return dict(description.content)
