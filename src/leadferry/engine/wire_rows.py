"""A lead as it goes over the wire, and its fingerprint: of mapped fields, or of what the database wrote."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from leadferry.core.contact import external_ids
from leadferry.core.lead import fingerprint, fingerprints
from leadferry.core.outcome import Invalid
from leadferry.core.shortcut import Group, Shortcut
from leadferry.engine.orders import Order
from leadferry.ledger.storage.due import CONTACT, FIRST, KEY, SCORE

Wired = tuple[bytes, bytes]
"""The JSON object of a lead, and the fingerprint of what it holds."""

Leads = dict[int, Wired | Invalid]
"""By contact the lead that the mapping makes of it, or what the organization would refuse."""

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
            return wired([key], [orjson.dumps(fields)])[0]
        sent = mapping.for_update(fields) if known else mapping.for_create(fields)
        [(row, _)] = wired([key], [orjson.dumps(sent)])
        return row, fingerprint(_filled(orjson.dumps(mapping.for_update(sent))))

    return serialize


def quick_serializer(order: Order, shortcut: Shortcut) -> Callable[[Sequence[Row]], Leads]:
    """What makes leads, by contact, of rows that were selected for the shortcut.

    Who is missing needs an exact look. Each step goes over all rows, which costs less than all steps a row.
    """
    wired, doubt, checks = _wirer(order), len(shortcut.stretches), shortcut.checks
    is_copied, joined = len(shortcut.pieces) == len(shortcut.stretches) == 1, _joiner(shortcut)

    def serialize(rows: Sequence[Row]) -> Leads:
        sure = [row for row in rows if not row[doubt]]
        for place, accepts in checks:
            sure = [row for row in sure if not (value := row[place]) or accepts(value)]
        if is_copied:
            bodies = [row[0].encode() for row in sure]
        else:
            made = [(row, body) for row in sure if (body := joined(row))]
            sure, bodies = [row for row, _ in made], [body for _, body in made]
        leads = wired([row[KEY] for row in sure], bodies)
        return dict(zip([row[CONTACT] for row in sure], leads, strict=True))

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


def _wirer(order: Order) -> Callable[[Sequence[str], Sequence[bytes]], list[Wired]]:
    """What makes leads of contacts' keys and of the JSON objects of their fields."""
    external_ids_of = external_ids(order.site.code)
    head = b'{"attributes":{"type":"Lead"},"' + order.external_id_field.encode() + b'":"%b",%b'

    def wired(keys: Sequence[str], bodies: Sequence[bytes]) -> list[Wired]:
        ids = zip(external_ids_of(keys), bodies, strict=True)
        rows = [head % (external_id.encode(), body[1:]) for external_id, body in ids]
        if b"{}" in bodies:
            rows = [row[:-2] + b"}" if row.endswith(b",}") else row for row in rows]
        # Looking from behind costs half.
        filled = [_filled(body) if body.rfind(b'":null') >= 0 else body for body in bodies]
        return list(zip(rows, fingerprints(filled), strict=True))

    return wired


def _filled(body: bytes) -> bytes:
    """The object without its empty fields. Quotes inside a text are escaped, so it holds no such name."""
    filled = _EMPTY.sub(b"", body)
    return b"{" + filled[2:] if filled.startswith(b"{,") else filled
