"""Edits by other programs between our writes: nobody's word is lost."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.photo import FileState
from tagger.core.rating import RatingChange
from tagger.core.tag import Verdict
from tagger.library import ScoredPhoto
from tagger.metadata import read_metadata
from tagger.services.rating import label_photos, rate_photos
from tagger.services.writing.placing import place_change
from tagger.services.writing.previewing import plan_writes
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, edit_outside, keywords

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("is_seen_by_a_scan", [True, False])
def test_a_keyword_that_somebody_took_out_stays_out_and_the_photo_says_so(
    desk: Desk, photo: Path, is_seen_by_a_scan: bool
) -> None:
    desk.confirm(photo)
    desk.write()
    edit_outside(photo, add=("Ana",), remove=("Wedding|Bride",))
    if is_seen_by_a_scan:
        desk.scan()
    desk.confirm(photo, "bouquet")

    result = desk.write()

    assert keywords(photo) == {"Ana", "Wedding|Bouquet"}
    assert bool(result.conflicts) is not is_seen_by_a_scan
    row = desk.row(photo)
    assert row.file_state is FileState.CONFLICT
    assert row.write_error is not None
    assert "Bride" in row.write_error
    assert {tag.name: tag.state for tag in row.tags}["bride"] == "confirmed"
    assert desk.pending() == 0


@pytest.mark.parametrize("is_seen_by_a_scan", [True, False])
def test_taking_out_what_others_wrote_and_a_person_confirmed_is_shown_too(
    desk: Desk, photo: Path, is_seen_by_a_scan: bool
) -> None:
    edit_outside(photo, add=("Wedding|Bride",))
    desk.scan()
    desk.confirm(photo)
    desk.write()
    edit_outside(photo, remove=("Wedding|Bride",))
    if is_seen_by_a_scan:
        desk.scan()
    desk.confirm(photo, "bouquet")

    desk.write()

    assert keywords(photo) == {"Wedding|Bouquet"}
    assert desk.row(photo).file_state is FileState.CONFLICT
    desk.confirm(photo)
    desk.write()
    assert keywords(photo) == {"Wedding|Bouquet", "Wedding|Bride"}


def test_confirming_again_puts_the_keyword_back(desk: Desk, photo: Path) -> None:
    desk.confirm(photo)
    desk.write()
    edit_outside(photo, remove=("Wedding|Bride",))
    desk.scan()

    desk.confirm(photo)
    desk.write()

    assert keywords(photo) == {"Wedding|Bride"}
    assert desk.row(photo).file_state is FileState.IN_STEP


def test_rejecting_settles_the_conflict_and_undo_brings_it_back(desk: Desk, photo: Path) -> None:
    desk.confirm(photo)
    desk.write()
    edit_outside(photo, remove=("Wedding|Bride",))
    desk.scan()

    desk.decide(photo, Verdict.REJECTED)
    assert desk.row(photo).file_state is FileState.IN_STEP
    desk.workspace.library.undo()

    assert desk.row(photo).file_state is FileState.CONFLICT
    desk.write()
    assert keywords(photo) == set()


def test_a_keyword_that_comes_back_ends_the_conflict_and_is_not_ours(
    desk: Desk, photo: Path
) -> None:
    desk.confirm(photo)
    desk.write()
    edit_outside(photo, remove=("Wedding|Bride",))
    desk.scan()
    edit_outside(photo, add=("Wedding|Bride",))
    desk.scan()
    assert desk.row(photo).file_state is FileState.IN_STEP

    desk.decide(photo, Verdict.REJECTED)
    desk.write()

    assert keywords(photo) == {"Wedding|Bride"}


def test_a_sidecar_that_changed_while_nobody_watched_is_read_again(
    desk: Desk, photos_dir: Path
) -> None:
    raw = desk.folder / "a.arw"
    shutil.copyfile(photos_dir / "valid/raw/sample.arw", raw)
    desk.scan()
    desk.confirm(raw)
    desk.write()
    assert desk.scan().stored == 0

    edit_outside(raw, add=("Ana",), remove=("Wedding|Bride",))

    assert desk.scan().stored == 1
    assert "Ana" in desk.workspace.library.file_keywords(desk.row(raw).id)
    assert desk.row(raw).file_state is FileState.CONFLICT
    (desk.folder / "a.xmp").unlink()
    assert desk.scan().stored == 1
    assert desk.scan().stored == 0


def test_an_edit_between_planning_and_placing_is_merged(
    desk: Desk, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.confirm(photo)
    real = place_change
    edits = iter([("Ana",)])

    def place(*args: object, **options: bool) -> None:
        for names in edits:
            edit_outside(photo, add=names)
        real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("tagger.services.writing.jobs.place_change", place)

    result = desk.write()

    assert (result.written, result.failed) == (1, [])
    assert keywords(photo) == {"Ana", "Wedding|Bride"}


def test_what_others_changed_beside_keywords_is_known_after_writing(
    desk: Desk, photo: Path
) -> None:
    desk.confirm(photo)
    edit_outside(photo, add=("Ana",), rating=RatingChange(2, "Blue"))

    desk.write()

    row = desk.row(photo)
    assert (row.rating, row.label, keywords(photo)) == (2, "Blue", {"Ana", "Wedding|Bride"})
    rate_photos(desk.workspace.library, [row.id], 5)
    edit_outside(photo, rating=RatingChange(1, "Green"))
    assert desk.write().conflicts != []
    row = desk.row(photo)
    assert (row.rating, row.label, row.file_state) == (5, "Green", FileState.CONFLICT)
    rate_photos(desk.workspace.library, [row.id], 5)
    assert desk.write().conflicts == []
    assert read_metadata(photo).rating == 5


def test_a_picture_that_others_replaced_before_it_was_written_is_looked_at_again(
    desk: Desk, photo: Path
) -> None:
    library, folders = desk.workspace.library, [desk.row(photo).folder_id]
    library.store_scores(desk.model_id, [ScoredPhoto(desk.row(photo).id, {})])
    desk.confirm(photo)
    save_jpeg(photo, width=40, height=30, seed=9)

    assert desk.write().written == 1

    assert desk.scan().stored == 1
    assert library.count_untagged(folders) == 1
    row = desk.row(photo)
    assert (row.width, row.height, desk.pending()) == (40, 30, 0)
    assert desk.scan().stored == 0


@pytest.mark.parametrize("is_seen_by_a_scan", [True, False])
def test_a_keyword_that_somebody_moved_in_the_hierarchy_stays_where_it_is(
    desk: Desk, photo: Path, is_seen_by_a_scan: bool
) -> None:
    desk.confirm(photo)
    desk.write()
    edit_outside(photo, add=("People|Bride",), remove=("Wedding|Bride",))
    if is_seen_by_a_scan:
        desk.scan()
    desk.confirm(photo, "cake")

    assert desk.write().conflicts == []

    assert keywords(photo) == {"People|Bride", "Wedding|Cake"}
    assert desk.row(photo).file_state is FileState.IN_STEP


def test_a_label_in_conflict_does_not_keep_stars_from_being_written(
    desk: Desk, photo: Path
) -> None:
    library, photo_id = desk.workspace.library, desk.row(photo).id
    rate_photos(library, [photo_id], 3)
    label_photos(library, [photo_id], "Red")
    edit_outside(photo, rating=RatingChange(label="Blue"))

    desk.write()

    held = read_metadata(photo)
    assert (held.rating, held.label) == (3, "Blue")
    row = desk.row(photo)
    assert (row.rating, row.label, row.file_state) == (3, "Red", FileState.CONFLICT)
    label_photos(library, [photo_id], "Red")
    desk.write()
    held = read_metadata(photo)
    assert (held.rating, held.label) == (3, "Red")
    assert desk.row(photo).file_state is FileState.IN_STEP


def test_the_preview_names_no_stars_that_the_photo_has_already(desk: Desk, photo: Path) -> None:
    rate_photos(desk.workspace.library, [desk.row(photo).id], 3)
    edit_outside(photo, rating=RatingChange(3))

    (planned,) = plan_writes(desk.workspace, CancelToken())

    assert (planned.carriers, planned.rating, planned.label) == ((), None, None)
    assert desk.write().written == 0


def test_the_preview_says_what_is_write_protected(desk: Desk, photo: Path) -> None:
    desk.confirm(photo)
    photo.chmod(0o444)
    before = photo.read_bytes()

    (planned,) = plan_writes(desk.workspace, CancelToken())

    assert (planned.carriers, planned.add) == ((), ())
    assert photo.read_bytes() == before
    ((_, reason),) = desk.write().failed
    assert planned.problem == reason
    photo.chmod(0o644)
    (planned,) = plan_writes(desk.workspace, CancelToken())
    assert (planned.carriers, planned.problem) == ((photo,), None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Wedding", "Bride"), ("People", "Bride")),
        (("Wedding", "Bride"), ("Bride",)),
        (("Bride",), ("Wedding", "Bride")),
        (("Food; drink", "Bride"), ("Food, drink", "Bride")),
    ],
)
def test_a_keyword_that_got_another_path_is_still_ours(
    desk: Desk, photo: Path, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    library = desk.workspace.library
    library.choose_keyword("bride", first)
    desk.confirm(photo)
    desk.write()
    library.choose_keyword("bride", second)
    desk.write()
    assert len(keywords(photo)) == 1

    desk.decide(photo, Verdict.REJECTED)
    desk.write()

    assert keywords(photo) == set()


def test_a_keyword_of_others_does_not_become_ours_with_another_path(
    desk: Desk, photo: Path
) -> None:
    edit_outside(photo, add=("Bride",))
    desk.scan()
    desk.confirm(photo)
    desk.write()
    desk.workspace.library.choose_keyword("bride", ("People", "Bride"))
    desk.write()

    desk.decide(photo, Verdict.REJECTED)
    desk.write()

    assert "Bride" in read_metadata(photo).keywords
