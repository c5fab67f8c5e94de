"""Crops, drafts and sharpness are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.ids import PhotoId
from tagger.core.tag import Verdict
from tagger.library import StoredDraft
from tests.unit.library.shelf import picture

if TYPE_CHECKING:
    from tests.unit.library.shelf import Shelf


def test_a_crop_is_remembered_by_photo_and_shape(shelf: Shelf) -> None:
    shelf.scan(picture("a.jpg"), picture("b.jpg"))
    first, second = shelf.row("a.jpg").id, shelf.row("b.jpg").id
    library = shelf.library
    library.place_crop(first, "4:5", (0.1, 0.0, 0.5, 1.0))
    library.place_crop(first, "1:1", (0.2, 0.0, 0.6, 1.0))
    library.place_crop(first, "4:5", (0.3, 0.0, 0.5, 1.0))
    assert library.crops([first, second], "4:5") == {first: (0.3, 0.0, 0.5, 1.0)}
    library.place_crop(first, "4:5", None)
    assert library.crops([first], "4:5") == {}
    assert library.crops([first], "1:1") == {first: (0.2, 0.0, 0.6, 1.0)}


def test_the_crop_of_a_photo_that_is_gone_is_that_of_its_copy(shelf: Shelf) -> None:
    shelf.scan(picture("a.jpg", "1"))
    library, first = shelf.library, shelf.row("a.jpg").id
    library.place_crop(first, "4:5", (0.1, 0.0, 0.5, 1.0))
    shelf.scan(picture("a.jpg", "1"), picture("copy.jpg", "1"))
    copy = shelf.row("copy.jpg").id
    assert library.crops([copy], "4:5") == {}
    assert library.copies([first, copy]) == {}

    library.mark_missing(shelf.folder_id, ["a.jpg"])

    assert library.copies([first, copy]) == {first: copy}
    assert library.crops([copy], "4:5") == {copy: (0.1, 0.0, 0.5, 1.0)}
    assert library.crops([copy], "1:1") == {}
    library.place_crop(copy, "4:5", (0.2, 0.0, 0.5, 1.0))
    assert library.crops([copy], "4:5") == {copy: (0.2, 0.0, 0.5, 1.0)}
    library.place_crop(copy, "4:5", None)
    assert library.crops([copy], "4:5") == {}


def test_drafts_by_name_in_any_case(shelf: Shelf) -> None:
    library = shelf.library
    library.save_draft(StoredDraft("June", "one"))
    library.save_draft(StoredDraft("JUNE", "two"))
    library.save_draft(StoredDraft("July", "three"))
    assert {draft.name: draft.content for draft in library.drafts()} == {
        "JUNE": "two",
        "July": "three",
    }
    assert library.remove_draft("june")
    assert not library.remove_draft("june")


def test_sharpness_is_that_of_the_picture(shelf: Shelf) -> None:
    shelf.scan(picture("a.jpg"))
    photo = shelf.row("a.jpg").id
    shelf.library.store_sharpness({photo: 0.5, PhotoId(99): 1.0})
    assert shelf.library.sharpness([photo, PhotoId(99)]) == {photo: 0.5}


def test_scores_of_a_class_as_arrays(shelf: Shelf) -> None:
    shelf.scan(picture("a.jpg"), picture("b.jpg"), picture("c.jpg"))
    shelf.score({"a.jpg": {"bride": 0.9}, "b.jpg": {"bride": 0.8}, "c.jpg": {"bride": 0.7}})
    shelf.decide("b.jpg", Verdict.CONFIRMED)
    shelf.decide("c.jpg", Verdict.REJECTED)
    found = shelf.library.class_scores(shelf.library.find_tag("bride").id)
    assert found.ids.tolist() == [shelf.row("a.jpg").id, shelf.row("b.jpg").id]
    assert found.scores.tolist() == pytest.approx([0.9, 1.0])
