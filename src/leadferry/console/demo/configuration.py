"""The demo's leadferry.toml."""

from pathlib import Path
from string import Template

MINIMUM = 50
SCORE = "engagement"

FILE = Template("""\
# Written by `leadferry demo`. Apply it with: leadferry apply leadferry.toml
# Every key is explained in docs/reference/configuration.md.

[default.salesforce]                     # both sites send to one organization
login_url     = "$login_url"   # the simulator
flow          = "client_credentials"
client_id     = "leadferry-demo"
client_secret = "known-to-the-simulator-only"   # a real one: "env:NAME"

[default.replication]
enabled      = true
keep_updated = true

[site.acme]
display_name = "Acme"

[site.acme.replication]
score            = "$score"          # who is sent: contacts with
minimum_score    = $minimum                    # at least this many points
lead_description = "Met on the website of {{ site.display_name }}"

[site.acme.mapping]                      # lead field = where its value is from
LastName    = "last_name"
FirstName   = "first_name"
Company     = "company"
Title       = "job_title"
Email       = "email"
Phone       = "business_phone"
City        = "city"
Country     = "country"
LeadSource  = { value = "Web" }
Rating      = { field = "custom.temperature", values = { hot = "Hot", warm = "Warm" } }
Description = { special = "lead_description" }

[[site.acme.score]]
name = "$score"

[[site.acme.score.rule]]
name      = "Decision maker"
points    = 20
attribute = "job_title"
operator  = "contains"
value     = "Director"

[[site.acme.score.rule]]
name       = "Free mail"
points     = -20
attribute  = "email"
operator   = "ends_with"
value      = "@freemail.example"

[[site.acme.score.rule]]
name         = "Saw the prices"
points       = 15
activity     = "page_visit"
url_contains = "/pricing"
max_points   = 45
valid_for    = "90d"

[[site.acme.score.rule]]
name      = "Asked for a demonstration"
points    = 40
activity  = "form_submission"
recurring = false

[site.globex]                            # no score, no mapping of its own:
display_name = "Globex"                  # sends everyone, the built-in mapping
""")


def write(path: Path, *, login_url: str) -> None:
    """Write the file for an organization at `login_url`."""
    path.write_text(FILE.substitute(login_url=login_url, score=SCORE, minimum=MINIMUM), encoding="utf-8")
