from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, ModelId, PhotoId
from tagger.core.photo import FileState
from tagger.core.tag import TagState, Verdict
from tagger.library import ClassRecord, Library, ScoredPhoto
from tests.unit.library.shelf import MODEL, ROOT, TAKEN, Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path

VECTOR = np.arange(8, dtype="<f2").tobytes()


def test_the_queue_in_pages_without_those_on_their_way(shelf: Shelf) -> None:
    shelf.scan(*(picture(f"{n}.jpg") for n in range(5)))

    first = shelf.library.next_untagged([shelf.folder_id], 2)
    rest = shelf.library.next_untagged([shelf.folder_id], 9, exclude=[photo.id for photo in first])

    assert len(first) == 2
    assert first[0].path.parent == ROOT
    assert {photo.id for photo in first}.isdisjoint(photo.id for photo in rest)
    assert len(rest) == 3
    assert shelf.library.next_untagged([], 9) == []


def test_scores_become_tags_from_the_threshold_on(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    changes = shelf.score({"1.jpg": {"bride": 0.5, "bouquet": 0.49, "reception_room": 0.69}})

    row = shelf.row("1.jpg")
    assert changes.tags
    assert changes.photo_ids == {row.id}
    assert not row.needs_tags
    assert shelf.states("1.jpg") == {"bride": TagState.PREDICTED}
    assert list(shelf.library.scores(row.id).items()) == [
        ("reception_room", 0.69),
        ("bride", 0.5),
        ("bouquet", 0.49),
    ]
    assert shelf.untagged() == []


def test_another_model_asks_for_all_photos_again_and_the_first_for_none(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"), picture("2.jpg"))
    shelf.score({"1.jpg": {"bride": 0.9}, "2.jpg": {"bride": 0.1}})
    shelf.decide("2.jpg", Verdict.CONFIRMED)

    second = replace(MODEL, fingerprint="f2", classes=(ClassRecord("Bride", ("X",), 0.95),))
    shelf.model_id = shelf.library.register_model(second)
    assert shelf.untagged() == ["1.jpg", "2.jpg"]
    assert shelf.library.find_tag("bride").threshold == 0.95
    assert shelf.library.find_tag("bride").keyword_path == ("Wedding", "Bride")
    assert shelf.states("1.jpg") == {"bride": TagState.PREDICTED}

    shelf.score({"1.jpg": {"bride": 0.9}})
    assert shelf.states("1.jpg") == {}
    assert shelf.states("2.jpg") == {"bride": TagState.CONFIRMED}

    shelf.library.register_model(MODEL)
    assert shelf.untagged() == ["1.jpg"]
    assert [model.is_in_use for model in shelf.library.models()] == [False, True]


def test_the_same_model_again_changes_nothing(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.score({"1.jpg": {"bride": 0.9}})

    assert shelf.library.register_model(MODEL) == shelf.model_id
    assert shelf.untagged() == []
    assert len(shelf.library.models()) == 1


def test_new_thresholds_of_the_same_model_judge_its_scores_again(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.score({"1.jpg": {"bride": 0.6, "bouquet": 0.4}})

    classes = (ClassRecord("bride", ("X",), 0.7), ClassRecord("bouquet", ("X",), 0.3))
    shelf.library.register_model(replace(MODEL, classes=classes))

    assert shelf.states("1.jpg") == {"bouquet": TagState.PREDICTED}
    assert shelf.untagged() == []


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.61, 0.9])
def test_moved_thresholds_judge_as_if_they_had_been_there_before(
    shelf: Shelf, threshold: float
) -> None:
    """Also for decided photos, RAW companions and what is written to files."""
    shelf.scan(
        *(picture(f"{n}.jpg", taken_at=TAKEN) for n in range(4)),
        picture("3.cr3", taken_at=TAKEN),
    )
    shelf.score({f"{n}.jpg": {"bride": 0.6} for n in range(4)})
    shelf.library.change_setting("write.predictions_from", "0.4")
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.decide("2.jpg", Verdict.REJECTED)

    for value in (0.99, threshold):
        classes = (ClassRecord("bride", ("X",), value),)
        shelf.library.register_model(replace(MODEL, classes=classes))

    predicted = {"bride": TagState.PREDICTED} if threshold <= 0.6 else {}
    assert shelf.states("0.jpg") == shelf.states("3.jpg") == predicted
    assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}
    assert shelf.states("2.jpg") == {"bride": TagState.REJECTED}
    waiting = ["0.jpg", "1.jpg", "3.cr3", "3.jpg"] if predicted else ["1.jpg"]
    assert shelf.pending() == waiting


def test_scores_of_a_picture_that_was_replaced_meanwhile_are_dropped(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "old"))
    (photo,) = shelf.library.next_untagged([shelf.folder_id], 9)
    shelf.scan(picture("1.jpg", "new", stamp=2))

    tag_id = shelf.library.find_tag("bride").id
    shelf.library.store_scores(
        shelf.model_id, [ScoredPhoto(photo.id, {tag_id: 0.9}, VECTOR, photo.content_id)]
    )

    assert shelf.states("1.jpg") == {}
    assert shelf.untagged() == ["1.jpg"]


