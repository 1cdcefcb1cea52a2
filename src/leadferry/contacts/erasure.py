"""Tombstones: an erased person does not come back by import. Nothing of the person is kept but a hash."""

import secrets
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from leadferry.contacts.models import ErasureSalt, Tombstone
from leadferry.contacts.reading import FIELDS, Reading
from leadferry.core.contact import BadValue

EMAIL = FIELDS.index("email")


class Tombstones:
    """The tombstones that some of these readings meet."""

    def __init__(self, site_id: int, readings: Iterable[Reading]) -> None:
        salt = ErasureSalt.objects.filter(site_id=site_id).first()
        self._salt = bytes(salt.salt) if salt else b""
        self._met: frozenset[bytes] = frozenset()
        if salt:
            wanted = {digest for reading in readings for _, digest in self._digests(reading)}
            stored = Tombstone.objects.filter(site_id=site_id, digest__in=wanted)
            self._met = frozenset(bytes(digest) for digest in stored.values_list("digest", flat=True))

    def refuse(self, reading: Reading) -> None:
        """Raise `BadValue` when key or e-mail of the reading are those of an erased person."""
        for field, digest in self._digests(reading) if self._met else ():
            if digest in self._met:
                raise BadValue(field, "any but that of a person who was erased")

    def _digests(self, reading: Reading) -> Iterator[tuple[str, bytes]]:
        yield "key", _digest(self._salt, "key", reading.key)
        for position, value in reading.fields:
            if position == EMAIL and value:
                yield "email", _digest(self._salt, "email", str(value))


def bury(site_id: int, people: Iterable[tuple[str, str]]) -> None:
    """Set tombstones for (key, e-mail) of people; belongs into the transaction that deletes them."""
    salt, _ = ErasureSalt.objects.get_or_create(site_id=site_id, defaults={"salt": secrets.token_bytes(32)})
    digests = set()
    for key, email in people:
        digests.add(_digest(bytes(salt.salt), "key", key))
        if email:
            digests.add(_digest(bytes(salt.salt), "email", email))
    Tombstone.objects.bulk_create(
        [Tombstone(site_id=site_id, digest=digest) for digest in sorted(digests)], ignore_conflicts=True
    )


def _digest(salt: bytes, kind: str, value: str) -> bytes:
    # Keys are told apart by their bytes, e-mail addresses by what a mail server tells apart at most.
    text = value.casefold() if kind == "email" else value
    return blake2b(text.encode(), key=salt, person=kind.encode(), digest_size=32).digest()
