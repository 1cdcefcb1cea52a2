"""The table of verdicts: every code Salesforce or we give for a lead, what to do next, what to tell people.

Source: REST API Developer Guide, status codes and error responses; SOAP API guide, StatusCode.
A new code is a new line here, never a new branch elsewhere.
"""

from dataclasses import dataclass
from enum import StrEnum

ADMIN = "Salesforce administrator"
MARKETING = "Marketing operations"
DEVELOPER = "Web developer"
NOBODY = "Nobody: it passes by itself"


class Kind(StrEnum):
    """What a code asks for, worst first: with several errors in one row the first of these wins."""

    HALTED = "halted"
    CONVERTED = "converted"
    DELETED = "deleted"
    REFUSED = "refused"
    POSTPONED_ONCE = "postponed once"
    POSTPONED_SMALLER = "postponed, smaller batch"
    POSTPONED = "postponed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True)
class Entry:
    """One line: `whole_call` replaces `kind` when the code answers the whole request instead of one row."""

    kind: Kind
    sentence: str
    who: str
    fix: str
    whole_call: Kind | None = None


UNKNOWN = Entry(
    Kind.REFUSED,
    "Salesforce refused the lead for a reason of its own; its message says more.",
    ADMIN,
    "Read Salesforce's message, correct what it names, then unblock the contact.",
)

_WAIT = "Nothing to do; the contact is sent again."
_UNBLOCK = "correct it there, then unblock the contact."

_REFUSED: dict[str, tuple[str, str, str]] = {
    "REQUIRED_FIELD_MISSING": (
        "A field that Salesforce requires is empty.",
        MARKETING,
        "Fill the contact's field, or map the lead field to a source that is never empty.",
    ),
    "STRING_TOO_LONG": (
        "A text is longer than the lead field takes.",
        MARKETING,
        'Shorten the contact\'s value, or set overflow = "truncate" for the field in the mapping.',
    ),
    "INVALID_EMAIL_ADDRESS": (
        "Salesforce does not take this as an e-mail address.",
        MARKETING,
        "Correct the contact's e-mail address.",
    ),
    "NUMBER_OUTSIDE_VALID_RANGE": (
        "A number has more digits than the lead field takes.",
        MARKETING,
        "Correct the contact's value, or have the lead field widened.",
    ),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (
        "The lead field takes only the entries of its picklist, and this is not one of them.",
        MARKETING,
        "Correct the value, add a value table to the mapping, or have the entry added to the picklist.",
    ),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": (
        "The value is of another type than the lead field.",
        MARKETING,
        "Correct the contact's value, or map the lead field to a source of its type.",
    ),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (
        "A validation rule of the organization refused the lead.",
        ADMIN,
        "Correct the contact as the rule's message asks, or change the validation rule.",
    ),
    "FIELD_INTEGRITY_EXCEPTION": (
        "A value does not fit the other values, often a state that the country does not have.",
        MARKETING,
        "Correct the contact's value so that it fits the others.",
    ),
    "FIELD_FILTER_VALIDATION_EXCEPTION": (
        "A lookup filter of the organization does not allow this value.",
        ADMIN,
        "Correct the value, or change the lookup filter.",
    ),
    "DUPLICATES_DETECTED": (
        "A duplicate rule found a record like this one.",
        ADMIN,
        'Merge the records in Salesforce, or set duplicate_rule = "allow" for the site.',
    ),
    "DUPLICATE_VALUE": (
        "Another record already holds a value that must be unique.",
        ADMIN,
        "Find the other record in Salesforce and merge or correct it, then unblock the contact.",
    ),
    "DUPLICATE_EXTERNAL_ID": (
        "Several leads hold this contact's external ID.",
        ADMIN,
        "Merge the leads in Salesforce and mark the external ID field as unique, then unblock the contact.",
    ),
    "MALFORMED_ID": (
        "A value is not the id of a Salesforce record.",
        MARKETING,
        "Correct the id in the contact or in the mapping.",
    ),
    "INVALID_CROSS_REFERENCE_KEY": (
        "The lead refers to a record that does not exist or that may not be used.",
        MARKETING,
        "Correct the id in the contact or in the mapping.",
    ),
    "JSON_PARSER_ERROR": (
        "Salesforce could not read a value of this contact.",
        DEVELOPER,
        "Correct the contact's dates and numbers, or the sources of the mapping.",
    ),
    "MISSING_ARGUMENT": (
        "Salesforce misses a part of the request.",
        DEVELOPER,
        "Report this with the code: it is a fault of Leadferry.",
    ),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (
        "A trigger of the organization failed on this lead.",
        ADMIN,
        "Find the trigger named in the message, " + _UNBLOCK,
    ),
    "CANNOT_EXECUTE_FLOW_TRIGGER": (
        "A flow of the organization failed on this lead.",
        ADMIN,
        "Find the flow named in the message, " + _UNBLOCK,
    ),
    "APEX_ERROR": (
        "Code of the organization failed on this lead.",
        ADMIN,
        "Find the class named in the message, " + _UNBLOCK,
    ),
    "LIMIT_EXCEEDED": (
        "An automation of the organization ran into a limit on this lead.",
        ADMIN,
        "Find the automation named in the message, " + _UNBLOCK,
    ),
    "TEMPLATE_ERROR": (
        "A template of the mapping could not be worked out for this contact.",
        MARKETING,
        "Correct the template; default('') supplies what a contact does not have.",
    ),
}

