"""The tables of a configuration file: which keys there are, of which type, in which range.

Each key's description is the text shown as what is allowed. Left-out keys have no default here: what is
not set is inherited (``ledger.settings``).
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_COUNT = 2**31 - 1
API_NAME = r"^[A-Za-z][A-Za-z0-9_]{0,79}$"
ASSIGNMENT = r"^(on|off|01Q[A-Za-z0-9]{12}([A-Za-z0-9]{3})?)$"
SUPPORTED_VERSIONS = r"^(59|6[0-8])\.0$"


def key(allowed: str, **limits: Any) -> Any:
    return Field(default=None, description=allowed, **limits)


class Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class SalesforceTable(Table):
    login_url: str = key("https://HOST, or http on a loopback address", max_length=255)
    flow: Literal["client_credentials", "jwt_bearer", "web_server"] = key(
        "client_credentials, jwt_bearer, web_server"
    )
    client_id: str = key("text, 1 to 255 characters", min_length=1, max_length=255)
    client_secret: str = key("text, 1 to 4000 characters", min_length=1, max_length=4000)
    username: str = key("text, 1 to 255 characters", min_length=1, max_length=255)
    private_key: str = key("a PEM private key", min_length=1, max_length=20_000)
    private_key_file: str = key("the path of a PEM private key", min_length=1, max_length=1000)
    audience: str = key("text, 1 to 255 characters", min_length=1, max_length=255)
    api_version: str = key('"59.0" to "68.0", in quotes', pattern=SUPPORTED_VERSIONS)


class ReplicationTable(Table):
    enabled: bool = key("true, false")
    keep_updated: bool = key("true, false")
    batch_size: int = key("1..1000", ge=1, le=1000)
    delivery: Literal["auto", "collections", "bulk"] = key("auto, collections, bulk")
    score: str = key("the name of a score of the site", min_length=1, max_length=100)
    minimum_score: int = key(f"{-MAX_COUNT}..{MAX_COUNT}", ge=-MAX_COUNT, le=MAX_COUNT)
    include_anonymous: bool = key("true, false")
    default_company: str = key("text, 1 to 255 characters", min_length=1, max_length=255)
    lead_description: str = key("a template, up to 10000 characters", max_length=10_000)
    external_id_field: str = key("the API name of a field of Lead", pattern=API_NAME)
    api_reserve_percent: int = key("0..100", ge=0, le=100)
    max_calls_per_day: int = key(f"0..{MAX_COUNT}", ge=0, le=MAX_COUNT)
    assignment_rule: str = key("on, off, the id of an assignment rule (01Q...)", pattern=ASSIGNMENT)
    duplicate_rule: Literal["respect", "allow"] = key("respect, allow")
    on_deleted: Literal["create", "suppress"] = key("create, suppress")


class ScheduleTable(Table):
    every: str = key("a period such as 30s, 15m, 1h, 1d, 1w, 1mo; or once")
    cron: str = key("a cron line of five fields")
    between: list[str] = key('two times, such as ["06:00", "22:00"]')
    days: list[str] = key("a list of mon, tue, wed, thu, fri, sat, sun")
    timezone: str = key("a time zone such as Europe/Prague")
    enabled: bool = key("true, false")


class RuleTable(Table):
    name: str = key("text, 1 to 100 characters", min_length=1, max_length=100)
    points: int = key("-1000000..1000000", ge=-1_000_000, le=1_000_000)
    attribute: str = key("a contact field, or custom.<name>")
    operator: str = key("one of the operators of the field")
    value: Any = key("text, a number, true, false, a date, or for operator in a list of them")
    activity: str = key("an activity type")
    url_contains: str = key("text, 1 to 1000 characters")
    title_contains: str = key("text, 1 to 1000 characters")
    value_equals: str = key("text, 1 to 1000 characters")
    recurring: bool = key("true, false")
    max_points: int = key("-1000000..1000000", ge=-1_000_000, le=1_000_000)
    valid_for: str = key("a period such as 90d, 4w, 6m or 1y")
    until: str | date = key("a date such as 2026-12-31")


class ScoreTable(Table):
    name: str = Field(description="text, 1 to 100 characters", min_length=1, max_length=100)
    enabled: bool = key("true, false")
    rule: list[RuleTable] = key("a list of at most 100 rules")


class DefaultTable(Table):
    salesforce: SalesforceTable = key("a table")
    replication: ReplicationTable = key("a table")
    mapping: dict[str, Any] = key("a table")
    schedule: ScheduleTable = key("a table")


class SiteTable(DefaultTable):
    display_name: str = key("text, 1 to 200 characters", min_length=1, max_length=200)
    score: list[ScoreTable] = key("a list of scores")


class File(Table):
    default: DefaultTable = key("a table")
    site: dict[str, SiteTable] = key("tables of the form [site.CODE]")
