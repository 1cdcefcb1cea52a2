"""The lead as it goes over the wire: only its fingerprint matters to the rules."""

from hashlib import blake2b

FINGERPRINT_BYTES = 16


def fingerprint(body: bytes) -> bytes:
    """16 bytes that differ when the mapped values differ; `body` is their JSON, fields in canonical order."""
    return blake2b(body).digest()[:FINGERPRINT_BYTES]
