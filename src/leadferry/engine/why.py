"""Why a contact is, or is not, in Salesforce, and what would change that."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leadferry.contacts.models import Contact, Site
from leadferry.core.outcome import explain
from leadferry.core.qualify import qualifies, why_not
from leadferry.engine.orders import threshold
from leadferry.engine.standing import Standing, standing_of
from leadferry.ledger import attempts
from leadferry.ledger.attempts import Attempted
from leadferry.ledger.merging import MERGED
from leadferry.ledger.settings import SiteSettings, effective
from leadferry.scoring.scores import points_per_rule

NEXT_RUN = "The next run sends it."
SPLIT = "Split it from that contact in the console: then it has its activities and its own lead again."
SHOWN_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Sentences for people: what is so (`because`), and what would change it (`changes`)."""

    standing: Standing
    because: list[str]
    changes: list[str]
    points: list[dict[str, Any]]
    attempts: list[Attempted]

    @property
    def status(self) -> str:
        return self.standing.status

    def as_dict(self) -> dict[str, Any]:
        """For machines: the contact's line, the sentences, the points per rule, and the last attempts."""
        told = {"because": self.because, "changes": self.changes, "points": self.points}
        tried = [attempted.as_dict() for attempted in self.attempts]
        return self.standing.as_dict() | told | {"attempts": tried}


def explained(site: Site, key: str, *, at: datetime) -> Answer | None:
    """The answer for one contact; None when the site has none with that key."""
    standing, settings = standing_of(site, key), effective(site)
    if standing is None:
        return None
    points = _points(site, standing, settings, at)
    standing = _as_of_now(standing, settings, points)
    because, changes = _SENTENCES[standing.status](standing, settings)
    because += [
        f"{point['rule']}: {point['points']} points ({_times(point['hits'])})"
        for point in points
        if point["hits"]
    ]
    if not settings.replication.enabled:
        changes = [f"The replication of {site.code} is off: set enabled = true.", *changes]
    tried = attempts.of(site, standing.contact_id, limit=SHOWN_ATTEMPTS)
    return Answer(standing=standing, because=because, changes=changes, points=points, attempts=tried)


def _as_of_now(standing: Standing, settings: SiteSettings, points: list[dict[str, Any]]) -> Standing:
    """With the points that count now; what has expired since they were calculated counts no more."""
    if not points:
        return standing
    score, status = sum(point["points"] for point in points), standing.status
    if status in ("pending", "not_eligible"):
        worthy = qualifies(threshold(settings), score=score, anonymous=standing.anonymous)
        status = "pending" if worthy else "not_eligible"
    return replace(standing, score=score, status=status)


def _times(hits: int) -> str:
    return "once" if hits == 1 else f"{hits} times"


def _points(site: Site, standing: Standing, settings: SiteSettings, at: datetime) -> list[dict[str, Any]]:
    score = settings.replication.score
    if score is None:
        return []
    rows = points_per_rule(site, standing.contact_id, score, now=at)
    return [{"rule": name, "points": points, "hits": hits} for name, points, hits in rows]


def _not_eligible(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    wanted = threshold(settings)
    reason = why_not(wanted, score=standing.score, anonymous=standing.anonymous)
    changes = (
        [f"It is sent once it has {wanted.minimum} points of {wanted.score_name}."]
        if wanted.score_name
        else []
    )
    if standing.anonymous and not wanted.include_anonymous:
        changes = [_STATED if _stated_anonymous(standing) else _NAMELESS]
    return [reason or "It does not qualify."], changes


def _stated_anonymous(standing: Standing) -> bool:
    return Contact.objects.filter(pk=standing.contact_id, anonymous_stated=True).exists()


def _pending(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    return ["It qualifies and has no lead yet."], [NEXT_RUN]


def _replicated(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    kept = "Changes are sent by the next run." if settings.replication.keep_updated else _NOT_KEPT
    return [
        f"It is lead {standing.lead_id}, last delivered at {standing.replicated_at:%Y-%m-%d %H:%M} UTC."
    ], [kept]


def _outdated(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    because = [f"It is lead {standing.lead_id}, and has changed since the last delivery."]
    return because, [NEXT_RUN if settings.replication.keep_updated else _NOT_KEPT]


def _retrying(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    return [f"A passing fault held it up: {_reason(standing)}"], ["Nothing to do: the next run tries again."]


def _held(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    told = explain(standing.code)
    where = (
        "Salesforce refused it"
        if standing.status == "blocked"
        else "It was not sent, because Salesforce would refuse it"
    )
    because = [f"{where}: {_reason(standing)}", told.sentence]
    command = f"leadferry unblock {settings.code} {standing.key}"
    again = f"A change of its fields or of the mapping releases it, or: {command}"
    return because, [f"{told.fix} ({told.who})", again]


def _converted(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    return [f"Lead {standing.lead_id} was converted in Salesforce; it takes no more updates."], []


def _suppressed(standing: Standing, settings: SiteSettings) -> tuple[list[str], list[str]]:
    if standing.code == MERGED:
        return [f"{standing.message} Its activities count there, and its lead is left alone."], [SPLIT]
    because = ["Its lead was deleted in Salesforce, and this site does not create deleted leads again."]
    return because, ['It is created again with on_deleted = "create" in [replication].']


def _reason(standing: Standing) -> str:
    return f"{standing.code}: {standing.message}" if standing.message else standing.code


_NAMELESS = "It is sent once it has a name or an e-mail address, or with include_anonymous = true."
_STATED = (
    "It was stated to be anonymous: it is sent once an import or a person states anonymous = no, or with "
    "include_anonymous = true."
)
_NOT_KEPT = "Changes are not sent, because keep_updated is off for this site."
_SENTENCES = {
    "not_eligible": _not_eligible,
    "pending": _pending,
    "replicated": _replicated,
    "outdated": _outdated,
    "retrying": _retrying,
    "blocked": _held,
    "invalid": _held,
    "converted": _converted,
    "suppressed": _suppressed,
}
