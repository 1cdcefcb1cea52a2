"""Scores of a site, the rules that give points, and the totals they add up to."""

from django.db import models

from leadferry.contacts.models import Contact, Site


class Score(models.Model):
    """A named sum of points. ``calculated_at``: the instant up to which expiry has been counted."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    enabled = models.BooleanField(default=True)
    calculated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="score_name")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """One rule of a score, as written in the configuration file (``definition`` has those keys)."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="rules")
    position = models.IntegerField()
    name = models.TextField()
    definition = models.JSONField()

    class Meta:
        ordering = ["position"]


class Total(models.Model):
    """The points of one contact in one score. No row: no points."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    points = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "contact"], name="total_of_contact")]
        indexes = [
            models.Index(models.F("score"), models.F("points").desc(), models.F("contact"), name="total_best")
        ]
