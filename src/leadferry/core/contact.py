"""A person known to a site: which fields there are, and how a value from outside becomes one of ours."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType

MAX_TEXT = 1_000
MAX_NOTES = 32_000
MAX_KEY = 200
MAX_SITE_CODE = 50
MAX_INTEGER = 2**31 - 1
LARGEST_EXACT_INTEGER = 2**53

Value = str | bool | int | float | date | datetime | None

_SITE_CODE = re.compile(r"[a-z0-9_-]{1,50}")
_CUSTOM_NAME = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_ -]{0,98}[A-Za-z0-9_-])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})


class FieldKind(StrEnum):
    """What a contact field holds."""

    TEXT = "text"
    EMAIL = "email"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    INTEGER = "integer"


_COLUMNS = """
first_name middle_name last_name salutation title_before title_after job_title company email:email
business_phone mobile_phone home_phone fax website address1 address2 city state zip country
birthday:date gender status notes campaign owner
anonymous:boolean monitored:boolean bounces:integer created:datetime modified:datetime
"""

CONTACT_FIELDS: Mapping[str, FieldKind] = MappingProxyType(
    {name: FieldKind(kind or "text") for name, _, kind in (word.partition(":") for word in _COLUMNS.split())}
)
"""Every field of a contact and its kind, in the order of the columns (product description, Contacts)."""

EMPTY: Mapping[FieldKind, Value] = MappingProxyType(
    {
        FieldKind.TEXT: "",
        FieldKind.EMAIL: "",
        FieldKind.DATE: None,
        FieldKind.DATETIME: None,
        FieldKind.BOOLEAN: False,
        FieldKind.INTEGER: 0,
    }
)
"""What a cleared field of each kind holds."""


class BadValue(ValueError):
    """A value from outside that a contact cannot hold; says what is allowed, never repeats the value."""

    def __init__(self, field: str, allowed: str) -> None:
        super().__init__(f"{field}: allowed is {allowed}")
        self.field = field
        self.allowed = allowed


def clean(field: str, raw: object) -> Value:
    """The value that `field` holds after `raw` was imported; an empty `raw` gives the cleared value.

    Text is brought to Unicode form C, so that a name typed in two ways is one value, and loses the blanks
    around it (a no-break space inside stays). Times without a zone are UTC. Raises `BadValue`.
    """
    kind = CONTACT_FIELDS.get(field)
    if kind is None:
        raise BadValue(field, "a contact field: " + ", ".join(CONTACT_FIELDS))
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return EMPTY[kind]
    return _CLEANERS[kind](field, raw)


def clean_custom(name: str, raw: object) -> str | bool | int | float | None:
    """The value a custom field holds: cleaned text, a number, a boolean; None: cleared. Raises `BadValue`."""
    field = f"custom.{name}"
    if not _CUSTOM_NAME.fullmatch(name):
        raise BadValue(
            field, "a name of letters, digits, blanks, - and _, starting with a letter, at most 100"
        )
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and not math.isfinite(raw):
        raise BadValue(field, "a finite number")
    # Beyond this, JSON numbers lose digits on their way through other programs; such an id is better a text.
    if isinstance(raw, int | float) and abs(raw) <= LARGEST_EXACT_INTEGER:
        return raw
    return clean_text(field, raw) or None


def clean_text(field: str, raw: object, *, limit: int = MAX_TEXT) -> str:
    """`raw` as text in Unicode form C without blanks around it; refuses NUL, lone surrogates, excess."""
    text = unicodedata.normalize("NFC", _as_text(field, raw)).strip()
    if len(text) > limit:
        raise BadValue(field, f"text of at most {limit} characters")
    if "\x00" in text or (not text.isascii() and _SURROGATE.search(text)):
        raise BadValue(field, "Unicode text without NUL characters and lone surrogates")
    return text


def _as_text(field: str, raw: object) -> str:
    match raw:
        case str():
            return raw
        case bool():
            return "true" if raw else "false"
        case int() | float():
            return str(raw)
        case datetime() | date():
            return raw.isoformat()
    raise BadValue(field, "text")


def _clean_text_field(field: str, raw: object) -> Value:
    return clean_text(field, raw, limit=MAX_NOTES if field == "notes" else MAX_TEXT)


def _clean_date(field: str, raw: object) -> Value:
    moment = raw if isinstance(raw, date) else None
    if isinstance(raw, str):
        moment = _parsed(datetime.fromisoformat, raw)
    if moment is None:
        raise BadValue(field, "an ISO 8601 date such as 1815-12-10")
    return moment.date() if isinstance(moment, datetime) else moment


def _clean_datetime(field: str, raw: object) -> Value:
    moment = _parsed(datetime.fromisoformat, raw) if isinstance(raw, str) else raw
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if not isinstance(moment, datetime):
        raise BadValue(field, "an ISO 8601 time such as 2026-11-23T10:00:00Z")
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        raise BadValue(field, "a time between the years 1 and 9999") from None


def _parsed(parse: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        return parse(text.strip())
    except ValueError:
        return None


def _clean_boolean(field: str, raw: object) -> Value:
    word = _as_text(field, raw).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue(field, "true or false, 1 or 0, yes or no")


def _clean_integer(field: str, raw: object) -> Value:
    text = _as_text(field, raw).strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > MAX_INTEGER:
        raise BadValue(field, f"a whole number from 0 to {MAX_INTEGER}")
    return int(text)


_CLEANERS: Mapping[FieldKind, Callable[[str, object], Value]] = {
    FieldKind.TEXT: _clean_text_field,
    FieldKind.EMAIL: _clean_text_field,
    FieldKind.DATE: _clean_date,
    FieldKind.DATETIME: _clean_datetime,
    FieldKind.BOOLEAN: _clean_boolean,
    FieldKind.INTEGER: _clean_integer,
}


def clean_site_code(raw: object) -> str:
    """The code name of a site (interface description, section 2). Raises `BadValue`."""
    if isinstance(raw, str) and _SITE_CODE.fullmatch(raw):
        return raw
    raise BadValue("site", f"a-z, 0-9, - and _, from 1 to {MAX_SITE_CODE} characters")


def clean_key(raw: object) -> str:
    """The website's own identifier of a contact, stripped: 1 to 200 characters, no control characters.

    Whole numbers are taken as their digits. The text is not normalised otherwise: two keys that differ in
    bytes are two contacts. Raises `BadValue`.
    """
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if isinstance(text, str):
        key = text.strip()
        if 1 <= len(key) <= MAX_KEY and not _CONTROL.search(key) and not _SURROGATE.search(key):
            return key
    raise BadValue("key", f"from 1 to {MAX_KEY} characters, none of them a control character")


def external_id(site_code: str, key: str) -> str:
    """The key that contact and lead share: 32 lowercase hex digits, made of site and key alone.

    It must never change: an installation rebuilt from scratch finds its leads by it (interface description,
    section 4, rule 1). A NUL parts site from key; neither can contain one, so no two pairs give the same
    bytes.
    """
    return external_ids(site_code)([key])[0]


def external_ids(site_code: str) -> Callable[[Iterable[str]], list[str]]:
    """`external_id` for the many keys of one site, in their order."""
    begun = blake2b(f"{site_code}\x00".encode(), digest_size=16)

    def of(keys: Iterable[str]) -> list[str]:
        found = []
        for key in keys:
            digest = begun.copy()
            digest.update(key.encode())
            found.append(digest.hexdigest())
        return found

    return of
