"""What SQLite complains about, as a sentence that says what to do."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tagger.library.backups import explain_damage

if TYPE_CHECKING:
    from pathlib import Path

_SENTENCES = {
    sqlite3.SQLITE_BUSY: (
        "Another program is working on the library {path}. Wait until it is done, or close it, "
        "and try again."
    ),
    sqlite3.SQLITE_FULL: (
        "The disk that holds the library {path} is full. Free some space and try again; "
        "everything stored so far is kept."
    ),
    sqlite3.SQLITE_READONLY: (
        "The library {path} can't be changed. Allow writing to its folder and try again."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The library {path} can't be opened. Check that its folder is there and may be written to."
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk that holds the library {path} reports an error. Check the disk and try again."
    ),
}
# What comes of having no room for the index of the log.
_SENTENCES[sqlite3.SQLITE_IOERR_SHMSIZE] = _SENTENCES[sqlite3.SQLITE_FULL]
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PROTOCOL] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PERM] = _SENTENCES[sqlite3.SQLITE_CANTOPEN]


def is_damage(error: BaseException | None) -> bool:
    """Whether the file itself is broken, rather than busy, full or out of reach."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def explain_error(error: sqlite3.Error, path: Path) -> str:
    """One sentence for the user. `path` is the database file."""
    if is_damage(error):
        return explain_damage(path)
    code = getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR
    primary = code & 0xFF  # the extended code adds detail above it
    sentence = _SENTENCES.get(code) or _SENTENCES.get(primary)
    if sentence is not None:
        return sentence.format(path=path)
    return f"The library {path} can't be used ({error}). Run `tagger doctor` to check it."
