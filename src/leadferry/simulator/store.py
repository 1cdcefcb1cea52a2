"""What the organization remembers, in one SQLite database: rows of every object, and small documents."""

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leadferry.simulator.errors import CannotServe
from leadferry.simulator.ids import PREFIXES, numbered
from leadferry.simulator.shapes import Json, Row

_TABLES = """
CREATE TABLE IF NOT EXISTS row (
    seq INTEGER PRIMARY KEY, object TEXT NOT NULL, id TEXT NOT NULL UNIQUE, deleted INTEGER NOT NULL,
    body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS row_object ON row (object, deleted);
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS spent (minute INTEGER PRIMARY KEY, calls INTEGER NOT NULL);
"""


_OWN = frozenset({"row", "document", "counter", "spent"})


def _collate(left: str, right: str) -> int:
    one, other = left.casefold(), right.casefold()
    return (one > other) - (one < other)


def column(field: str, *, case_sensitive: bool) -> str:
    """The SQL expression for a field of a row's body; indexes are built on exactly this text."""
    quoted = field.replace('"', "").replace("'", "")
    return f"json_extract(body, '$.{quoted}')" + ("" if case_sensitive else " COLLATE SALESFORCE")


def _opened(path: str | None) -> sqlite3.Connection:
    """A connection to the database, which has its tables."""
    try:
        db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
    except sqlite3.Error as error:
        raise _unusable(path, str(error)) from None
    try:
        _furnish(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _furnish(db: sqlite3.Connection, path: str | None) -> None:
    db.create_collation("SALESFORCE", _collate)
    try:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and not tables >= _OWN:
            raise _unusable(path, "it is the database of another program")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
    except sqlite3.Error as error:
        raise _unusable(path, str(error)) from None


def _unusable(path: str | None, reason: str) -> CannotServe:
    file = Path(path or ":memory:")
    if file.is_dir():
        reason = "it is a folder"
    elif not file.parent.is_dir():
        reason = f"there is no folder {file.parent}"
    elif "not a database" in reason:
        reason = "it is not a SQLite database"
    text = f"The organization cannot be kept in {file}: {reason}."
    return CannotServe(f"{text} --db takes its own SQLite file, or the name of one to be made in a folder.")


class Store:
    """One database, one connection, one lock: a request is a transaction, and requests take turns.

    Raises CannotServe where the file cannot be had, or belongs to another program.
    """

    def __init__(self, path: str | None) -> None:
        self.lock = threading.RLock()
        self._depth = 0
        self._db = _opened(path)
        self._close = weakref.finalize(self, self._db.close)

    def close(self) -> None:
        """Let go of the database; a store that nobody holds any more does so by itself."""
        with self.lock:
            self._close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing; may be nested, and an inner failure undoes only the inner part."""
        with self.lock:
            mark = f"level{self._depth}"
            self._db.execute(f"SAVEPOINT {mark}")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._db.execute(f"ROLLBACK TO {mark}")
                raise
            finally:
                self._depth -= 1
                self._db.execute(f"RELEASE {mark}")

    def clear(self) -> None:
        """Forgets everything except the shape of the tables."""
        with self.atomic():
            for table in sorted(_OWN):
                self._db.execute(f"DELETE FROM {table}")

    # rows

    def index(self, field: str, *, case_sensitive: bool, anew: bool = False) -> None:
        """Makes rows quick to find by a field; `anew` where the field's sense of case may have changed."""
        with self.lock:
            if anew:
                self._db.execute(f'DROP INDEX IF EXISTS "by_{field}"')
            text = column(field, case_sensitive=case_sensitive)
            self._db.execute(f'CREATE INDEX IF NOT EXISTS "by_{field}" ON row ({text})')

    def next_id(self, sobject: str) -> str:
        return numbered(PREFIXES[sobject], self.count_up(sobject))

    def count_up(self, name: str) -> int:
        text = "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1"
        text += " RETURNING last"
        with self.lock:
            return int(self._db.execute(text, (name,)).fetchone()[0])

    def counted(self, name: str) -> int:
        found = self._one("SELECT last FROM counter WHERE name = ?", (name,))
        return int(found[0]) if found else 0

    def insert(self, sobject: str, body: Row) -> None:
        text = "INSERT INTO row (object, id, deleted, body) VALUES (?, ?, ?, ?)"
        values = (sobject, body["Id"], bool(body.get("IsDeleted")), json.dumps(body, ensure_ascii=False))
        with self.lock:
            self._db.execute(text, values)

    def update(self, body: Row) -> None:
        values = (json.dumps(body, ensure_ascii=False), bool(body.get("IsDeleted")), body["Id"])
        with self.lock:
            self._db.execute("UPDATE row SET body = ?, deleted = ? WHERE id = ?", values)

    def erase(self, id_: str) -> None:
        with self.lock:
            self._db.execute("DELETE FROM row WHERE id = ?", (id_,))

    def get(self, sobject: str, id_: str) -> Row | None:
        found = self._one("SELECT body FROM row WHERE id = ? AND object = ?", (id_, sobject))
        return json.loads(found[0]) if found else None

    def select(self, sobject: str, where: str = "1", values: Sequence[Any] = (), tail: str = "") -> list[Row]:
        """The bodies of an object's rows; `where` and `tail` are SQL made by this package alone."""
        # The unary plus: most rows are leads, so an index of keys serves better than the one of objects.
        owner = "+object" if sobject == "Lead" else "object"
        text = f"SELECT body FROM row WHERE {owner} = ? AND ({where}) {tail or 'ORDER BY seq'}"
        with self.lock:
            return [json.loads(body) for (body,) in self._db.execute(text, (sobject, *values))]

    def number_of(self, sobject: str, where: str = "1", values: Sequence[Any] = ()) -> int:
        text = f"SELECT count(*) FROM row WHERE object = ? AND ({where})"
        found = self._one(text, (sobject, *values))
        return int(found[0]) if found else 0

    def holders(self, sobject: str, where: str, values: Iterable[str]) -> list[Row]:
        """Rows, deleted ones included, whose field (an expression of `column`) is one of the values."""
        wanted = list(values)
        marks = ",".join("?" * len(wanted))
        text = f"SELECT body FROM row WHERE {where} IN ({marks}) AND +object = ? ORDER BY seq"
        with self.lock:
            return [json.loads(body) for (body,) in self._db.execute(text, (*wanted, sobject))]

    # documents

    def put(self, kind: str, key: str, body: object) -> None:
        text = (
            "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
        )
        with self.lock:
            self._db.execute(text, (kind, key, json.dumps(body)))

    def document(self, kind: str, key: str) -> Json:
        found = self._one("SELECT body FROM document WHERE kind = ? AND key = ?", (kind, key))
        return json.loads(found[0]) if found else None

    def documents(self, kind: str) -> dict[str, Any]:
        text = "SELECT key, body FROM document WHERE kind = ? ORDER BY rowid"
        with self.lock:
            return {key: json.loads(body) for key, body in self._db.execute(text, (kind,))}

    def drop(self, kind: str, key: str) -> None:
        with self.lock:
            self._db.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key))

    # usage

    def spend(self, minute: int, *, calls: int = 1) -> None:
        text = "INSERT INTO spent VALUES (?, ?) ON CONFLICT (minute)"
        text += " DO UPDATE SET calls = calls + excluded.calls"
        with self.lock:
            self._db.execute(text, (minute, calls))

    def spent_since(self, minute: int) -> int:
        found = self._one("SELECT coalesce(sum(calls), 0) FROM spent WHERE minute > ?", (minute,))
        return int(found[0]) if found else 0

    def _one(self, text: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
        with self.lock:
            found: tuple[Any, ...] | None = self._db.execute(text, values).fetchone()
            return found
