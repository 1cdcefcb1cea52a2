"""Where contacts and activities come from: files of three formats, and records at hand."""

from collections.abc import Callable, Mapping
from pathlib import Path

from leadferry.contacts.sources.base import BadFile, ContactSource, Row, Unreadable
from leadferry.contacts.sources.delimited import Delimited
from leadferry.contacts.sources.ndjson import Ndjson
from leadferry.contacts.sources.parquet import Parquet
from leadferry.contacts.sources.rows import Rows

__all__ = ["BadFile", "ContactSource", "Row", "Rows", "Unreadable", "open_source"]

FORMATS: Mapping[str, Callable[[Path], ContactSource]] = {
    ".csv": Delimited,
    ".ndjson": Ndjson,
    ".jsonl": Ndjson,
    ".parquet": Parquet,
}


def open_source(path: Path) -> ContactSource:
    """The records of the file, in the format that its extension names. Raises `BadFile`."""
    opened = FORMATS.get(path.suffix.lower())
    try:
        if opened is None:
            raise BadFile(f"unknown extension; allowed are {', '.join(FORMATS)}")
        if path.stat().st_size == 0:
            raise BadFile("the file is empty")
        return opened(path)
    except BadFile as fault:
        raise BadFile(f"{path}: {fault}") from fault.__cause__
    except OSError as fault:
        raise BadFile(f"{path}: {fault.strerror}") from None
