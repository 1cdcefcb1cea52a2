"""The stored values of a contact as a list, and what a reading makes of it."""

from datetime import datetime

import orjson

from leadferry.contacts.reading import FIELDS, STATED, Reading
from leadferry.core.contact import CONTACT_FIELDS, EMPTY, BadValue, Value

MAX_CUSTOM = 200

BIRTHDAY = FIELDS.index("birthday")
ANONYMOUS = FIELDS.index("anonymous")
CREATED = FIELDS.index("created")
MODIFIED = FIELDS.index("modified")
CUSTOM = len(FIELDS)
NAMED_BY = tuple(FIELDS.index(name) for name in ("first_name", "middle_name", "last_name", "email"))

Record = list[Value]
"""The values of `FIELDS` in order, the custom fields as JSON text, what was stated of `anonymous`."""

_BLANK: Record = [*(EMPTY[kind] for kind in CONTACT_FIELDS.values()), "", None]


def changed(before: Record | None, reading: Reading, *, now: datetime) -> Record | None:
    """The record after `reading`; None when that changes nothing. Raises `BadValue`.

    What was stated of `anonymous` stays until it is stated anew or taken back; where nothing is stated,
    anonymous is who has neither name nor e-mail (interface description, section 3).
    """
    after = _BLANK.copy() if before is None else before.copy()
    after[CREATED] = after[CREATED] or now
    for position, value in reading.fields:
        after[position] = value
    stated = after[STATED]
    after[ANONYMOUS] = not any(after[position] for position in NAMED_BY) if stated is None else stated
    if reading.custom:
        after[CUSTOM] = _merged(str(after[CUSTOM]), reading)
    if after == before:
        return None
    if not is_only_stated(before, after):
        after[MODIFIED] = now
    return after


def is_only_stated(before: Record | None, after: Record) -> bool:
    """Whether all that is new is the statement of what was so before: that changes nothing of the contact."""
    return before is not None and before[:STATED] == after[:STATED]


def _merged(text: str, reading: Reading) -> str:
    merged = {**(orjson.loads(text) if text else {}), **reading.custom}
    kept = {name: value for name, value in merged.items() if value is not None}
    if len(kept) > MAX_CUSTOM:
        raise BadValue("custom", f"at most {MAX_CUSTOM} custom fields of one contact")
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else ""
