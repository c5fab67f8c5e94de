from __future__ import annotations

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, PhotoId
from tagger.core.photo import FileState, Stamp
from tagger.core.query import Flag, Is
from tagger.core.tag import Source, Verdict
from tagger.library import CrashFinding, PlannedPhoto, ScoredPhoto, WrittenFile
from tests.unit.library.shelf import CHANGE, ROOT, Shelf, picture

IN_FILE = ("Ana", "Wedding|Bride", "Bride")
VECTOR = b"sixteen bytes..."


@pytest.fixture(autouse=True)
def _photo(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", keywords=["Ana"]))
    shelf.score({"1.jpg": {"bride": 0.9, "bouquet": 0.6}})


def test_predictions_alone_are_not_written(shelf: Shelf) -> None:
    assert shelf.pending() == []
    assert shelf.row("1.jpg").file_state is FileState.IN_STEP
    assert shelf.library.count_unwritten([shelf.folder_id]) == 0


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMED, Verdict.CORRECTED])
def test_a_decided_tag_waits_and_is_written(shelf: Shelf, verdict: Verdict) -> None:
    shelf.decide("1.jpg", verdict)

    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert waiting.path == ROOT / "1.jpg"
    assert waiting.stamp == Stamp(1, 1)
    assert waiting.wanted == (("Wedding", "Bride"),)
    assert waiting.base == ("Ana",)
    assert shelf.row("1.jpg").file_state is FileState.PENDING
    assert shelf.library.summary().pending_writes == 1

    shelf.write("1.jpg")
    assert shelf.pending() == []
    assert shelf.row("1.jpg").file_state is FileState.IN_STEP
    assert shelf.library.file_keywords(shelf.row("1.jpg").id) == IN_FILE
    assert shelf.library.known_files(shelf.folder_id) == {"1.jpg": Stamp(99, 99)}
    assert shelf.library.find(Is(Flag.WRITTEN)) == [shelf.row("1.jpg").id]


def test_a_rejected_tag_needs_no_writing(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.REJECTED)

    assert shelf.pending() == []


