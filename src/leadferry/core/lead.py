"""The lead as it goes over the wire: only its fingerprint matters to the rules."""

from collections.abc import Iterable
from hashlib import blake2b

FINGERPRINT_BYTES = 16


def fingerprint(body: bytes) -> bytes:
    """16 bytes that differ when the mapped values differ; `body` is their JSON, fields in canonical order."""
    return fingerprints([body])[0]


def fingerprints(bodies: Iterable[bytes]) -> list[bytes]:
    """`fingerprint` of many, in their order."""
    return [blake2b(body).digest()[:FINGERPRINT_BYTES] for body in bodies]
