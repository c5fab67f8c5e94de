from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import LibraryError
from tagger.core.tag import TagState, Verdict
from tagger.library import (
    KEPT_ASIDE,
    Library,
    check_backup,
    list_backups,
    restore_backup,
)
from tests.unit.library.shelf import NOON, Clock, Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [f"{number}.jpg" for number in range(40)]
LATER = NOON + timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library with a decision in its backup and one made since; its log is not merged."""
    home = tmp_path / "home"
    with Library.open(home, now=Clock()) as library:
        shelf = Shelf(library)
        shelf.scan(*(picture(name) for name in NAMES))
        shelf.decide("0.jpg", Verdict.CONFIRMED)
        library.back_up()
        shelf.decide("1.jpg", Verdict.CONFIRMED)
    return home


def states(home: Path) -> list[dict[str, TagState]]:
    """Of the first two photos."""
    with Library.open(home, now=Clock()) as library:
        assert library.check() == "ok"
        shelf = Shelf(library)
        return [shelf.states(name) for name in NAMES[:2]]


def tear_page(path: Path, page: int) -> None:
    """All but the beginning of a page is something else, as after a power cut."""
    content = bytearray(path.read_bytes())
    content[page * 4096 + 100 : (page + 1) * 4096] = b"\xa5" * 3996
    path.write_bytes(content)


def test_back_to_the_newest_backup(home: Path) -> None:
    restore_backup(home, list_backups(home)[0], LATER)

    assert states(home) == [{"bride": TagState.CONFIRMED}, {}]


@pytest.mark.parametrize("page", [0, 1, 2, 7, 40])
def test_from_a_torn_page(home: Path, page: int) -> None:
    tear_page(home / "library.db", page)
    torn = (home / "library.db").read_bytes()

    aside = restore_backup(home, list_backups(home)[0], LATER)

    assert states(home) == [{"bride": TagState.CONFIRMED}, {}]
    assert aside is not None
    # The first page says whether there is a log; all others are as they were.
    assert (aside / "library.db").read_bytes()[4096:] == torn[4096:]


def test_a_log_left_by_a_crash_is_kept_aside_and_never_read_into_the_backup(home: Path) -> None:
    library = home / "library.db"
    with closing(sqlite3.connect(library)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("INSERT INTO settings VALUES ('crash', 'here')")
        db.commit()
        log = (home / "library.db-wal").read_bytes()
        main = library.read_bytes()
    main = b"\xa5" * 100 + main[100:]
    library.write_bytes(main)
    (home / "library.db-wal").write_bytes(log)

    aside = restore_backup(home, list_backups(home)[0], LATER)

    assert aside is not None
    assert (aside / "library.db-wal").read_bytes() == log
    assert not (home / "library.db-wal").exists()
    with Library.open(home, now=Clock()) as opened:
        assert opened.setting("crash") is None
        assert opened.check() == "ok"


def test_a_deleted_log_costs_no_more_than_a_backup_does(home: Path) -> None:
    library = home / "library.db"
    with Library.open(home, now=Clock()) as opened:
        Shelf(opened).decide("2.jpg", Verdict.CONFIRMED)
        unmerged = library.read_bytes()
    library.write_bytes(unmerged)
    (home / "library.db-wal").unlink(missing_ok=True)

    restore_backup(home, list_backups(home)[0], LATER)

    assert states(home) == [{"bride": TagState.CONFIRMED}, {}]


def test_an_older_library_put_aside_opens_as_it_was(home: Path, tmp_path: Path) -> None:
    aside = restore_backup(home, list_backups(home)[0], LATER)

    assert aside is not None
    assert aside.parent == home / KEPT_ASIDE
    assert states(aside) == [{"bride": TagState.CONFIRMED}, {"bride": TagState.CONFIRMED}]


@pytest.fixture
def copied(home: Path, tmp_path: Path) -> Path:
    """The library as a crash left it, copied by hand: a decision is in its log alone."""
    copied = tmp_path / "usb"
    copied.mkdir()
    with Library.open(home, now=Clock()) as library:
        Shelf(library).decide("0.jpg", Verdict.REJECTED)
        for suffix in ("", "-wal"):
            shutil.copy(home / f"library.db{suffix}", copied)
    return copied / "library.db"


def test_what_only_the_log_of_a_copied_library_holds_comes_back(
    home: Path, copied: Path, tmp_path: Path
) -> None:
    before = {
        suffix: copied.with_name(copied.name + suffix).read_bytes() for suffix in ("", "-wal")
    }

    assert check_backup(copied).decisions == 2
    restore_backup(tmp_path / "new", copied, LATER)

    assert states(tmp_path / "new")[0] == {"bride": TagState.REJECTED}
    assert not (tmp_path / "new" / "library.db-wal").exists()
    for suffix, content in before.items():
        assert copied.with_name(copied.name + suffix).read_bytes() == content


def test_a_copied_library_with_a_log_that_is_cut_short_is_as_old_as_what_is_whole(
    copied: Path, tmp_path: Path
) -> None:
    log = copied.with_name("library.db-wal")
    log.write_bytes(log.read_bytes()[:-100])

    restore_backup(tmp_path / "new", copied, LATER)

    assert states(tmp_path / "new")[0] == {"bride": TagState.CONFIRMED}


def test_the_library_itself_put_back_is_as_it_was(home: Path) -> None:
    library = home / "library.db"
    with Library.open(home, now=Clock()) as opened:
        Shelf(opened).decide("0.jpg", Verdict.REJECTED)
        left = {
            suffix: library.with_name(library.name + suffix).read_bytes() for suffix in ("", "-wal")
        }
    for suffix, content in left.items():
        library.with_name(library.name + suffix).write_bytes(content)

    restore_backup(home, library, LATER)

    assert states(home)[0] == {"bride": TagState.REJECTED}


def test_what_a_killed_restore_left_is_in_nobodys_way(home: Path) -> None:
    left = [home / f".library.db.restored{suffix}" for suffix in ("", "-journal")]
    for path in left:
        path.write_bytes(b"half of it" * 5000)

    restore_backup(home, list_backups(home)[0], LATER)

    assert states(home) == [{"bride": TagState.CONFIRMED}, {}]
    assert not any(path.exists() for path in left)


def test_twice_in_one_second_keeps_both(home: Path) -> None:
    first = restore_backup(home, list_backups(home)[0], LATER)
    second = restore_backup(home, list_backups(home)[0], LATER)

    assert first is not None
    assert second is not None
    assert first != second
    assert states(first)[1] == {"bride": TagState.CONFIRMED}


def test_a_home_without_a_library(home: Path, tmp_path: Path) -> None:
    assert restore_backup(tmp_path / "new", list_backups(home)[0], LATER) is None
    assert states(tmp_path / "new") == [{"bride": TagState.CONFIRMED}, {}]


def test_a_library_that_somebody_has_open_stays(home: Path) -> None:
    with Library.open(home, now=Clock()) as library:
        Shelf(library).decide("2.jpg", Verdict.CONFIRMED)
        with pytest.raises(LibraryError, match="Close it and try again"):
            restore_backup(home, list_backups(home)[0], LATER)
        assert not list((home / KEPT_ASIDE).iterdir())
        assert Shelf(library).states("2.jpg") == {"bride": TagState.CONFIRMED}


def test_a_damaged_backup_replaces_nothing(home: Path) -> None:
    backup = list_backups(home)[0]
    for page in range(1, 20):
        tear_page(backup, page)

    with pytest.raises(LibraryError, match="damaged"):
        restore_backup(home, backup, LATER)
    assert states(home)[1] == {"bride": TagState.CONFIRMED}


def test_what_is_no_backup(tmp_path: Path, home: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "other.db").write_bytes(b"other" * 5000)
    with closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        db.execute("PRAGMA user_version = 99")

    problems = [
        check_backup(tmp_path / name).problem
        for name in ("missing.db", "empty.db", "other.db", "newer.db")
    ]

    assert [str(problem).split(str(tmp_path))[-1] for problem in problems] == [
        "/missing.db.",
        "/empty.db is no backup of a library.",
        "/other.db is damaged.",
        "/newer.db was made by a newer version of the program.",
    ]


def test_a_good_backup_says_what_it_holds(home: Path) -> None:
    check = check_backup(list_backups(home)[0])

    assert (check.problem, check.photos, check.decisions) == (None, len(NAMES), 1)


def test_compacting_gives_space_back_and_keeps_everything(home: Path) -> None:
    with Library.open(home, now=Clock()) as library:
        for round_ in range(3):
            Shelf(library).scan(*(picture(f"{round_}-{n}.jpg", error="x" * 900) for n in range(99)))
        library.clear_errors()
        before = library.find(None)
        library.compact()
        assert library.find(None) == before
        assert library.check() == "ok"
        with library._store.reading() as db:
            assert db.execute("PRAGMA freelist_count").fetchone()[0] == 0


def test_checks_see_what_no_constraint_sees(home: Path) -> None:
    with closing(sqlite3.connect(home / "library.db")) as db:
        db.execute("UPDATE history SET tag_id = 2")
        db.execute("UPDATE photos SET leader_id = 3 WHERE id = 4")
        db.execute("UPDATE photos SET leader_id = 4 WHERE id = 1")
        db.commit()

    with Library.open(home, now=Clock()) as library:
        lines = library.check().splitlines()
    assert lines == [
        "decisions: 2 stand for another class than was decided on",
        "photos: 1 belong to a photo that belongs to another",
        "photo_tags: 1 are on companions of photos",
    ]
