"""Runs can be taken back, byte for byte, where nobody changed a file since."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, WrongUseError
from tagger.core.photo import FileState
from tagger.core.tag import Verdict
from tagger.services.journal import describe_run, list_write_runs
from tagger.services.journal_undo import undo_run
from tagger.services.writing.placing import place_change
from tests.packets import array, packet
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, edit_outside, ignore, keywords

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import RunId
    from tagger.library import JournalLine


def test_a_run_is_taken_back_and_forth_byte_for_byte(desk: Desk, photo: Path) -> None:
    before = photo.read_bytes()
    desk.confirm(photo)
    run = desk.write().run
    after = photo.read_bytes()
    assert after != before

    undone = desk.undo_run(run)
    assert (undone.restored, undone.kept) == (1, [])
    assert photo.read_bytes() == before
    assert desk.row(photo).file_state is FileState.IN_STEP
    assert (desk.pending(), desk.write().written) == (0, 0)
    assert photo.read_bytes() == before
    assert desk.scan().stored == 0

    again = desk.undo_run(undone.run)
    assert again.restored == 1
    assert photo.read_bytes() == after
    desk.decide(photo, Verdict.REJECTED)
    desk.write()
    assert keywords(photo) == set()
    assert [entry.undoes for entry in list_write_runs(desk.workspace)] == [None, 2, 1, None]


def test_what_was_taken_back_is_written_when_a_person_asks(desk: Desk, photo: Path) -> None:
    desk.confirm(photo)
    desk.undo_run(desk.write().run)
    desk.confirm(photo, "bouquet")
    desk.write()
    assert keywords(photo) == {"Wedding|Bouquet"}

    desk.workspace.library.write_again([desk.row(photo).id])
    desk.write()

    assert keywords(photo) == {"Wedding|Bouquet", "Wedding|Bride"}


def test_a_removal_is_taken_back_too_and_stays_so(desk: Desk, photo: Path) -> None:
    desk.confirm(photo)
    desk.write()
    written = photo.read_bytes()
    desk.decide(photo, Verdict.REJECTED)
    desk.undo_run(desk.write().run)
    assert photo.read_bytes() == written

    desk.confirm(photo, "cake")
    desk.write()
    assert keywords(photo) == {"Wedding|Bride", "Wedding|Cake"}

    desk.decide(photo, Verdict.REJECTED)
    desk.write()
    assert keywords(photo) == {"Wedding|Cake"}


def test_a_file_that_somebody_changed_since_stays_and_is_named(desk: Desk, photo: Path) -> None:
    other = save_jpeg(desk.folder / "b.jpg", width=32, height=24, seed=2)
    desk.scan()
    before = other.read_bytes()
    desk.confirm(photo)
    desk.confirm(other)
    run = desk.write().run
    edit_outside(photo, add=("Ana",))
    changed = photo.read_bytes()

    result = desk.undo_run(run)

    assert (result.restored, other.read_bytes()) == (1, before)
    assert photo.read_bytes() == changed
    assert [(path, "Another program" in reason) for path, reason in result.kept] == [(photo, True)]
    assert run is not None
    states = {file.path: file.state for file in describe_run(desk.workspace, int(run))}
    assert states == {photo: "changed", other: "as-before"}


def test_of_two_runs_the_newer_one_goes_first(desk: Desk, photo: Path) -> None:
    before = photo.read_bytes()
    desk.confirm(photo)
    first = desk.write().run
    desk.confirm(photo, "cake")
    second = desk.write().run

    refused = desk.undo_run(first)
    assert refused.restored == 0
    assert f"Run {second} wrote this file since" in refused.kept[0][1]

    assert desk.undo_run(second).restored == 1
    assert desk.undo_run(first).restored == 1
    assert photo.read_bytes() == before


def test_a_run_is_not_blamed_for_what_another_program_did_before_it(
    desk: Desk, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Undoing it would not help; and the journal is gone through once, however many photos."""
    other = save_jpeg(desk.folder / "b.jpg", width=32, height=24, seed=2)
    desk.scan()
    for path in (photo, other):
        desk.confirm(path)
    first = desk.write().run
    for path in (photo, other):
        edit_outside(path, add=("Ana",))
        desk.confirm(path, "cake")
    second = desk.write().run
    undone = desk.undo_run(second)
    assert undone.restored == 2
    read: list[RunId] = []
    library = desk.workspace.library
    run_lines = library.run_lines

    def note(run: RunId) -> list[JournalLine]:
        read.append(run)
        return run_lines(run)

    monkeypatch.setattr(library, "run_lines", note)

    result = desk.undo_run(first)

    assert [reason for _, reason in result.kept] == [
        "Another program changed this file since; it stays as it is."
    ] * 2
    assert sorted(read) == [first, second, undone.run]


