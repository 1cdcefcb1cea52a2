"""A lead as it goes over the wire, and its fingerprint: of mapped fields, or of what the database wrote."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from leadferry.core.contact import external_ids
from leadferry.core.lead import fingerprint
from leadferry.core.shortcut import Group, Shortcut
from leadferry.engine.orders import Order
from leadferry.ledger.storage.due import FIRST, KEY, SCORE

Wired = tuple[bytes, bytes]
"""The JSON object of a lead, and the fingerprint of what it holds."""

Row = Sequence[Any]

_EMPTY = re.compile(rb',?"\w+":null')


def serializer(order: Order) -> Callable[[str, dict[str, Any], bool], Wired]:
    """What makes a lead of a contact's key, the mapped fields, and whether there is a lead already.

    The fingerprint is of the values that the lead holds and that an update could alter. Empty ones do not
    count: a field that is newly mapped alters only the leads that get something in it.
    """
    mapping, wired = order.mapping, _wirer(order)

    def serialize(key: str, fields: dict[str, Any], known: bool) -> Wired:
        if mapping.same_for_update:
            return wired(key, orjson.dumps(fields))
        sent = mapping.for_update(fields) if known else mapping.for_create(fields)
        row, _ = wired(key, orjson.dumps(sent))
        return row, fingerprint(_filled(orjson.dumps(mapping.for_update(sent))))

    return serialize


def quick_serializer(order: Order, shortcut: Shortcut) -> Callable[[Row], Wired | None]:
    """What makes a lead of a row that was selected for the shortcut; None: it needs an exact look."""
    wired, doubt, checks = _wirer(order), len(shortcut.stretches), shortcut.checks
    is_copied, joined = len(shortcut.pieces) == len(shortcut.stretches) == 1, _joiner(shortcut)

    def serialize(row: Row) -> Wired | None:
        if row[doubt]:
            return None
        for place, accepts in checks:
            if (value := row[place]) and not accepts(value):
                return None
        body = row[0].encode() if is_copied else joined(row)
        return wired(row[KEY], body) if body else None

    return serialize


def _joiner(shortcut: Shortcut) -> Callable[[Row], bytes | None]:
    """What makes the JSON object of all fields of the row, of those copied and those made."""

    def joined(row: Row) -> bytes | None:
        if row[SCORE] == FIRST:
            return None  # these are not its points
        sight, copied = shortcut.see(row, row[SCORE]), iter(row)
        objects: list[bytes] = []
        for piece in shortcut.pieces:
            if not isinstance(piece, Group):
                objects.append(next(copied).encode())
            elif (made := piece.values(sight)) is not None:
                objects.append(orjson.dumps(made))
            else:
                return None
        return b"{%b}" % b",".join(each[1:-1] for each in objects if len(each) > 2)

    return joined


def _wirer(order: Order) -> Callable[[str, bytes], Wired]:
    external_id = external_ids(order.site.code)
    head = b'{"attributes":{"type":"Lead"},"' + order.external_id_field.encode() + b'":"%b",%b'

    def wired(key: str, body: bytes) -> Wired:
        filled = _filled(body) if body.rfind(b'":null') >= 0 else body  # from behind costs half
        row = head % (external_id(key).encode(), body[1:])
        return row if len(body) > 2 else row.replace(b",}", b"}"), fingerprint(filled)

    return wired


def _filled(body: bytes) -> bytes:
    """The object without its empty fields. Quotes inside a text are escaped, so it holds no such name."""
    filled = _EMPTY.sub(b"", body)
    return b"{" + filled[2:] if filled.startswith(b"{,") else filled
