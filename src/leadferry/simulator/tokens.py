"""The words of a SOQL text, and what its literals mean."""

import re
from datetime import datetime, timedelta

from leadferry.simulator.errors import ApiError, bad_request
from leadferry.simulator.schema import Field
from leadferry.simulator.values import moment, timestamp

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*(?::\d{1,9})?)|(?P<sign><=|>=|!=|<>|[=<>(),]))"
)
_UNIT = "(?:DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)"
_LITERAL = re.compile(
    rf"(?:LAST|THIS|NEXT)_(?!DAY){_UNIT}|(?:LAST|NEXT)_90_DAYS|TOMORROW"
    rf"|(?!LAST_N_DAYS)(?:LAST|NEXT)_N_{_UNIT}S:\d+|N_{_UNIT}S_AGO:\d+"
)
_CURRENCY = re.compile(r"[A-Z]{3}\d+(?:\.\d+)?")
_DAYS_AGO = {"TODAY": 0, "YESTERDAY": 1}
_MOST_DIGITS = 18
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def malformed(text: str) -> ApiError:
    return bad_request("MALFORMED_QUERY", text)


def tokens_of(text: str) -> list[str]:
    tokens, at, end = [], 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise malformed(f"unexpected token: '{text[at : at + 10].strip()}'")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


def pattern(token: str) -> str:
    """The text after LIKE; an escaped wildcard stays escaped."""
    if not token.startswith("'"):
        raise malformed(f"unexpected token: '{token}'")
    return re.sub(r"\\(['\"])", r"\1", token[1:-1])


def dated(token: str) -> str:
    if "T" not in token:
        return token
    try:
        return timestamp(moment(token))
    except ValueError:
        raise malformed(f"invalid date: {token}") from None


def number(token: str) -> float:
    return float(token) if "." in token or len(token) > _MOST_DIGITS else int(token)


def relative(token: str, now: datetime, field: Field) -> str:
    """A date literal; a datetime field is compared with the start of that day (UTC)."""
    name, _, count = token.upper().partition(":")
    if name == "LAST_N_DAYS" and count:
        back = int(count)
    elif token.upper() in _DAYS_AGO:
        back = _DAYS_AGO[token.upper()]
    else:
        raise malformed(f"unexpected token: '{token}'")
    try:
        day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
    except OverflowError:
        raise malformed(f"unexpected token: '{token}'") from None
    return day.date().isoformat() if field.type == "date" else timestamp(day)


def unknown_literal(token: str) -> str:
    """A literal that the platform has and this organization does not, in words; "" for any other token."""
    if _LITERAL.fullmatch(token.upper()):
        return f"SOQL's date literal {token}"
    return f"A currency in SOQL ({token})" if _CURRENCY.fullmatch(token.upper()) else ""


def text_of(token: str) -> str:
    """What stands between the quotes, escapes resolved."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), token[1:-1])
