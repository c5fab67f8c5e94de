from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tagger.library import Library, PlannedPhoto
from tests.unit.library.shelf import CHANGE, ROOT, Clock, Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tagger.core.ids import RunId


def write_run(shelf: Shelf, delta: bytes = b"delta") -> RunId:
    """One run that wrote one file."""
    photo = shelf.row("1.jpg")
    run = shelf.library.begin_run()
    planned = PlannedPhoto(photo.id, ROOT / "1.jpg", (replace(CHANGE, delta=delta),), ("Bride",))
    shelf.library.store_planned(run, [planned])
    with shelf.library._store.writing() as db:
        db.execute("UPDATE journal SET state = 'done'")
    return run


def test_runs_older_than_a_year_go_but_never_the_newest(tmp_path: Path) -> None:
    clock = Clock()
    with Library.open(tmp_path, now=clock) as library:
        shelf = Shelf(library)
        shelf.scan(picture("1.jpg"))
        old, newer = write_run(shelf), write_run(shelf)
        clock.now += timedelta(days=366)

        newest = library.begin_run()

        assert [run.id for run in library.write_runs()] == [newest, newer]
        assert library.run_lines(old) == []


def test_the_oldest_runs_go_when_the_journal_is_large(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.library.journal.KEPT_BYTES", 250)
    shelf.scan(picture("1.jpg"))
    runs = [write_run(shelf, bytes(100)) for _ in range(4)]

    newest = shelf.library.begin_run()

    assert [run.id for run in shelf.library.write_runs()] == [newest, *reversed(runs[2:])]


def test_what_a_crash_left_open_is_never_forgotten(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.library.journal.KEPT_BYTES", 1)
    shelf.scan(picture("1.jpg"))
    planned = PlannedPhoto(shelf.row("1.jpg").id, ROOT / "1.jpg", (CHANGE,), ())
    open_run = shelf.library.begin_run()
    shelf.library.store_planned(open_run, [planned])

    shelf.library.begin_run()
    shelf.library.begin_run()

    (line,) = shelf.library.planned_lines()
    assert (line.run_id, line.change, line.ours_after) == (open_run, CHANGE, ())
