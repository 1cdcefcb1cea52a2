"""Records that are already here, as from a request of the REST API."""

from collections.abc import Iterator, Mapping, Sequence


class Rows:
    """These records, counted from 1."""

    columns = None

    def __init__(self, records: Sequence[Mapping[str, object]]) -> None:
        self._records = records
        self.total = len(records)
        self.done = 0

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        for number, record in enumerate(self._records, start=1):
            self.done = number
            yield number, record
