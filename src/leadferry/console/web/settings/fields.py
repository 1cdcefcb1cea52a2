"""The fields of the settings page: one for each key of the table [replication]."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from leadferry.contacts.models import Site
from leadferry.ledger.configuration.shape import ReplicationTable
from leadferry.ledger.settings import Replication
from leadferry.scoring.models import Score

Table = Mapping[str, Any]

SWITCH = (("true", "on"), ("false", "off"))
LABELS: Mapping[str, tuple[str, str]] = {
    "enabled": ("Enabled", "Whether the scheduled task sends anything."),
    "keep_updated": ("Keep leads updated", "Off: each contact is sent once. On: again when it changes."),
    "batch_size": ("Batch size", "Contacts in one API call."),
    "delivery": ("Delivery", "Which API carries the contacts."),
    "score": ("Score", "Decides who is sent, best first. Without one, everyone qualifies."),
    "minimum_score": ("Minimum points", "From how many points a contact is sent."),
    "include_anonymous": ("Include anonymous contacts", "Whether contacts without identity are sent too."),
    "default_company": ("Default company name", "For contacts that have no company."),
    "lead_description": ("Lead description", "A template; the mapping uses it as a special value."),
    "external_id_field": ("External ID field", "The key that contact and lead share."),
    "api_reserve_percent": ("Reserve (percent)", "Of the organization's daily API calls, left for others."),
    "max_calls_per_day": ("Calls per day, at most", "A ceiling for this site alone."),
    "assignment_rule": ("Assignment rule", "For created leads: on, off, or the id of a rule."),
    "duplicate_rule": ("Duplicate rule", "When a duplicate rule alerts: respect it, or save all the same."),
    "on_deleted": ("Lead deleted in Salesforce", "Create it again, or suppress the contact."),
}


@dataclass(frozen=True, kw_only=True)
class SettingField:
    """One key as the page shows it; `own`: set by this scope, `value` then being what is in the form and
    `shown` the same for people. `inherited` is what holds otherwise, and `origin` where that comes from.
    """

    key: str
    label: str
    help: str
    allowed: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    own: bool
    value: str
    shown: str
    inherited: str
    origin: str
    fresh: bool = False
    problems: tuple[str, ...] = ()


def setting_fields(
    site: Site | None, own: Table, default: Table, *, problems: Mapping[str, list[str]], fresh: str = ""
) -> list[SettingField]:
    """The fields of a scope that sets `own`; `default` is what all sites inherit (empty for itself).

    `problems` by key; `fresh` is the key that was just overridden and gets the focus.
    """
    return [
        SettingField(
            key=key,
            label=label,
            help=help_,
            allowed=(ReplicationTable.model_fields[key].description or "").replace("true, false", "on, off"),
            kind=_kind(key, site),
            choices=tuple(_choices(key, site)),
            own=key in own,
            value=worded(own.get(key)),
            shown=_shown(own.get(key)),
            inherited=_shown(default.get(key, getattr(Replication, key))),
            origin="all sites" if key in default else "built in",
            fresh=key == fresh,
            problems=tuple(problems.get(key, ())),
        )
        for key, (label, help_) in LABELS.items()
    ]


def _shown(value: object) -> str:
    return dict(SWITCH).get(worded(value), worded(value)) or "none"


def worded(value: object) -> str:
    """A value as the form has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read(posted: Mapping[str, Any]) -> dict[str, Any]:
    """The table that the form gives: each key that is in it is overridden; what is wrong is left as text."""
    return {key: _typed(key, str(posted[key])) for key in LABELS if key in posted}


def _typed(key: str, text: str) -> Any:
    type_ = ReplicationTable.model_fields[key].annotation
    if type_ is bool:
        return {"true": True, "false": False}.get(text, text)
    if type_ is int:
        try:
            return int(text)
        except ValueError:
            return text
    # Browsers end lines with CR LF; a file that is applied would have LF.
    return text.replace("\r\n", "\n") if key == "lead_description" else text.strip()


def _kind(key: str, site: Site | None) -> str:
    if key == "lead_description":
        return "template"
    if ReplicationTable.model_fields[key].annotation is int:
        return "number"
    return "choice" if any(True for _ in _choices(key, site)) else "text"


def _choices(key: str, site: Site | None) -> Iterator[tuple[str, str]]:
    annotation = ReplicationTable.model_fields[key].annotation
    if annotation is bool:
        yield from SWITCH
    elif key == "score" and site is not None:
        yield from ((name, name) for name in Score.objects.filter(site=site).values_list("name", flat=True))
    elif annotation is not int:
        yield from ((str(choice), str(choice)) for choice in get_args(annotation))
