"""The knobs of the organization: what differs between organizations, and what no source settles."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from leadferry.simulator.errors import ControlError
from leadferry.simulator.shapes import Json

CHOICES = {
    "unknown_field": ("row", "request"),
    "deleted_key": ("insert", "error", "undelete"),
    "repeated_key": ("second", "all"),
    "duplicate_rule": ("off", "alert", "block"),
    "consent": ("ask", "allow", "deny"),
}


LEAST = {"max_grants": 1, "max_rows": 1, "over_limit_status": 400}
MOST = {"over_limit_status": 599, "answer_delay": 3600}
"""Bounds of the numbers; none is below 0."""
_LARGEST = 2**31


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All knobs; times in seconds, limits in calls or rows."""

    daily_limit: int = 15_000
    usage_jitter: int = 0
    session_life: float = 7200
    session_slides: bool = False
    refresh_rotation: bool = False
    require_pkce: bool = False
    consent: str = "ask"
    max_grants: int = 5
    instance_url: str = ""
    username: str = "integration@simulated.example"
    api_enabled: bool = True
    unknown_field: str = "row"
    deleted_key: str = "insert"
    repeated_key: str = "second"
    unique_keys: bool = True
    max_rows: int = 200
    over_limit_status: int = 400
    storage_leads: int = 0
    sees_converted: bool = False
    duplicate_rule: str = "off"
    duplicate_field: str = "Email"
    duplicate_message: str = "Use one of these records?"
    assignment_owner: str = ""
    answer_delay: float = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def changed(self, changes: dict[str, Any]) -> "Settings":
        """The settings with some replaced; raises ControlError for an unknown name or a wrong value."""
        known = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        checked = {name: _fitting(name, value, known) for name, value in changes.items()}
        return replace(self, **checked)


def _fitting(name: str, value: object, known: dict[str, type]) -> Json:
    if name not in known:
        raise ControlError(f"unknown setting {name}; there are: {', '.join(known)}")
    wanted = known[name]
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not wanted:
        raise ControlError(f"{name} takes {wanted.__name__}, not {type(value).__name__}")
    if name in CHOICES and value not in CHOICES[name]:
        raise ControlError(f"{name} is one of {', '.join(CHOICES[name])}")
    if isinstance(value, int | float):
        _check_bounds(name, value)
    return value


def _check_bounds(name: str, value: float) -> None:
    least, most = LEAST.get(name, 0), MOST.get(name, _LARGEST)
    if not least <= value <= most:
        upper = f" to {most}" if name in MOST else " on"
        raise ControlError(f"{name} takes a number from {least}{upper}, not {value}")
