"""What we remember of the sites: settings, organization, links, runs, attempts, events."""

from django.db import models

from leadferry.contacts.models import Contact, Site


class Settings(models.Model):
    """What a site (or, without site, the global default) sets for itself; the rest is inherited.

    Each column holds the table of that name as in the configuration file. Secrets are not here.
    """

    site = models.OneToOneField(Site, null=True, on_delete=models.CASCADE)
    salesforce = models.JSONField(default=dict)
    replication = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    schedule = models.JSONField(default=dict)


class Shape(models.Model):
    """What made the leads of a site before its mapping was edited: ``leadferry.ledger.shapes``.

    ``before``: newest first, the mapping, shaped as in the file, and what else a lead's values come from.
    """

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE)
    before = models.JSONField()


class Secret(models.Model):
    """A credential, encrypted. ``scope``: code of its site, empty for the global default.

    ``reference`` is the environment variable it was read from, if any.
    """

    scope = models.CharField(max_length=50, default="", blank=True)
    name = models.CharField(max_length=50)
    reference = models.TextField(default="")
    ciphertext = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="secret_name")]


class Organization(models.Model):
    """What a site knows of its Salesforce organization: who it is, its describe, its API usage.

    `org_id` and `installation` are pinned on first contact: see ``ledger.organizations``.
    """

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE)
    org_id = models.CharField(max_length=18, default="")
    installation = models.CharField(max_length=32, default="")
    moving = models.BooleanField(default=False)
    described_at = models.DateTimeField(null=True)
    describe = models.TextField(default="")
    used = models.IntegerField(null=True)
    allowed = models.IntegerField(null=True)
    used_at = models.DateTimeField(null=True)


class Access(models.Model):
    """As whom a site was last let into its organization, and the state of its refresh token if it has one.

    ``login_url`` and ``client_id`` are those the token was granted to; it is sent nowhere else. ``owner`` and
    ``expires`` (epoch seconds) are the claim of the process that refreshes; ``doubt``: a refresh was sent and
    its answer is not known; ``rotates``: whether a refresh spends the token (None: not known yet).
    """

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE)
    user_id = models.CharField(max_length=18, default="")
    username = models.CharField(max_length=255, default="")
    instance_url = models.CharField(max_length=255, default="")
    since = models.DateTimeField(null=True)
    by = models.CharField(max_length=150, default="")
    login_url = models.CharField(max_length=255, default="")
    client_id = models.CharField(max_length=255, default="")
    rotates = models.BooleanField(null=True)
    doubt = models.BooleanField(default=False)
    owner = models.CharField(max_length=64, default="")
    expires = models.FloatField(default=0)


class Consent(models.Model):
    """A sign-in begun in a browser: ``digest`` is of its state, ``session`` of the browser's session."""

    digest = models.CharField(max_length=64, primary_key=True)
    session = models.CharField(max_length=64)
    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    login_url = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    verifier = models.BinaryField()
    started_at = models.DateTimeField()


class Spending(models.Model):
    """API calls of a site in one minute (epoch minutes), for the rolling day."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    minute = models.BigIntegerField()
    calls = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "minute"], name="spending_minute")]


class Lease(models.Model):
    """The claim of a run on its site. Times are epoch seconds; a lapsed claim is free."""

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE)
    owner = models.CharField(max_length=64, default="")
    expires = models.FloatField(default=0)
    run_id = models.BigIntegerField(null=True)


class Link(models.Model):
    """What we know of one contact's lead. ``state``: ``leadferry.core.state.State``. No row: nothing yet.

    ``fingerprint`` is of the mapped values last delivered. ``tries`` counts the runs in a row that
    had to postpone the contact, ``tried_in`` is the last of them. ``resumes``: the state that a split gives
    back to a contact that is merged into another one; None: it is not merged.
    """

    contact = models.OneToOneField(
        Contact, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    site_id = models.BigIntegerField()
    state = models.SmallIntegerField(db_default=1)
    lead_id = models.CharField(max_length=18, db_default="")
    fingerprint = models.BinaryField(null=True)
    replicated_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    code = models.TextField(db_default="")
    message = models.TextField(db_default="")
    fields = models.TextField(db_default="")
    tries = models.SmallIntegerField(db_default=0)
    tried_in = models.BigIntegerField(db_default=0)
    resumes = models.SmallIntegerField(null=True)

    class Meta:
        # Delivered contacts are the many; only the others are looked up by state.
        indexes = [
            models.Index(
                fields=["site_id", "state", "code"], name="link_state", condition=models.Q(state__gte=2)
            )
        ]


class Run(models.Model):
    """One execution of a site's replication task."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    status = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    eligible = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    blocked = models.IntegerField(default=0)
    invalid = models.IntegerField(default=0)
    retrying = models.IntegerField(default=0)
    remaining = models.IntegerField(default=0)
    batches = models.IntegerField(default=0)
    api_calls = models.IntegerField(default=0)
    message = models.TextField(default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["site", "status"], name="run_status"),
            models.Index(fields=["site", "started_at"], name="run_started"),
        ]


