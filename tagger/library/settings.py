"""Settings, and the one that decides what is written to files."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError

if TYPE_CHECKING:
    import sqlite3

PREDICTIONS_FROM = "write.predictions_from"
_OFF = "off"
_NEVER = 2.0
"""A score that no prediction reaches."""


def read_setting(db: sqlite3.Connection, key: str) -> str | None:
    """The stored value, None where it was never changed."""
    row = db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def store_setting(db: sqlite3.Connection, key: str, value: str | None) -> None:
    """Store a value; None forgets it.

    Raises:
        WrongUseError: the value is none that this setting can have.
    """
    if value is None:
        db.execute("DELETE FROM settings WHERE key = ?", (key,))
        return
    if key == PREDICTIONS_FROM:
        _parse_score(value)
    db.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def read_predictions_from(db: sqlite3.Connection) -> float:
    """The score from which predictions are written; above 1 when they are not."""
    return _parse_score(read_setting(db, PREDICTIONS_FROM) or _OFF)


def _parse_score(value: str) -> float:
    if value == _OFF:
        return _NEVER
    with suppress(ValueError):
        if 0.0 <= float(value) <= 1.0:
            return float(value)
    raise WrongUseError(f"{PREDICTIONS_FROM} is a score from 0 to 1 or {_OFF}, not {value}.")
