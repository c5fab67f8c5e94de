"""New scores in one go come to the same as scores stored photo by photo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.query import Comparison, HasScore, HasTag
from tagger.core.tag import TagState, Verdict
from tagger.library import ClassRecord, Library, Rescored
from tagger.library.glance import glance_setting
from tests.unit.library.shelf import MODEL, TAKEN, Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path

NEW = replace(
    MODEL,
    fingerprint="f2",
    classes=(ClassRecord("bride", ("X",), 0.5), ClassRecord("cake", ("Wedding", "Cake"), 0.5)),
)
SCORES = {"0.jpg": (0.1, 0.9), "1.jpg": (0.9, 0.1), "2.jpg": (0.2, 0.3), "3.jpg": (0.8, 0.6)}


def prepare(shelf: Shelf) -> None:
    """Four photos, one with a RAW, scored by the first model, two of them decided on."""
    shelf.scan(
        *(picture(name, taken_at=TAKEN) for name in SCORES), picture("3.cr3", taken_at=TAKEN)
    )
    shelf.library.change_setting("write.predictions_from", "0.7")
    shelf.score({name: {"bride": 0.9, "bouquet": 0.9} for name in SCORES})
    shelf.decide("1.jpg", Verdict.REJECTED)
    shelf.decide("2.jpg", Verdict.CONFIRMED)
    for name in list(shelf.pending()):
        shelf.write(name)
    shelf.model_id = shelf.library.register_model(NEW)


def rescore(shelf: Shelf) -> None:
    waiting = shelf.library.photos_to_rescore("f2")
    names = {row.id: row.path.name for row in shelf.library.photo_rows([p for p, _ in waiting])}
    tag_ids = [shelf.library.find_tag(entry.name).id for entry in NEW.classes]
    scores = np.array([SCORES[names[photo]] for photo, _ in waiting], np.float32)
    shelf.library.store_rescored(shelf.model_id, Rescored(waiting, tag_ids, scores))


def test_all_at_once_or_one_by_one_is_the_same(shelf: Shelf, tmp_path: Path) -> None:
    prepare(shelf)
    rescore(shelf)
    with Library.open(tmp_path / "other") as library:
        other = Shelf(library)
        prepare(other)
        names = [entry.name for entry in NEW.classes]
        other.score({path: dict(zip(names, s, strict=True)) for path, s in SCORES.items()})
        for path in SCORES:
            assert shelf.states(path) == other.states(path)
            ids = shelf.row(path).id, other.row(path).id
            assert shelf.library.scores(ids[0]) == pytest.approx(library.scores(ids[1]))
        assert shelf.pending() == other.pending() != []
    assert shelf.untagged() == []
    assert shelf.states("1.jpg") == {"bride": TagState.REJECTED}
    assert shelf.states("2.jpg") == {"bride": TagState.CONFIRMED}


def test_searches_see_the_new_scores(shelf: Shelf) -> None:
    prepare(shelf)
    library = shelf.library
    assert len(library.find(HasScore("bride", Comparison.MORE, 0.85))) == 4
    rescore(shelf)
    assert len(library.find(HasScore("bride", Comparison.MORE, 0.85))) == 1
    assert len(library.find(HasTag("cake"))) == 2
    assert len(library.find(HasTag("bouquet"))) == 0
    assert library.check() == "ok"


def test_a_picture_that_was_replaced_meanwhile_stays_in_the_queue(shelf: Shelf) -> None:
    prepare(shelf)
    waiting = shelf.library.photos_to_rescore("f2")
    shelf.scan(picture("0.jpg", "another", taken_at=TAKEN, stamp=2))
    tag_id = shelf.library.find_tag("bride").id
    scores = np.full((len(waiting), 1), 0.9, np.float32)
    shelf.library.store_rescored(shelf.model_id, Rescored(waiting, [tag_id], scores))
    assert shelf.untagged() == ["0.jpg"]


def test_a_few_photos_of_many(shelf: Shelf) -> None:
    shelf.scan(*(picture(f"{n}.jpg") for n in range(20)))
    shelf.score({f"{n}.jpg": {"bride": 0.9} for n in range(19)})
    waiting = shelf.library.photos_to_rescore(MODEL.fingerprint)
    tag_id = shelf.library.find_tag("bride").id
    rescored = Rescored(waiting, [tag_id], np.array([[0.9]], np.float32))
    changes = shelf.library.store_rescored(shelf.model_id, rescored)
    assert changes.photo_ids == {waiting[0][0]}
    assert shelf.untagged() == []


def test_a_glance_at_a_setting(tmp_path: Path) -> None:
    assert glance_setting(tmp_path, "x") is None
    with Library.open(tmp_path) as library:
        library.change_setting("x", "1")
        assert glance_setting(tmp_path, "x") == "1"
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/library.db").touch()
    assert glance_setting(tmp_path / "empty", "x") is None
