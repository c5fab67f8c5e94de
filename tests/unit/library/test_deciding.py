from __future__ import annotations

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.ids import PhotoId, TagId
from tagger.core.tag import Source, TagState, Verdict
from tagger.library import DecisionRequest, Library
from tests.unit.library.shelf import Shelf, picture


@pytest.fixture(autouse=True)
def _photos(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"), picture("2.jpg"))
    shelf.score({"1.jpg": {"bride": 0.9, "bouquet": 0.2}, "2.jpg": {"bride": 0.8}})


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_decision_wins_over_the_model(shelf: Shelf, verdict: Verdict) -> None:
    changes = shelf.decide("1.jpg", verdict)

    assert changes.tags
    assert changes.photo_ids == {shelf.row("1.jpg").id}
    assert shelf.states("1.jpg") == {"bride": TagState(verdict)}
    assert shelf.states("2.jpg") == {"bride": TagState.PREDICTED}

    shelf.score({"1.jpg": {"bride": 0.01, "bouquet": 0.9}})
    assert shelf.states("1.jpg") == {"bride": TagState(verdict), "bouquet": TagState.PREDICTED}


def test_taking_a_decision_back_lets_the_model_speak_again(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.REJECTED)
    shelf.decide("1.jpg", None)

    assert shelf.states("1.jpg") == {"bride": TagState.PREDICTED}


def test_what_changes_nothing_leaves_no_trace(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    assert not shelf.decide("1.jpg", Verdict.CONFIRMED)
    assert not shelf.decide("2.jpg", None)
    assert not shelf.library.decide([], label="nothing")
    assert len(shelf.library.history(shelf.row("1.jpg").id)) == 1
    assert shelf.library.undo() is not None
    assert shelf.library.undo() is None


def test_the_last_of_two_requests_counts(shelf: Shelf) -> None:
    photo_id, tag_id = shelf.row("1.jpg").id, shelf.library.find_tag("bride").id
    shelf.library.decide(
        [
            DecisionRequest(photo_id, tag_id, Verdict.REJECTED),
            DecisionRequest(photo_id, tag_id, Verdict.CONFIRMED),
        ],
        label="both",
    )

    assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}


@pytest.mark.parametrize(("photo", "tag"), [(999, 1), (1, 999)])
def test_what_is_not_in_the_library_is_refused(shelf: Shelf, photo: int, tag: int) -> None:
    good = DecisionRequest(shelf.row("1.jpg").id, TagId(1), Verdict.CONFIRMED)
    bad = DecisionRequest(PhotoId(photo), TagId(tag), Verdict.CONFIRMED)

    with pytest.raises(WrongUseError):
        shelf.library.decide([good, bad], label="bad")
    assert shelf.states("1.jpg") == {"bride": TagState.PREDICTED}


def test_the_history_says_who_decided_what_and_what_the_model_thought(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED, source=Source.FILE)
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.decide("1.jpg", None)
    shelf.library.undo()

    lines = shelf.library.history(shelf.row("1.jpg").id)
    assert [(line.tag, line.verdict, line.source, line.is_undone) for line in lines] == [
        ("bride", None, Source.USER, True),
        ("bride", Verdict.CONFIRMED, Source.USER, False),
        ("bride", Verdict.CONFIRMED, Source.FILE, False),
    ]
    assert lines[0].score == 0.9
    assert lines[0].decided_at > lines[1].decided_at


def test_undo_and_redo_walk_through_all_batches(shelf: Shelf) -> None:
    verdicts = [Verdict.CONFIRMED, Verdict.REJECTED, None, Verdict.CORRECTED]
    seen = [shelf.states("1.jpg")]
    for verdict in verdicts:
        shelf.decide("1.jpg", verdict)
        seen.append(shelf.states("1.jpg"))

    for states in reversed(seen[:-1]):
        undone = shelf.library.undo()
        assert undone is not None
        assert undone.changes.tags
        assert shelf.states("1.jpg") == states
    assert shelf.library.undo() is None
    for states in seen[1:]:
        assert shelf.library.redo() is not None
        assert shelf.states("1.jpg") == states
    assert shelf.library.redo() is None


def test_a_batch_is_undone_whole_and_named(shelf: Shelf) -> None:
    tag_id = shelf.library.find_tag("bride").id
    photos = [shelf.row("1.jpg").id, shelf.row("2.jpg").id]
    shelf.library.decide(
        [DecisionRequest(photo_id, tag_id, Verdict.REJECTED) for photo_id in photos],
        label="Not a bride",
    )

    undone = shelf.library.undo()

    assert undone is not None
    assert undone.label == "Not a bride"
    assert undone.changes.photo_ids == set(photos)
    assert shelf.states("1.jpg") == shelf.states("2.jpg") == {"bride": TagState.PREDICTED}


def test_a_new_decision_ends_redo(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.undo()
    shelf.decide("2.jpg", Verdict.CONFIRMED)

    assert shelf.library.redo() is None
    shelf.library.undo()
    assert shelf.library.redo() is not None
    assert shelf.states("2.jpg") == {"bride": TagState.CONFIRMED}
    assert shelf.states("1.jpg") == {"bride": TagState.PREDICTED}


def test_undo_leaves_alone_what_another_program_decided(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.decide("1.jpg", Verdict.REJECTED, source=Source.FILE)

    shelf.library.undo()

    assert shelf.states("1.jpg") == {"bride": TagState.REJECTED}
    assert shelf.library.undo() is None


def test_undo_reaches_the_copy_that_inherited_and_redo_too(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.scan(picture("copy.jpg", "1.jpg"))
    shelf.scan(gone=["1.jpg"])
    assert shelf.states("copy.jpg") == {"bride": TagState.CONFIRMED}

    shelf.library.undo()
    assert shelf.states("copy.jpg") == {}
    shelf.library.redo()
    assert shelf.states("copy.jpg") == {"bride": TagState.CONFIRMED}


def test_nothing_to_undo(library: Library) -> None:
    assert library.undo() is None
    assert library.redo() is None