_POSTPONED: dict[str, tuple[Kind, str]] = {
    "UNABLE_TO_LOCK_ROW": (
        Kind.POSTPONED_SMALLER,
        "Somebody else was changing the lead, or a record it belongs to, in the same moment.",
    ),
    "ENTITY_IS_LOCKED": (Kind.POSTPONED, "The lead is locked by an approval in Salesforce."),
    "SERVER_UNAVAILABLE": (Kind.POSTPONED, "Salesforce is too busy or in maintenance."),
    "UNKNOWN_EXCEPTION": (Kind.POSTPONED, "Salesforce failed without a reason."),
    "REQUEST_RUNNING_TOO_LONG": (Kind.POSTPONED_SMALLER, "Salesforce took too long over the batch."),
    "QUERY_TIMEOUT": (Kind.POSTPONED_SMALLER, "A query inside Salesforce took too long."),
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE": (Kind.POSTPONED, "Salesforce is in maintenance."),
    "REQUEST_LIMIT_EXCEEDED": (Kind.POSTPONED, "The organization has used up its API requests for now."),
    "EXCEEDED_ID_LIMIT": (Kind.POSTPONED_SMALLER, "The call held more leads than Salesforce takes at once."),
    "INVALID_AUTH_HEADER": (Kind.POSTPONED, "The session with Salesforce expired."),
    "INVALID_SESSION_ID": (Kind.POSTPONED, "The session with Salesforce expired."),
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": (Kind.NOT_TRIED, "Another contact of the same call was refused."),
    "PROCESSING_HALTED": (Kind.NOT_TRIED, "Another part of the same call failed."),
    "BATCH_PROCESSING_HALTED": (Kind.NOT_TRIED, "Another part of the same call failed."),
    "CONNECTION_FAILED": (Kind.POSTPONED, "Salesforce could not be reached."),
    "TIMEOUT": (Kind.POSTPONED_SMALLER, "Salesforce did not answer in time."),
}

_HALTED: dict[str, tuple[str, str]] = {
    "INVALID_FIELD_FOR_INSERT_UPDATE": (
        "The connected user may not write a mapped field.",
        "Give the user edit permission for the field, or take the field out of the mapping.",
    ),
    "INVALID_FIELD": (
        "A mapped field does not exist on Lead, or the connected user may not see it.",
        "Create the field or give the user permission for it, or take the field out of the mapping.",
    ),
    "INVALID_TYPE": ("The connected user may not use leads.", "Give the user the Lead permissions."),
    "NOT_FOUND": (
        "The external ID field does not exist, or the connected user may not see it.",
        "Create the field, or give the user permission for it.",
    ),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (
        "The connected user may not use a record that the leads refer to.",
        "Give the user access to the owner or queue that leads are assigned to.",
    ),
    "INACTIVE_OWNER_OR_USER": (
        "Leads would be owned by a user who is not active.",
        "Choose an active owner in the mapping or in the assignment rule.",
    ),
    "STORAGE_LIMIT_EXCEEDED": (
        "The organization has no storage left for new leads.",
        "Free or buy data storage in Salesforce.",
    ),
    "LICENSE_LIMIT_EXCEEDED": (
        "The organization's licences are used up.",
        "Free or buy licences in Salesforce.",
    ),
    "TXN_SECURITY_NO_ACCESS": (
        "A transaction security policy of the organization forbids this.",
        "Except the connected user from the policy.",
    ),
    "FUNCTIONALITY_NOT_ENABLED": (
        "The organization does not have a function that the site's settings ask for.",
        "Have it switched on in Salesforce, or change the site's settings.",
    ),
    "API_DISABLED_FOR_ORG": (
        "The organization has no API.",
        "Have the API switched on for the organization.",
    ),
    "API_CURRENTLY_DISABLED": ("The connected user may not use the API.", "Give the user API Enabled."),
    "UNSUPPORTED_API_VERSION": (
        "The organization does not speak this API version.",
        "Remove api_version from the site's settings, or choose one the organization has.",
    ),
}

_NO_ACCESS = Entry(
    Kind.REFUSED,
    "The connected user may not write this lead.",
    ADMIN,
    "Share the lead with the user, or give the user the Lead permissions; then unblock the contact.",
    Kind.HALTED,
)

_SPECIAL = {
    "CANNOT_UPDATE_CONVERTED_LEAD": Entry(
        Kind.CONVERTED,
        "The lead was converted and takes no updates.",
        NOBODY,
        "Nothing to do: sales took it over.",
    ),
    "ENTITY_IS_DELETED": Entry(
        Kind.DELETED,
        "The lead was deleted in Salesforce.",
        MARKETING,
        "Decide in the site's settings whether deleted leads are created again or left alone.",
    ),
    "INSUFFICIENT_ACCESS_OR_READONLY": _NO_ACCESS,
    "INSUFFICIENT_ACCESS": _NO_ACCESS,
}

ENTRIES: dict[str, Entry] = {
    **{code: Entry(Kind.REFUSED, *words) for code, words in _REFUSED.items()},
    **{code: Entry(kind, sentence, NOBODY, _WAIT) for code, (kind, sentence) in _POSTPONED.items()},
    **{code: Entry(Kind.HALTED, sentence, ADMIN, fix) for code, (sentence, fix) in _HALTED.items()},
    **_SPECIAL,
}
