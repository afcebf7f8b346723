"""Work kept from one indexing to the next: what was read or embedded once is looked up by its key, never loaded whole.

SQLite, from the standard library: a block is written whole or not at all, also when the process is killed, several
processes may use one file, and a lookup reads only the pages it needs.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

KEY_BYTES = 16
# What the last so many runs used is never dropped to make room.
LAST_RUNS = 8
BLOCK = 1000
# SQLite looks up a list of keys much faster than one after the other; older versions take 999 at most.
ASKED_AT_ONCE = 500
WAIT_SECONDS = 60.0
TABLES = """
    CREATE TABLE IF NOT EXISTS run (number INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, run INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS content (id INTEGER PRIMARY KEY, value BLOB NOT NULL);
"""


def key_of(*parts: str) -> bytes:
    """The key of what these parts, in this order, are the only cause of: KEY_BYTES bytes."""
    return sha256("\0".join(parts).encode("utf-8", "replace")).digest()[:KEY_BYTES]


class Kept:
    """Bytes by key in one file: at most `most` of them, or `factor` times as many as the last LAST_RUNS runs used.

    What is over the higher of these two is the sign to drop all that those runs did not use.
    A file that is damaged counts as empty and is replaced. What cannot be written, on a full disk or in a folder that
    may only be read, is held in memory until `close`: the next run is slower, this one goes on.
    """

    def __init__(self, path: Path, most: int, factor: int) -> None:
        self._path = path
        self._most = most
        self._factor = factor
        self._unwritten: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._database = self._open()

    def has(self, keys: Sequence[bytes]) -> list[bool]:
        """Which of the keys can be looked up."""
        found = self._found("SELECT key, 1 FROM item WHERE key IN", keys)
        return [key in self._unwritten or one is not None for key, one in zip(keys, found, strict=True)]

    def use(self, keys: Iterable[bytes]) -> None:
        """Count these as used by this run, as those that are looked up are."""
        self._used.update(keys)

    def values(self, keys: Sequence[bytes]) -> Iterator[bytes | None]:
        """The value of each key, in order; None for one that is not kept, or is damaged."""
        self.use(keys)
        query = "SELECT key, value FROM item JOIN content USING (id) WHERE key IN"
        for key, value in zip(keys, self._found(query, keys), strict=True):
            yield self._unwritten.get(key) or _checked(value)

    def add(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep these, all or none of them."""
        block = {key: value + zlib.crc32(value).to_bytes(4) for key, value in pairs}
        try:
            with self._writing() as run:
                for key, value in block.items():
                    row = self._database.execute(
                        "INSERT INTO item (key, run) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET run = excluded.run "
                        "RETURNING id",
                        (key, run),
                    ).fetchone()
                    self._database.execute("INSERT OR REPLACE INTO content VALUES (?, ?)", (row[0], value))
        except sqlite3.Error:
            self._unwritten |= {key: value[:-4] for key, value in block.items()}

    @property
    def unwritten(self) -> int:
        """How many could not be written."""
        return len(self._unwritten)

    def finish(self) -> None:
        """End a run that used what it looked up, and drop what no recent run used when there is too much."""
        with suppress(sqlite3.Error), self._writing() as run:
            used = [(run, key) for key in self._used]
            self._database.executemany("UPDATE item SET run = ? WHERE key = ?", used)
            old = run - LAST_RUNS
            total, recent = self._database.execute("SELECT count(*), sum(run > ?) FROM item", (old,)).fetchone()
            if total > max(self._most, self._factor * (recent or 0)):
                self._database.execute("DELETE FROM content WHERE id IN (SELECT id FROM item WHERE run <= ?)", (old,))
                self._database.execute("DELETE FROM item WHERE run <= ?", (old,))
            self._database.execute("UPDATE run SET number = number + 1")
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA incremental_vacuum").fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _open(self) -> sqlite3.Connection:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        for _attempt in range(2):
            try:
                return _connected(str(self._path))
            except sqlite3.OperationalError:
                return _readable(self._path)
            except sqlite3.DatabaseError:
                with suppress(OSError):
                    self._path.unlink(missing_ok=True)
        return _connected(":memory:")

    def _found(self, query: str, keys: Sequence[bytes]) -> Iterator[Any]:
        """What `query`, which selects a key and one other column, gives for each key; None for one that is not kept."""
        for start in range(0, len(keys), ASKED_AT_ONCE):
            block = keys[start : start + ASKED_AT_ONCE]
            try:
                rows = dict(self._database.execute(f"{query} ({', '.join('?' * len(block))})", block))
            except sqlite3.DatabaseError:
                self._replace()
                rows = {}
            yield from map(rows.get, block)

    def _replace(self) -> None:
        """Begin anew: a page of the file turned out to be damaged."""
        self._database.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._database = self._open()

    @contextmanager
    def _writing(self) -> Iterator[int]:
        """One transaction, written whole or not at all; gives the number of the run."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield int(self._database.execute("SELECT number FROM run").fetchone()[0])
            self._database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise


def _connected(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA secure_delete = ON")  # a document that was dropped is gone
        database.executescript(TABLES)
        database.execute("INSERT INTO run SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM run)")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _readable(path: Path) -> sqlite3.Connection:
    """A file that cannot be written now, because of the disk, the rights or another process; else an empty one."""
    try:
        database = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
        database.execute("SELECT number FROM run").fetchone()
    except sqlite3.Error:
        return _connected(":memory:")
    return database


def stored(path: Path) -> Iterator[list[tuple[bytes, bytes]]]:
    """Every key and value in a file, in blocks of at most BLOCK. Raises OSError when any of it is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT key, value FROM item JOIN content USING (id) ORDER BY id")
            while block := rows.fetchmany(BLOCK):
                pairs = [(key, _checked(value)) for key, value in block]
                if any(value is None for _, value in pairs):
                    raise OSError("een som klopt niet")
                yield [(key, value) for key, value in pairs if value is not None]
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def value_of(database: sqlite3.Connection, key: bytes) -> bytes | None:
    """What is kept by a key in a file that another process may be writing, or None. Raises sqlite3.Error."""
    row = database.execute("SELECT value FROM item JOIN content USING (id) WHERE key = ?", (key,)).fetchone()
    return _checked(row[0]) if row else None


def _checked(value: bytes | None) -> bytes | None:
    """A value whose sum is right, without that sum."""
    if value is None or zlib.crc32(value[:-4]) != int.from_bytes(value[-4:]):
        return None
    return value[:-4]