def test_a_sidecar_that_we_made_goes_and_comes_back(desk: Desk, photos_dir: Path) -> None:
    raw = desk.folder / "a.arw"
    shutil.copyfile(photos_dir / "valid/raw/sample.arw", raw)
    desk.scan()
    desk.confirm(raw)
    run = desk.write().run
    sidecar = desk.folder / "a.xmp"
    made = sidecar.read_bytes()

    undone = desk.undo_run(run)
    assert not sidecar.exists()
    assert desk.scan().stored == 0
    assert desk.undo_run(undone.run).restored == 1
    assert sidecar.read_bytes() == made

    sidecar.write_bytes(made + b"\n")
    result = desk.undo_run(run)
    assert (result.restored, len(result.kept)) == (0, 1)
    assert sidecar.exists()


def test_a_photo_that_moved_is_found(desk: Desk, photo: Path) -> None:
    before = photo.read_bytes()
    desk.confirm(photo)
    run = desk.write().run
    moved = desk.folder / "best" / "b.jpg"
    moved.parent.mkdir()
    photo.rename(moved)
    desk.scan()

    assert desk.undo_run(run).restored == 1
    assert moved.read_bytes() == before


def test_a_stop_leaves_the_rest_for_the_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [save_jpeg(desk.folder / f"{n:02}.jpg", width=16, height=8, seed=n) for n in range(12)]
    desk.scan()
    before = [photo.read_bytes() for photo in photos]
    for photo in photos:
        desk.confirm(photo)
    run = desk.write().run
    assert run is not None
    cancel = CancelToken()

    def place_and_stop(*args: Any, **options: Any) -> None:
        cancel.cancel()
        place_change(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr("tagger.services.writing.jobs.place_change", place_and_stop)
        with pytest.raises(CancelledError):
            undo_run(desk.workspace, run, cancel, ignore)

    assert photos[-1].read_bytes() == before[-1]  # the newest goes first
    assert all(keywords(photo) == {"Wedding|Bride"} for photo in photos[:-1])
    assert desk.workspace.library.planned_lines() == []
    rest = desk.undo_run(run)
    assert (rest.restored, rest.already, rest.kept) == (11, 1, [])
    assert [photo.read_bytes() for photo in photos] == before


def test_an_unknown_run_is_one_sentence(desk: Desk) -> None:
    with pytest.raises(WrongUseError, match="no run 7"):
        desk.undo_run(7)


def test_a_decision_after_an_undoing_that_crashed_counts(
    desk: Desk, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.confirm(photo)
    run = desk.write().run
    with monkeypatch.context() as patch:
        for name in ("settle_undone", "recover_writes"):
            patch.setattr(f"tagger.services.journal_undo.{name}", lambda *_: None)
        desk.undo_run(run)
    assert keywords(photo) == set()

    desk.decide(photo, Verdict.REJECTED)
    desk.confirm(photo)
    desk.scan()
    desk.write()

    assert keywords(photo) == {"Wedding|Bride"}


def test_a_sidecar_on_a_drive_that_is_away_is_not_said_to_be_gone(
    desk: Desk, photos_dir: Path, tmp_path: Path
) -> None:
    raw = desk.folder / "a.arw"
    shutil.copyfile(photos_dir / "valid/raw/sample.arw", raw)
    desk.scan()
    desk.confirm(raw)
    run = desk.write().run
    assert run is not None
    desk.folder.rename(tmp_path / "elsewhere")

    result = desk.undo_run(run)

    assert (result.run, result.restored, result.already) == (None, 0, 0)
    assert [reason for _, reason in result.kept] == [
        "The drive is away; connect it and undo the run again."
    ]
    assert [file.state for file in describe_run(desk.workspace, int(run))] == ["away"]
    (tmp_path / "elsewhere").rename(desk.folder)
    assert desk.undo_run(run).restored == 1


def test_what_is_left_in_a_file_that_somebody_changed_can_still_be_taken_out(
    desk: Desk, photo: Path
) -> None:
    before = photo.read_bytes()
    sidecar = desk.folder / "a.jpg.xmp"
    sidecar.write_bytes(packet(array("dc:subject", ["Ana"])))
    desk.scan()
    desk.confirm(photo)
    run = desk.write().run
    sidecar.write_bytes(sidecar.read_bytes().replace(b"Ana", b"Luis"))

    result = desk.undo_run(run)

    assert (result.restored, [path for path, _ in result.kept]) == (1, [sidecar])
    assert photo.read_bytes() == before
    assert keywords(photo) == {"Luis", "Wedding|Bride"}
    desk.decide(photo, Verdict.REJECTED)
    desk.write()
    assert keywords(photo) == {"Luis"}
