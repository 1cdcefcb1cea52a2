"""Which contacts are worth a lead, and why another is not (product description, Settings)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Who is sent: everyone, or who has `minimum` points of `score_name`; anonymous contacts if asked."""

    score_name: str | None = None
    minimum: int = 0
    include_anonymous: bool = False


def qualifies(threshold: Threshold, *, score: int, anonymous: bool) -> bool:
    """Whether a contact with that score is worth a lead; without a score in the settings everyone is."""
    if anonymous and not threshold.include_anonymous:
        return False
    return threshold.score_name is None or score >= threshold.minimum


def why_not(threshold: Threshold, *, score: int, anonymous: bool) -> str | None:
    """What keeps the contact from being sent, in one sentence; None when it qualifies."""
    if qualifies(threshold, score=score, anonymous=anonymous):
        return None
    if anonymous and not threshold.include_anonymous:
        return "The contact is anonymous, and this site does not send anonymous contacts."
    points = "point" if score == 1 else "points"
    return (
        f"It has {score} {points} of {threshold.score_name}, and this site sends from {threshold.minimum} on."
    )
