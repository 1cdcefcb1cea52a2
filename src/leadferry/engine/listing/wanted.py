"""What is wanted of the list of contacts (product description, section 2)."""

from dataclasses import dataclass
from datetime import date

REPLICATED, NOT_REPLICATED = "with_lead", "not_replicated"
STATUSES = (
    "not_eligible",
    "pending",
    "replicated",
    "outdated",
    "retrying",
    "blocked",
    "invalid",
    "converted",
    "suppressed",
)
"""The exact ones (interface description, section 3)."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which contacts; an empty value says nothing.

    `search` is the whole key, or how e-mail, first or last name begin; of `name` each word is how the first
    or last name begins. The places, owner and status are whole values. Capitals do not matter. `phone` is
    any part of one of the four numbers. The days are both included, and in UTC. `replication`: REPLICATED,
    NOT_REPLICATED, or one of STATUSES.
    """

    search: str = ""
    name: str = ""
    email: str = ""
    status: str = ""
    phone: str = ""
    owner: str = ""
    country: str = ""
    state: str = ""
    city: str = ""
    created_from: date | None = None
    created_to: date | None = None
    replication: str = ""
