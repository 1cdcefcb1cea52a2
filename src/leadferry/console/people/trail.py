"""What the audit knows: changes with before and after, and what people did."""

from collections.abc import Mapping

from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from leadferry.console.people.models import Membership
from leadferry.contacts.models import Site
from leadferry.ledger.models import Event, Organization, Secret, Settings, Task
from leadferry.scoring.models import Rule, Score

NAMES: Mapping[type[Model], str] = {
    Site: "site",
    Settings: "settings",
    Secret: "credential",
    Organization: "organization",
    Task: "scheduled task",
    Score: "score",
    Rule: "rule",
    Membership: "role",
    User: "person",
}
"""What is audited, in the words of the console."""


def changes_of(site: Site | None) -> QuerySet[LogEntry]:
    """Changes of what belongs to the site and is still there; without site: all of them."""
    entries: QuerySet[LogEntry] = LogEntry.objects.select_related("actor", "content_type")
    if site is None:
        return entries
    belonging: Mapping[type[Model], QuerySet[Model]] = {
        Site: Site.objects.filter(pk=site.pk),
        Settings: Settings.objects.filter(site=site),
        Secret: Secret.objects.filter(scope=site.code),
        Organization: Organization.objects.filter(site=site),
        Task: Task.objects.filter(site=site),
        Score: Score.objects.filter(site=site),
        Rule: Rule.objects.filter(score__site=site),
        Membership: Membership.objects.filter(site=site),
    }
    wanted = Q(pk__in=[])
    for model, rows in belonging.items():
        kind = ContentType.objects.get_for_model(model)
        wanted |= Q(content_type=kind, object_id__in=list(rows.values_list("pk", flat=True)))
    theirs: QuerySet[LogEntry] = entries.filter(wanted)
    return theirs


def done_by_people(site: Site | None) -> QuerySet[Event]:
    """Lines of the event log that name who did it; without site: of all sites and of none."""
    lines = Event.objects.filter(user__gt="")
    return lines.filter(site=site.code) if site else lines