def test_features_are_kept_by_picture_and_backbone(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"), picture("2.jpg", "y"))
    ids = [shelf.row("1.jpg").id, shelf.row("2.jpg").id]
    shelf.library.store_scores(shelf.model_id, [ScoredPhoto(ids[0], {}, VECTOR)])

    assert shelf.library.load_features("b1", ids) == {ids[0]: VECTOR}
    assert shelf.library.load_features("b2", ids) == {}
    shelf.scan(picture("copy.jpg", "x"))
    copy = shelf.row("copy.jpg").id
    assert shelf.library.load_features("b1", [copy]) == {copy: VECTOR}


@pytest.mark.parametrize("offset", [0, 5_000])
def test_a_damaged_feature_file_begins_anew(tmp_path: Path, offset: int) -> None:
    scored = [ScoredPhoto(PhotoId(1), {}, VECTOR * 1000, ContentId("1.jpg"))]
    with Library.open(tmp_path) as library:
        shelf = Shelf(library)
        shelf.scan(picture("1.jpg"))
        library.store_scores(shelf.model_id, scored)
    damaged = bytearray((tmp_path / "features.db").read_bytes())
    damaged[offset : offset + 4_000] = b"\x55" * 4_000
    (tmp_path / "features.db").write_bytes(damaged)

    with Library.open(tmp_path) as library:
        library.load_features("b1", [PhotoId(1)])
        library.store_scores(shelf.model_id, scored)
        assert library.load_features("b1", [PhotoId(1)]) == {PhotoId(1): VECTOR * 1000}


def test_a_photo_that_cant_be_read_leaves_the_queue_until_errors_are_cleared(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"), picture("2.jpg"))
    changes = shelf.library.store_error(shelf.row("1.jpg").id, "It is cut off.")

    assert changes.photo_ids == {shelf.row("1.jpg").id}
    assert shelf.untagged() == ["2.jpg"]
    assert shelf.library.failures() == [(ROOT / "1.jpg", "It is cut off.")]

    assert shelf.library.clear_errors() == 1
    assert shelf.untagged() == ["1.jpg", "2.jpg"]
    known = shelf.library.known_files(shelf.folder_id)
    assert known["1.jpg"] != picture("1.jpg").stamp
    assert known["2.jpg"] == picture("2.jpg").stamp


def test_clearing_errors_answers_no_conflict(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.write("1.jpg")
    shelf.scan(picture("1.jpg", stamp=2))  # another program took the keyword out
    assert shelf.row("1.jpg").file_state is FileState.CONFLICT

    shelf.library.clear_errors()
    assert shelf.row("1.jpg").file_state is FileState.CONFLICT


def test_a_model_that_is_not_registered_is_refused(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    with pytest.raises(WrongUseError):
        shelf.library.store_scores(ModelId(99), [ScoredPhoto(PhotoId(1), {})])


def test_scores_of_photos_that_are_not_there_are_dropped(shelf: Shelf) -> None:
    assert not shelf.library.store_scores(shelf.model_id, [ScoredPhoto(PhotoId(99), {}, VECTOR)])
