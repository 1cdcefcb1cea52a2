"""The file that the tests of this folder apply, and the environment it is applied in."""

ENVIRON = {"ACME_SF_SECRET": "s3cret-of-acme", "EMPTY": "", "LOOP": "env:EMPTY"}

ACME = """
[site.acme]
display_name = "Acme"

[site.acme.salesforce]
login_url = "https://acme.my.salesforce.com/"
flow = "client_credentials"
client_id = "3MVG9"
client_secret = "env:ACME_SF_SECRET"

[site.acme.replication]
enabled = true
batch_size = 100
score = "engagement"
minimum_score = 50

[site.acme.mapping]
LastName = "last_name"
Company = "company"
Email = { field = "email" }
LeadSource = { value = "Web" }
Rating = { field = "custom.temperature", values = { hot = "Hot" } }

[[site.acme.score]]
name = "engagement"
[[site.acme.score.rule]]
name = "Decision maker"
points = 20
attribute = "job_title"
operator = "contains"
value = "Director"
[[site.acme.score.rule]]
name = "Saw pricing"
points = 5
activity = "page_visit"
url_contains = "/pricing"
max_points = 25
valid_for = "90d"

[site.acme.schedule]
every = "15m"
between = ["06:00", "22:00"]
timezone = "Europe/Prague"
"""
