"""Connections to one SQLite file: one a thread, one writer at a time, errors as sentences."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.complaints import explain_error

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# FULL syncs the log at every commit: a decision that was shown as stored survives a power cut.
# NORMAL would lose the last seconds. Transactions hold many photos, so it costs next to nothing.
# fullfsync reaches through the disk's own cache on macOS and does nothing elsewhere.
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA fullfsync = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    "PRAGMA trusted_schema = OFF",
)


_RETRY_S = 0.01


class Store:
    """One database file, usable from any thread.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, busy_timeout_ms: int, *, synchronous: str = "FULL") -> None:
        self.path = path
        self._busy_timeout_ms = busy_timeout_ms
        self._synchronous = synchronous
        self._write_lock = threading.Lock()
        self._state = threading.Condition()
        self._running = 0
        self._is_closed = False
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the database: what others commit meanwhile is not seen.

        Raises:
            LibraryError: the database can't be read.
        """
        with self._call() as db:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: kept whole when the block ends, gone without a trace when it raises.

        Raises:
            LibraryError: the database can't be written, or another program holds it too long.
        """
        with self._call() as db, self._write_lock:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                # A full disk or a failed commit may have ended the transaction already.
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def writing_known_rows(self) -> Iterator[sqlite3.Connection]:
        """As `writing`, without looking up what each row refers to: half the time for a million.

        For rows whose references were read in this very transaction.
        """
        with self._call() as db:
            db.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
            try:
                with self.writing() as same:
                    yield same
            finally:
                db.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def undisturbed(self) -> Iterator[sqlite3.Connection]:
        """No transaction, while no other thread writes: for what SQLite does by itself alone.

        Raises:
            LibraryError: the database can't be written, or another program holds it too long.
        """
        with self._call() as db, self._write_lock:
            yield db

    def close(self) -> None:
        """Wait for running calls, then close every connection. Later calls raise."""
        with self._state:
            self._is_closed = True
            self._state.wait_for(lambda: self._running == 0)
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()

    @contextmanager
    def _call(self) -> Iterator[sqlite3.Connection]:
        """Count the call, so that `close` never pulls a connection from under a query."""
        with self._state:
            if self._is_closed:
                raise LibraryError("The library is closed.")
            self._running += 1
        try:
            yield self._connection()
        except sqlite3.Error as error:
            raise LibraryError(explain_error(error, self.path)) from error
        finally:
            with self._state:
                self._running -= 1
                self._state.notify_all()

    def _connection(self) -> sqlite3.Connection:
        thread = threading.current_thread()
        with self._state:
            connection = self._connections.get(thread)
            if connection is None:
                self._close_orphans()
        if connection is None:
            connection = self._connect()
            with self._state:
                self._connections[thread] = connection
        return connection

    def _close_orphans(self) -> None:
        for thread in [thread for thread in self._connections if not thread.is_alive()]:
            self._connections.pop(thread).close()

    def _connect(self) -> sqlite3.Connection:
        # Another thread closes it in `close`, when nobody uses it any more.
        connection = sqlite3.connect(
            self.path,
            timeout=self._busy_timeout_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._use_log(connection)
            for pragma in (*_PRAGMAS, f"PRAGMA synchronous = {self._synchronous}"):
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    def _use_log(self, connection: sqlite3.Connection) -> None:
        """Switch to a write-ahead log.

        SQLite waits for no other program here: of several that open a new file at once, all but
        one are told at once that it is busy.
        """
        deadline = time.monotonic() + self._busy_timeout_ms / 1000
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
                if code & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                    raise
                time.sleep(_RETRY_S)
            else:
                return
