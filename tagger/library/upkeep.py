"""Checking the whole database for damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_REPORTED = 20


def check_database(db: sqlite3.Connection) -> str:
    """`ok`, or one line for each thing that is wrong (the first twenty of each kind)."""
    lines = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_REPORTED})")]
    broken = db.execute("PRAGMA foreign_key_check").fetchmany(_REPORTED)
    dangling = [f"{table}: row {row} points to no row of {to}" for table, row, to, _ in broken]
    if not dangling:
        return "\n".join(lines)
    return "\n".join([line for line in lines if line != "ok"] + dangling)