def test_undo_before_writing_leaves_nothing_to_write(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.undo()

    assert shelf.pending() == []


def test_undo_after_writing_takes_the_keyword_out_again(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.write("1.jpg")
    shelf.library.undo()

    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert (waiting.wanted, waiting.ours) == ((), ("Wedding|Bride",))
    shelf.write("1.jpg")
    assert shelf.pending() == []
    assert shelf.library.file_keywords(shelf.row("1.jpg").id) == ("Ana",)


def test_a_keyword_that_was_there_before_is_never_ours(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", keywords=["bride"], stamp=2))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.write("1.jpg")
    shelf.library.undo()

    assert shelf.pending() == []


def test_a_decision_that_the_file_holds_already_needs_no_writing(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", keywords=["wedding|bride", "BRIDE"], stamp=2))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    assert shelf.pending() == []


def test_what_was_read_from_the_file_needs_no_writing_to_it(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", keywords=["Bride"], stamp=2))
    shelf.decide("1.jpg", Verdict.CONFIRMED, source=Source.FILE)

    assert shelf.pending() == []


def test_a_keyword_that_somebody_took_out_is_not_put_back(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.write("1.jpg")

    shelf.scan(picture("1.jpg", stamp=100))

    assert shelf.pending() == []


def test_a_keyword_that_somebody_took_out_stays_out_of_the_copy(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.write("1.jpg")
    shelf.scan(picture("1.jpg", keywords=["Ana"], stamp=2))  # another program took it out
    shelf.scan(picture("copy.jpg", "1.jpg", keywords=["Ana"]))
    shelf.scan(gone=["1.jpg"])

    assert shelf.pending() == []
    assert shelf.row("copy.jpg").file_state is FileState.CONFLICT

    shelf.decide("copy.jpg", Verdict.CONFIRMED)
    assert shelf.pending() == ["copy.jpg"]
    shelf.scan(picture("copy.jpg", "1.jpg", keywords=["Ana"], stamp=2))
    assert shelf.pending() == ["copy.jpg"]


def test_a_decision_made_while_writing_stays_in_the_queue(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    shelf.library.undo()

    written = WrittenFile(
        waiting.photo_id,
        tag_rev=waiting.tag_rev,
        stamp=Stamp(9, 9),
        keywords_before=("Ana",),
        keywords=IN_FILE,
        ours=("Wedding|Bride",),
    )
    shelf.library.store_written([written])

    (again,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert (again.wanted, again.ours) == ((), ("Wedding|Bride",))


def test_a_picture_that_got_another_id_keeps_its_features_and_tags(shelf: Shelf) -> None:
    shelf.library.store_scores(shelf.model_id, [ScoredPhoto(shelf.row("1.jpg").id, {}, VECTOR)])
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    new = ContentId("of the file with keywords")
    tags = shelf.states("1.jpg")

    written = WrittenFile(
        waiting.photo_id, waiting.tag_rev, Stamp(9, 9), ("Ana",), IN_FILE, (), content_id=new
    )
    shelf.library.store_written([written])

    assert shelf.library.content_features("b1", [new]) == {new: VECTOR}
    assert shelf.library.load_features("b1", [waiting.photo_id]) == {waiting.photo_id: VECTOR}
    assert (shelf.untagged(), shelf.states("1.jpg")) == ([], tags)


@pytest.mark.parametrize("is_undone", [False, True])
def test_after_a_crash_and_after_undoing_it_keeps_them_as_well(
    shelf: Shelf, is_undone: bool
) -> None:
    library, photo_id = shelf.library, shelf.row("1.jpg").id
    shelf.scan(picture("1.jpg", content="before"))
    library.store_scores(shelf.model_id, [ScoredPhoto(photo_id, {}, VECTOR)])
    planned = PlannedPhoto(photo_id, ROOT / "1.jpg", (CHANGE,), ())
    library.store_planned(library.begin_run(), [planned])

    if is_undone:
        library.follow_pictures([photo_id])
    else:
        library.settle_lines(CrashFinding(written=tuple(library.planned_lines())))
    shelf.scan(picture("1.jpg", content="after", stamp=2))

    assert shelf.untagged() == []
    assert library.load_features("b1", [photo_id]) == {photo_id: VECTOR}
    shelf.scan(picture("1.jpg", content="by another program", stamp=3))
    assert shelf.untagged() == ["1.jpg"]


def test_after_a_crash_between_file_and_library_the_keyword_is_still_ours(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    planned = PlannedPhoto(shelf.row("1.jpg").id, ROOT / "1.jpg", (CHANGE,), ("Wedding|Bride",))
    shelf.library.store_planned(shelf.library.begin_run(), [planned])
    # The file was replaced; the program died; the next scan sees what the file holds.
    shelf.scan(picture("1.jpg", keywords=IN_FILE, stamp=9))
    assert shelf.pending() == []

    shelf.library.undo()
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert (waiting.wanted, waiting.ours) == ((), ("Wedding|Bride",))


@pytest.mark.parametrize(
    "state", [FileState.FAILED, FileState.CONFLICT, FileState.READ_ONLY, FileState.OFFLINE]
)
def test_a_problem_is_shown_and_tried_again(shelf: Shelf, state: FileState) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.store_write_problem(shelf.row("1.jpg").id, state, "It did not work.")

    row = shelf.row("1.jpg")
    assert (row.file_state, row.write_error) == (state, "It did not work.")
    assert shelf.pending() == ["1.jpg"]
    is_failure = state is not FileState.OFFLINE
    assert shelf.library.failures() == [(ROOT / "1.jpg", "It did not work.")] * is_failure
    assert shelf.library.summary().failed == is_failure

    shelf.write("1.jpg")
    row = shelf.row("1.jpg")
    assert (row.file_state, row.write_error) == (FileState.IN_STEP, None)
    assert shelf.library.failures() == []


def test_a_state_that_is_no_problem_is_refused(shelf: Shelf) -> None:
    with pytest.raises(WrongUseError):
        shelf.library.store_write_problem(PhotoId(1), FileState.PENDING, "x")


def test_undo_takes_a_problem_away(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.store_write_problem(shelf.row("1.jpg").id, FileState.FAILED, "No.")
    shelf.library.undo()

    assert shelf.row("1.jpg").file_state is FileState.IN_STEP
    assert shelf.library.failures() == []


def test_the_queue_comes_in_pages_and_only_of_these_folders(shelf: Shelf) -> None:
    shelf.scan(*(picture(f"{n}.jpg") for n in range(2, 6)))
    for n in range(1, 6):
        shelf.decide(f"{n}.jpg", Verdict.CONFIRMED)

    first = shelf.library.next_unwritten([shelf.folder_id], 2)
    rest = shelf.library.next_unwritten([shelf.folder_id], 9, after=first[-1].photo_id)

    assert len(first) == 2
    assert len({write.photo_id for write in [*first, *rest]}) == 5
    assert shelf.library.next_unwritten([], 9) == []
    shelf.scan(gone=["1.jpg"])
    assert shelf.library.count_unwritten([shelf.folder_id]) == 4


def test_predictions_are_written_from_a_score_on(shelf: Shelf) -> None:
    shelf.library.change_setting("write.predictions_from", "0.8")
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert waiting.wanted == (("Wedding", "Bride"),)
    shelf.write("1.jpg")

    shelf.library.change_setting("write.predictions_from", "0.5")
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert waiting.wanted == (("Wedding", "Bride"), ("Wedding", "Bouquet"))
    shelf.write("1.jpg")

    shelf.library.change_setting("write.predictions_from", "off")
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert waiting.wanted == ()
    assert set(waiting.ours) == {"Wedding|Bride", "Wedding|Bouquet"}
    shelf.write("1.jpg")
    assert shelf.library.file_keywords(shelf.row("1.jpg").id) == ("Ana",)


def test_new_scores_wait_for_writing_only_where_they_say_something_else(shelf: Shelf) -> None:
    shelf.library.change_setting("write.predictions_from", "0.8")
    shelf.write("1.jpg")

    shelf.score({"1.jpg": {"bride": 0.95, "bouquet": 0.7}})
    assert shelf.pending() == []
    shelf.score({"1.jpg": {"bride": 0.95, "bouquet": 0.85}})
    assert shelf.pending() == ["1.jpg"]


@pytest.mark.parametrize("value", ["1.5", "-1", "many", "nan"])
def test_a_score_that_is_none_is_refused(shelf: Shelf, value: str) -> None:
    with pytest.raises(WrongUseError):
        shelf.library.change_setting("write.predictions_from", value)
    assert shelf.library.setting("write.predictions_from") is None


def test_settings_are_kept_changed_and_forgotten(shelf: Shelf) -> None:
    assert not shelf.library.change_setting("theme", "dark")
    shelf.library.change_setting("theme", "light")
    assert shelf.library.setting("theme") == "light"
    shelf.library.change_setting("theme", None)
    assert shelf.library.setting("theme") is None


def test_looking_at_what_would_be_written_claims_nothing(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    (seen,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    # Somebody puts the keyword there with another program, then the tag is taken back.
    shelf.scan(picture("1.jpg", keywords=IN_FILE, stamp=9))
    shelf.library.undo()

    assert (seen.wanted, seen.ours) == ((("Wedding", "Bride"),), ())
    assert shelf.pending() == []
