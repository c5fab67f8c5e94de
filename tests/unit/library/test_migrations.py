from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import LibraryError
from tagger.core.tag import TagState, Verdict
from tagger.library import Library, migrations, opening
from tagger.library.schema import MIGRATIONS
from tests.unit.library.shelf import Clock, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Step = Callable[[sqlite3.Connection], None]


def know(monkeypatch: pytest.MonkeyPatch, *steps: Step) -> None:
    """The program as it is when it knows only these steps."""
    for module in (migrations, opening):
        monkeypatch.setattr(module, "MIGRATIONS", steps)


def read_schema(home: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home / "library.db")) as db:
        return db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def read_records(home: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(home / "library.db")) as db:
        return db.execute("SELECT version, name FROM migrations ORDER BY version").fetchall()


def add_mood(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE photos ADD COLUMN mood TEXT")


def break_down(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE photos ADD COLUMN mood TEXT")
    db.execute("UPDATE folders SET path = 'lost'")
    db.execute("SELECT no_such_column FROM photos")


@pytest.mark.parametrize("known", range(1, len(MIGRATIONS) + 1))
def test_from_every_version_to_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    Library.open(tmp_path / "new").close()
    with monkeypatch.context() as older:
        know(older, *MIGRATIONS[:known])
        Library.open(tmp_path / "old").close()
        assert len(read_records(tmp_path / "old")) == known

    with Library.open(tmp_path / "old") as library:
        assert library.version == len(MIGRATIONS)
        assert library.check() == "ok"
    assert read_schema(tmp_path / "old") == read_schema(tmp_path / "new")
    assert read_records(tmp_path / "old") == [
        (version, step.__name__) for version, step in enumerate(MIGRATIONS, start=1)
    ]


def test_a_library_is_backed_up_before_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(tmp_path, now=Clock()) as library:
        shelf = Shelf(library)
        shelf.scan(picture("1.jpg"))
        shelf.decide("1.jpg", Verdict.CONFIRMED)
    know(monkeypatch, *MIGRATIONS, add_mood)

    with Library.open(tmp_path, now=Clock()) as library:
        assert library.version == len(MIGRATIONS) + 1
        assert Shelf(library).states("1.jpg") == {"bride": TagState.CONFIRMED}
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name == f"library-{len(MIGRATIONS)}-2026-06-20.db"

    # The backup, put back, takes the same way again.
    backup.replace(tmp_path / "library.db")
    with Library.open(tmp_path, now=Clock()) as library:
        assert library.version == len(MIGRATIONS) + 1
        assert Shelf(library).states("1.jpg") == {"bride": TagState.CONFIRMED}


def test_a_step_that_fails_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(tmp_path, now=Clock()) as library:
        Shelf(library).scan(picture("1.jpg"))
    before = read_schema(tmp_path)

    with monkeypatch.context() as newer:
        know(newer, *MIGRATIONS, break_down)
        with pytest.raises(LibraryError):
            Library.open(tmp_path, now=Clock())
        know(newer, *MIGRATIONS, add_mood, break_down)
        with pytest.raises(LibraryError):
            Library.open(tmp_path, now=Clock())
        assert read_records(tmp_path)[-1] == (len(MIGRATIONS) + 1, "add_mood")

    with pytest.raises(LibraryError, match="newer version"):
        Library.open(tmp_path)
    know(monkeypatch, *MIGRATIONS, add_mood)
    with Library.open(tmp_path) as library:
        assert library.folders()[0].path.name == "photos"
        assert library.check() == "ok"
    assert [name for name, _ in read_schema(tmp_path)] == [name for name, _ in before]
