"""API calls of the last 24 hours: spent, reserved for others, left for a site."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What bounds a run. All counts are of the last 24 hours, rolling.

    `used_by_org` and `allowed` come from the last answer's header; None before the first one, and then only
    the site's own `ceiling` bounds it. `reserve_percent` of `allowed` is left for everyone else in the org.
    """

    used_by_org: int | None = None
    allowed: int | None = None
    reserve_percent: int = 20
    used_by_site_today: int = 0
    ceiling: int | None = None

    @property
    def reserved(self) -> int:
        """Calls of the org's allowance that the site never touches; a part of a call counts as one."""
        return -(-(self.allowed or 0) * self.reserve_percent // 100)

    def calls_left(self) -> int | None:
        """Calls the site may still make, never below 0; None when nothing known bounds it."""
        bounds = [left for left in (self._left_in_org(), self._left_in_ceiling()) if left is not None]
        return max(0, min(bounds)) if bounds else None

    def may_spend(self, calls: int) -> bool:
        """Whether that many calls stay within both bounds."""
        left = self.calls_left()
        return left is None or calls <= left

    def why_not(self, calls: int) -> str | None:
        """Which bound so many calls would cross, in one sentence; None when they may be spent."""
        if self.may_spend(calls):
            return None
        ceiling = self._left_in_ceiling()
        if ceiling is not None and calls > ceiling:
            return (
                f"The site has used {self.used_by_site_today:,} of {self.ceiling:,} API calls in 24 hours; "
                "the rest goes when older calls are a day old, or when the ceiling is raised."
            )
        return (
            f"The organization has used {self.used_by_org:,} of {self.allowed:,} API calls in 24 hours, and "
            f"{self.reserved:,} ({self.reserve_percent}%) are reserved for others; the rest goes next time."
        )

    def _left_in_org(self) -> int | None:
        if self.used_by_org is None or self.allowed is None:
            return None
        return self.allowed - self.reserved - self.used_by_org

    def _left_in_ceiling(self) -> int | None:
        return None if self.ceiling is None else self.ceiling - self.used_by_site_today
