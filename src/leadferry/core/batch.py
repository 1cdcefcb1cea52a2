"""A plan cut into batches, and a batch cut in two."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items in their order; the last may be shorter. Raises `ValueError` below 1."""
    if size < 1:
        raise ValueError("a batch holds at least one contact")
    return _cut(iter(items), size)


def _cut(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch


def halves(batch: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
    """Two batches that together hold the same items in the same order; the first may be one longer.

    Salesforce refuses a whole call over one malformed lead; halving finds it in about log2(n) calls.
    """
    middle = (len(batch) + 1) // 2
    return batch[:middle], batch[middle:]