class Task(models.Model):
    """Work of a site that runs by itself. ``kind``: ``leadferry.ledger.tasks.Kind``.

    ``schedule`` is shaped as in the configuration file, without ``enabled``; ``start`` anchors its periods.
    ``owner`` and ``expires`` (epoch seconds) are the claim of the worker that carries it out, renewed while
    it lives; ``asked_until``: until when a worker that was asked to look at it may still come.
    ``missed_at`` is the last planned time that passed without a worker. ``progress`` of ``expected`` contacts
    are done in the turn under way, for work that can tell.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    enabled = models.BooleanField(default=True)
    schedule = models.JSONField(default=dict)
    start = models.DateTimeField(null=True)
    options = models.JSONField(default=dict)
    next_run_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    last_run_at = models.DateTimeField(null=True)
    last_result = models.CharField(max_length=20, default="")
    last_message = models.TextField(default="")
    executions = models.IntegerField(default=0)
    missed_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=64, default="")
    expires = models.FloatField(default=0)
    asked_until = models.FloatField(default=0)
    started_at = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)
    progress = models.BigIntegerField(default=0)
    expected = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["site__code", "id"]
        constraints = [models.UniqueConstraint(fields=["site", "kind"], name="task_of_site")]

    @property
    def running(self) -> bool:
        """Whether a worker has it; one that was killed has it until its claim lapses and is passed on."""
        return bool(self.owner)


class Tally(models.Model):
    """Counts of a site's contacts: ``leadferry.engine.tally``. ``took``: seconds that counting took.

    ``statuses``: contacts by the status people read; ``causes``: [code, contacts held back], most first.
    ``wanted``: somebody asked for a newer count that no worker has begun.
    """

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE)
    statuses = models.JSONField(default=dict)
    causes = models.JSONField(default=list)
    counted_at = models.DateTimeField(null=True)
    took = models.FloatField(default=0)
    wanted = models.BooleanField(default=False)


class Batch(models.Model):
    """Contacts in one API call: written before the call, closed with its outcomes.

    ``contacts`` is JSON. While the answer is open: the ids of all, so that after a kill the next run knows
    who is in doubt. Afterwards: the ids of those whose lead was ``created`` or ``updated``. The others have
    an Attempt each.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_constraint=False)
    site_id = models.BigIntegerField()
    number = models.IntegerField()
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    size = models.IntegerField()
    contacts = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["site_id"], name="batch_open", condition=models.Q(ended_at__isnull=True))
        ]


class Attempt(models.Model):
    """Why Salesforce (or the check before it) did not take one contact in one batch.

    ``batch_id`` is 0 - run id for what never left the house. ``outcome``: ``ledger.attempts.Answer``.
    """

    pk = models.CompositePrimaryKey("contact_id", "batch_id")
    contact_id = models.BigIntegerField()
    batch_id = models.BigIntegerField()
    outcome = models.SmallIntegerField()
    code = models.TextField(null=True)
    message = models.TextField(null=True)


class Event(models.Model):
    """A line of the event log. Keys are text, never foreign keys: the log outlives what it speaks of."""

    time = models.DateTimeField()
    type = models.CharField(max_length=11)
    source = models.CharField(max_length=50)
    code = models.CharField(max_length=80)
    site = models.CharField(max_length=50, default="")
    contact = models.CharField(max_length=200, default="")
    run = models.CharField(max_length=20, default="")
    user = models.CharField(max_length=150, default="")
    description = models.TextField(default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["site", "id"], name="event_of_site"),
            models.Index(fields=["code", "id"], name="event_of_code"),
            # Few lines are about one contact or are errors, so that these stay small.
            models.Index(fields=["run", "id"], name="event_of_run", condition=models.Q(run__gt="")),
            models.Index(
                fields=["site", "contact", "id"], name="event_of_contact", condition=models.Q(contact__gt="")
            ),
            models.Index(fields=["site", "id"], name="event_error", condition=models.Q(type="error")),
        ]
