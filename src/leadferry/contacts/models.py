"""People known to a site, what they did, and who of them may have something to send."""

from django.db import models
from django.db.models import F, Q

from leadferry.contacts.folded import Folded


class Site(models.Model):
    """A website (tenant). ``ranked_by`` names the score that orders its deliveries; empty: none."""

    code = models.CharField(max_length=50, unique=True)
    display_name = models.TextField(default="")
    ranked_by = models.TextField(default="")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Contact(models.Model):
    """A person known to a site. Column order and meaning: ``leadferry.core.contact.CONTACT_FIELDS``.

    ``anonymous_stated`` is what was said of ``anonymous``; None: nothing, and it is worked out.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=200)
    first_name = models.TextField(default="")
    middle_name = models.TextField(default="")
    last_name = models.TextField(default="")
    salutation = models.TextField(default="")
    title_before = models.TextField(default="")
    title_after = models.TextField(default="")
    job_title = models.TextField(default="")
    company = models.TextField(default="")
    email = models.TextField(default="")
    business_phone = models.TextField(default="")
    mobile_phone = models.TextField(default="")
    home_phone = models.TextField(default="")
    fax = models.TextField(default="")
    website = models.TextField(default="")
    address1 = models.TextField(default="")
    address2 = models.TextField(default="")
    city = models.TextField(default="")
    state = models.TextField(default="")
    zip = models.TextField(default="")
    country = models.TextField(default="")
    birthday = models.DateField(null=True)
    gender = models.TextField(default="")
    status = models.TextField(default="")
    notes = models.TextField(default="")
    campaign = models.TextField(default="")
    owner = models.TextField(default="")
    anonymous = models.BooleanField(default=False)
    monitored = models.BooleanField(default=False)
    bounces = models.IntegerField(default=0)
    created = models.DateTimeField()
    modified = models.DateTimeField()
    custom = models.TextField(default="")
    anonymous_stated = models.BooleanField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="contact_key")]
        # For the list of contacts: what it is ordered by, and what few contacts have in common.
        indexes = [
            models.Index(fields=["site", "created", "id"], name="contact_created"),
            models.Index(
                fields=["merged_into"], name="contact_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(F("site"), Folded("last_name"), F("id"), name="contact_last_name"),
            models.Index(F("site"), Folded("first_name"), F("id"), name="contact_first_name"),
            models.Index(F("site"), Folded("email"), F("id"), name="contact_email"),
            *(
                models.Index(
                    F("site"),
                    Folded(column),
                    F("id"),
                    name=f"contact_{column}",
                    condition=Q(**{f"{column}__gt": ""}),
                )
                for column in ("status", "owner", "country", "state", "city")
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Activity(models.Model):
    """Something a contact did. ``digest`` makes the import of the same line twice harmless.

    ``origin`` is the id of the merged contact that did it, when it counts for the parent; None: its own.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, db_index=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    kind = models.TextField()
    at = models.DateTimeField()
    url = models.TextField(default="")
    title = models.TextField(default="")
    value = models.TextField(default="")
    digest = models.BigIntegerField()
    origin = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "digest"], name="activity_once")]
        indexes = [
            models.Index(fields=["contact", "kind", "at"], name="activity_of_contact"),
            models.Index(fields=["site", "kind", "at"], name="activity_expiring"),
        ]


class Due(models.Model):
    """A contact that something touched since a run last looked at it: the work list of the runs.

    Written by whatever changes a contact, its points, or the mapping; taken away by the run that
    looked at it. ``causes`` are bits of ``leadferry.core.state.Cause``; ``version`` grows with every
    touch, so that a change which arrives while a batch is under way is not lost; ``not_before`` is
    in epoch seconds and holds back a contact that waits for its next try.
    """

    contact = models.OneToOneField(
        Contact, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    site_id = models.BigIntegerField()
    score = models.IntegerField(default=0)
    causes = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    not_before = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                models.F("site_id"), models.F("score").desc(), models.F("contact"), name="due_best_first"
            )
        ]


class ErasureSalt(models.Model):
    """What the tombstones of a site are hashed with."""

    site = models.OneToOneField(Site, primary_key=True, on_delete=models.CASCADE)
    salt = models.BinaryField()


class Tombstone(models.Model):
    """Salted hash of the key or the e-mail of a person who was erased and must not come back by import."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, db_index=False)
    digest = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "digest"], name="tombstone_once")]
