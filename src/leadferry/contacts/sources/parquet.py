"""Parquet files, read in batches of rows."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from leadferry.contacts.sources.base import BadFile, Row, checked_columns

ROWS = 2_000


class Parquet:
    """A Parquet file; its row n counts as line n. `total` and `done` count rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.done = 0
        with _opened(path) as file:
            self.total: int = file.metadata.num_rows
            self.columns = checked_columns(file.schema_arrow.names)

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        with _opened(self._path) as file:
            for batch in _batches(file):
                columns = (column.to_pylist() for column in batch.columns)
                for cells in zip(*columns, strict=True):
                    self.done += 1
                    yield self.done, dict(zip(self.columns, cells, strict=True))


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as fault:
        raise BadFile("this is not a Parquet file") from fault


def _batches(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(batch_size=ROWS)
    except (pa.ArrowException, OSError) as fault:
        raise BadFile("the Parquet file is damaged") from fault
