from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import LibraryError
from tagger.core.tag import TagState, Verdict
from tagger.library import Library
from tagger.library.schema import MIGRATIONS
from tests.unit.library.shelf import NOON, Clock, Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path


def fill(home: Path, clock: Clock | None = None) -> None:
    """A library with one decision."""
    with Library.open(home, now=clock or Clock()) as library:
        shelf = Shelf(library)
        shelf.scan(*(picture(f"{n}.jpg") for n in range(300)))
        shelf.decide("1.jpg", Verdict.CONFIRMED)


def backups(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "backups").iterdir())


def test_a_library_is_made_and_found_again(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    fill(home)

    with Library.open(home) as library:
        assert Shelf(library).states("1.jpg") == {"bride": TagState.CONFIRMED}
        assert library.version == len(MIGRATIONS)
        assert library.check() == "ok"


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    library.close()
    library.close()

    with pytest.raises(LibraryError, match="closed"):
        library.folders()


def test_one_backup_a_day_and_five_of_them(tmp_path: Path) -> None:
    for day in range(8):
        for _ in range(2):
            fill(tmp_path, Clock(NOON + timedelta(days=day)))

    name = f"library-{len(MIGRATIONS)}-2026-06"
    assert backups(tmp_path) == [f"{name}-{day}.db" for day in range(23, 28)]


def test_what_a_killed_program_left_of_a_backup_goes_with_the_next_ones(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "backups").mkdir()
    names = [f".library-{len(MIGRATIONS)}-2026-06-{day}.db.77-88" for day in (17, 20)]
    for name, age in zip(names, (3, 0), strict=True):
        left = tmp_path / "backups" / name
        left.write_bytes(b"half of it")
        moment = (NOON - timedelta(days=age)).timestamp()
        os.utime(left, (moment, moment))

    fill(tmp_path, Clock(NOON))

    assert backups(tmp_path) == [names[1], f"library-{len(MIGRATIONS)}-2026-06-20.db"]


def test_a_backup_put_back_is_the_library_of_then(tmp_path: Path) -> None:
    fill(tmp_path)
    Library.open(tmp_path, now=Clock()).close()
    (backup,) = (tmp_path / "backups").iterdir()
    other = tmp_path / "other"
    other.mkdir()
    backup.rename(other / "library.db")

    with Library.open(other) as library:
        assert library.check() == "ok"
        assert Shelf(library).states("1.jpg") == {"bride": TagState.CONFIRMED}


def test_a_newer_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / "library.db")) as db:
        db.execute("PRAGMA user_version = 99")

    with pytest.raises(LibraryError, match="newer version"):
        Library.open(tmp_path)
    assert not (tmp_path / "backups").exists()


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library.db")) as db:
        db.execute("CREATE TABLE other (x)")

    with pytest.raises(LibraryError, match="not made by this program"):
        Library.open(tmp_path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"\x55" * 20_000)

    with pytest.raises(LibraryError, match="damaged and there is no backup"):
        Library.open(tmp_path)


def test_a_damaged_library_names_the_newest_backup_and_keeps_it(tmp_path: Path) -> None:
    clock = Clock()
    fill(tmp_path, clock)
    Library.open(tmp_path, now=clock).close()
    path = tmp_path / "library.db"
    damaged = bytearray(path.read_bytes())
    damaged[4096:] = b"\x55" * (len(damaged) - 4096)
    path.write_bytes(damaged)

    with pytest.raises(LibraryError, match=rf"library-{len(MIGRATIONS)}-2026-06-20\.db"):
        Library.open(tmp_path, now=Clock(NOON + timedelta(days=3)))
    assert backups(tmp_path) == [f"library-{len(MIGRATIONS)}-2026-06-20.db"]


def test_doctor_sees_damage_inside(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / "library.db")) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE decisions SET line_id = 4711")
        db.commit()

    with Library.open(tmp_path) as library:
        assert library.check() == "decisions: row None points to no row of history"


def test_a_library_that_another_program_holds(tmp_path: Path) -> None:
    fill(tmp_path)
    with (
        Library.open(tmp_path, busy_timeout_ms=10) as library,
        closing(sqlite3.connect(tmp_path / "library.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        assert len(library.folders()) == 1
        with pytest.raises(LibraryError, match="Another program is working on the library"):
            library.change_setting("a", "b")
        other.execute("ROLLBACK")
        library.change_setting("a", "b")


def test_a_decision_waits_for_a_program_that_stores_the_scores_of_a_whole_library(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path) as library, library._store.reading() as db:
        assert db.execute("PRAGMA busy_timeout").fetchone()[0] >= 120_000


def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    fill(tmp_path)
    with Library.open(tmp_path) as library:
        shelf = Shelf(library)
        with library._store.reading() as db:
            pages = db.execute("PRAGMA page_count").fetchone()[0]
            db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LibraryError, match="full"):
            shelf.scan(*(picture(f"new {n}.jpg") for n in range(10_000)))
        assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}
        assert library.check() == "ok"


def test_a_disk_without_room_for_a_log_is_full_and_not_broken(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="Windows knows no such limit")
    fill(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(LibraryError, match="is full"):
            Library.open(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_home_that_cant_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(LibraryError, match="can't be made"):
        Library.open(tmp_path / "file" / "home")


def test_backups_that_cant_be_made(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "backups").touch()

    with pytest.raises(LibraryError, match="backed up"):
        Library.open(tmp_path)


@pytest.mark.parametrize("left", [None, b"", b"\x00" * 4096])
def test_a_library_that_is_lost_is_never_begun_anew_over_its_backups(
    tmp_path: Path, left: bytes | None
) -> None:
    clock = Clock()
    fill(tmp_path, clock)
    Library.open(tmp_path, now=clock).close()
    kept = backups(tmp_path)
    (tmp_path / "library.db").unlink()
    if left is not None:
        (tmp_path / "library.db").write_bytes(left)

    for day in range(1, 7):
        with pytest.raises(LibraryError, match="tagger library restore"):
            Library.open(tmp_path, now=Clock(NOON + timedelta(days=day)))

    assert backups(tmp_path) == kept
    assert (tmp_path / "library.db").exists() == (left is not None)
