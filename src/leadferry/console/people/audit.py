"""What is audited: who changed which setting, with before and after. Secrets show only that they changed."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db.models import Model

from leadferry.console.people.models import Membership
from leadferry.contacts.models import Site
from leadferry.ledger.models import Organization, Secret, Settings, Task
from leadferry.scoring.models import Rule, Score

AUDITED: Mapping[type[Model], Sequence[str]] = {
    Site: ["code", "display_name"],
    Settings: ["site", "salesforce", "replication", "mapping", "schedule"],
    Secret: ["scope", "name", "reference"],
    Organization: ["org_id", "confirmed"],
    Task: ["site", "kind", "enabled", "schedule", "start", "options"],
    Score: ["site", "name", "enabled"],
    Rule: ["score", "position", "name", "definition"],
    Membership: ["user", "site", "role"],
    User: ["username", "email", "first_name", "last_name", "is_active", "is_superuser"],
}
