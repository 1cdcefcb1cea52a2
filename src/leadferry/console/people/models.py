"""Who may do what on which site."""

from django.contrib.auth.models import User
from django.db import models

from leadferry.contacts.models import Site


class Role(models.IntegerChoices):
    """What a person may do; each role may do what those before it may."""

    VIEWER = 1, "Viewer"
    OPERATOR = 2, "Operator"
    ADMINISTRATOR = 3, "Administrator"


class Membership(models.Model):
    """The role of a person on a site; without site: on all of them, those to come included."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    role = models.SmallIntegerField(choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "site"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(site=None), name="membership_everywhere_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.site or 'all sites'} · {Role(self.role).label}"


class OneTimePassword(models.Model):
    """A password that was shown once and has to be changed at the first sign-in.

    ``password`` is its hash as stored with the user: once they differ, it has been changed.
    """

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE)
    password = models.CharField(max_length=128)


class SignInLink(models.Model):
    """A link that signs a person in once. ``digest`` is of its token, which is stored nowhere."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
