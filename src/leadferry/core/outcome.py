"""What came of one contact in a run: an outcome says what to do next, its reason explains it to people.

Delivered                    the lead is there
Refused, Invalid             the contact waits for a change: in the org's answer, or before sending
Postponed                    a passing fault: try again
Converted, Deleted           the lead has left our hands
Halted                       a person must act; no contact is blamed
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.core.verdicts import ENTRIES, UNKNOWN, Entry, Kind

PASSING_TEXTS = (
    "UNABLE_TO_LOCK_ROW",
    "Too many SOQL queries",
    "Too many DML",
    "Too many query rows",
    "CPU time limit exceeded",
    "Apex CPU time limit",
    "QUERY_TIMEOUT",
    "SERVER_UNAVAILABLE",
    "unable to obtain exclusive access",
)
"""Texts of a passing fault inside another code's message. Salesforce does not translate them, which is why
text may decide here and nowhere else."""

# The codes whose message tells what happened inside an automation of the org.
_AUTOMATION = frozenset(
    {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER", "APEX_ERROR", "LIMIT_EXCEEDED"}
)


LONGEST_MESSAGE = 4_000
LONGEST_CODE = 80


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Salesforce's code (or one of ours), its message and the lead fields it names.

    The message may hold a person's data: it is stored and shown, never logged.
    """

    code: str
    message: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The lead holds the values; `created` when this delivery made it."""

    lead_id: str
    created: bool


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Salesforce refused the data of this contact: it is blocked."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Invalid:
    """Salesforce would refuse the data, so it was not sent."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Postponed:
    """A passing fault. `smaller`: a smaller batch may get through. `once`: the same answer after one more try
    is a refusal. `counted`: whether this was a try of this contact at all; another contact's fault is not.
    `in_doubt`: the lead may have been saved."""

    reason: Reason
    smaller: bool = False
    once: bool = False
    counted: bool = True
    in_doubt: bool = False


@dataclass(frozen=True, kw_only=True)
class Converted:
    """The lead was converted; it takes no updates."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """The lead was deleted or merged away in Salesforce."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Halted:
    """Nothing will pass until a person acts: connection, permission, missing field, storage."""

    reason: Reason


_OF_A_REFERENCE = frozenset({"INACTIVE_OWNER_OR_USER", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"})


def beside_delivered(outcome: "Outcome") -> "Outcome":
    """The outcome of a lead, known that the same call delivered another one.

    What a lead refers to, its owner for one, may be at fault for the site or for this lead alone; then it is
    the latter, and must not stop the others (interface description, rule 4).
    """
    if isinstance(outcome, Halted) and outcome.reason.code in _OF_A_REFERENCE:
        return Refused(reason=outcome.reason)
    return outcome


_OF_THE_USER = frozenset({"INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS"})


def beside_nobody(outcomes: "Sequence[Outcome]") -> "Sequence[Outcome]":
    """The outcomes of a call that delivered no lead.

    When every one of several leads may not be written, it is not their sharing: the connected user lost the
    permission, and no contact is to blame (product description, outcomes: needs a person).
    """
    refused = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
    everybody = 1 < len(outcomes) == sum(reason.code in _OF_THE_USER for reason in refused)
    return [Halted(reason=reason) for reason in refused] if everybody else outcomes


Outcome = Delivered | Refused | Invalid | Postponed | Converted | Deleted | Halted


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A code in plain words: what it means, who can change it, and how."""

    sentence: str
    who: str
    fix: str


def explain(code: str) -> Explanation:
    """What the code means to people; an unknown code points to Salesforce's own text."""
    entry = ENTRIES.get(code, UNKNOWN)
    return Explanation(sentence=entry.sentence, who=entry.who, fix=entry.fix)


def reason_of(error: Mapping[str, Any]) -> Reason:
    """One error of an answer, of either shape: `statusCode` in rows, `errorCode` for the whole call."""
    code = error.get("statusCode") or error.get("errorCode") or "UNKNOWN_EXCEPTION"
    named = error.get("fields")
    fields = tuple(str(name) for name in named) if isinstance(named, list | tuple) else ()
    # PostgreSQL stores no NUL, and nobody reads more; a message that cannot be kept would come back for ever.
    message = str(error.get("message") or "").replace("\x00", " ")[:LONGEST_MESSAGE]
    return Reason(code=str(code)[:LONGEST_CODE], message=message, fields=fields)


def verdict(
    errors: Sequence[Mapping[str, Any]], *, key_field: str = "", whole_call: bool = False
) -> Refused | Postponed | Converted | Deleted | Halted:
    """The outcome that one row's errors ask for; the worst of several decides, and all fields are listed.

    `key_field` is the external ID field's API name. `whole_call` when the errors answer the request, not a
    row: what is one contact's sharing problem in a row is a missing permission there. No error at all is a
    passing fault.
    """
    reasons = [reason_of(error) for error in errors] or [reason_of({"message": "Salesforce gave no reason."})]
    ranked = sorted(reasons, key=lambda reason: _RANK[_kind(reason, key_field, whole_call)])
    worst = ranked[0]
    fields = tuple(dict.fromkeys(name for reason in ranked for name in reason.fields))
    return _outcome(
        _kind(worst, key_field, whole_call), Reason(code=worst.code, message=worst.message, fields=fields)
    )


_RANK = {kind: rank for rank, kind in enumerate(Kind)}


def _kind(reason: Reason, key_field: str, whole_call: bool) -> Kind:
    if reason.code == "DUPLICATE_VALUE" and _is_race(reason, key_field):
        return Kind.POSTPONED_ONCE
    if reason.code in _AUTOMATION and any(text in reason.message for text in PASSING_TEXTS):
        return Kind.POSTPONED_SMALLER
    entry: Entry = ENTRIES.get(reason.code, UNKNOWN)
    return entry.whole_call if whole_call and entry.whole_call else entry.kind


def _is_race(reason: Reason, key_field: str) -> bool:
    # Another process inserted the key in the same moment; sent again, the insert becomes an update.
    # The field's API name stands in the message in every language.
    if not key_field:
        return False
    key = key_field.lower()
    return key in reason.message.lower().split() or [name.lower() for name in reason.fields] == [key]


def _outcome(kind: Kind, reason: Reason) -> Refused | Postponed | Converted | Deleted | Halted:
    match kind:
        case Kind.HALTED:
            return Halted(reason=reason)
        case Kind.CONVERTED:
            return Converted(reason=reason)
        case Kind.DELETED:
            return Deleted(reason=reason)
        case Kind.REFUSED:
            return Refused(reason=reason)
    return Postponed(
        reason=reason,
        smaller=kind is Kind.POSTPONED_SMALLER,
        once=kind is Kind.POSTPONED_ONCE,
        counted=kind is not Kind.NOT_TRIED,
    )
