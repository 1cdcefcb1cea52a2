"""Record ids: 15 characters that know their case, and 3 more that survive systems which do not."""

import re

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_POD = "bm0"
_SHAPE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")

PREFIXES = {
    "Lead": "00Q",
    "User": "005",
    "Organization": "00D",
    "PermissionSet": "0PS",
    "FieldPermissions": "01k",
    "ObjectPermissions": "110",
    "PermissionSetAssignment": "0Pa",
    "CustomField": "00N",
    "Group": "00G",
    "Account": "001",
    "Contact": "003",
    "Opportunity": "006",
}


def checksum(short: str) -> str:
    """The three last characters of the 18-character form.

    Each stands for five characters: bit i is set when character i is an upper-case letter.
    """
    groups = (short[start : start + 5] for start in (0, 5, 10))
    return "".join(_CHECKS[sum(char.isupper() << i for i, char in enumerate(group))] for group in groups)


def numbered(prefix: str, number: int) -> str:
    """The 18-character id of the number-th record with this prefix."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = _ALPHABET[rest] + digits
    short = prefix + _POD + digits.rjust(9, "0")
    return short + checksum(short)


def canonical(text: str) -> str | None:
    """The 18-character form of an id of 15 or 18 characters; None when it is no id."""
    if not _SHAPE.fullmatch(text):
        return None
    short = text[:15]
    return short + checksum(short) if len(text) == 15 or text[15:] == checksum(short) else None
