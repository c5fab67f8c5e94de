from __future__ import annotations

import pytest

from tagger.core.keywords import keyword_key
from tagger.core.photo import FileState
from tagger.core.tag import Source, TagState, Verdict
from tagger.library import MEANINGS
from tests.unit.library.shelf import TAKEN, Shelf, picture


@pytest.fixture(autouse=True)
def _photos(shelf: Shelf) -> None:
    shelf.scan(
        picture("1.jpg", keywords=["Braut", "Wedding|Braut"]),
        picture("2.jpg", keywords=["braut", "Bouquet"]),
        picture("3.jpg", keywords=["Braut"]),
        picture("4.jpg"),
    )


def learn(shelf: Shelf, **classes: str) -> int:
    ids = {keyword_key(word): shelf.library.find_tag(name).id for word, name in classes.items()}
    return len(shelf.library.learn_keywords(ids, label="keywords").photo_ids)


def test_keywords_are_counted_as_most_spell_them(shelf: Shelf) -> None:
    found = [(one.text, one.photos) for one in shelf.library.foreign_keywords()]

    assert found == [("Braut", 3), ("Bouquet", 1), ("Wedding|Braut", 1)]


def test_raw_and_jpeg_count_once(shelf: Shelf) -> None:
    shelf.scan(
        picture("5.jpg", keywords=["Cake"], taken_at=TAKEN),
        picture("5.cr3", keywords=["Cake"], taken_at=TAKEN),
    )

    assert {one.text: one.photos for one in shelf.library.foreign_keywords()}["Cake"] == 1


def test_what_we_wrote_ourselves_is_nobodys_word(shelf: Shelf) -> None:
    shelf.library.change_setting("write.predictions_from", "0.5")
    shelf.score({"4.jpg": {"bride": 0.9}})
    shelf.write("4.jpg")
    assert "Wedding|Bride" in shelf.library.file_keywords(shelf.row("4.jpg").id)

    assert "Bride" not in {one.text for one in shelf.library.foreign_keywords()}
    assert learn(shelf, bride="bride") == 0


def test_a_copy_of_what_we_wrote_is_nobodys_word_until_somebody_confirms_it(shelf: Shelf) -> None:
    shelf.library.change_setting("write.predictions_from", "0.5")
    shelf.score({"4.jpg": {"bride": 0.9}})
    shelf.write("4.jpg")
    held = shelf.library.file_keywords(shelf.row("4.jpg").id)
    shelf.scan(picture("album/4.jpg", "4.jpg", keywords=(*held, "Braut")))

    assert "Bride" not in {one.text for one in shelf.library.foreign_keywords()}
    assert learn(shelf, bride="bride") == 0
    assert learn(shelf, Braut="bride") == 4

    shelf.library.undo()
    shelf.decide("4.jpg", Verdict.CONFIRMED)
    assert learn(shelf, bride="bride") == 1


def test_learned_keywords_are_the_files_word_and_need_no_writing(shelf: Shelf) -> None:
    assert learn(shelf, Braut="bride") == 3

    assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}
    assert shelf.library.history(shelf.row("1.jpg").id)[0].source is Source.FILE
    assert shelf.pending() == []
    assert len(shelf.library.decided_photos()) == 3
    assert learn(shelf, Braut="bride") == 0


def test_a_persons_decision_stays_whatever_the_file_says(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.REJECTED)
    shelf.decide("2.jpg", Verdict.CORRECTED)

    learn(shelf, Braut="bride")

    assert shelf.states("1.jpg") == {"bride": TagState.REJECTED}
    assert shelf.states("2.jpg") == {"bride": TagState.CORRECTED}
    assert shelf.states("3.jpg") == {"bride": TagState.CONFIRMED}


def test_it_is_one_step_that_undo_takes_back(shelf: Shelf) -> None:
    learn(shelf, Braut="bride", Bouquet="bouquet")
    undone = shelf.library.undo()

    assert undone is not None
    assert undone.label == "keywords"
    assert [shelf.states(path) for path in ("1.jpg", "2.jpg", "3.jpg")] == [{}, {}, {}]
    assert shelf.pending() == []
    shelf.library.redo()
    assert shelf.states("2.jpg") == {"bride": TagState.CONFIRMED, "bouquet": TagState.CONFIRMED}
    assert shelf.pending() == []


def test_what_another_program_did_is_not_taken_back_by_undo(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED, source=Source.FILE)

    assert shelf.library.undo() is None


def test_photos_that_are_gone_teach_nothing(shelf: Shelf) -> None:
    shelf.scan(gone=["1.jpg", "2.jpg", "3.jpg"])

    assert shelf.library.foreign_keywords() == []
    assert learn(shelf, Braut="bride") == 0


def take_out(shelf: Shelf, path: str, *left: str, stamp: int = 2) -> str | None:
    """What the photo says once another program has left nothing but these keywords."""
    shelf.scan(picture(path, keywords=left, stamp=stamp))
    row = shelf.row(path)
    return row.write_error if row.file_state is FileState.CONFLICT else None


def test_a_class_whose_keyword_goes_again_is_asked_about(shelf: Shelf) -> None:
    shelf.library.change_setting(MEANINGS, '{"braut": "Bride"}')
    learn(shelf, Braut="bride")

    said = take_out(shelf, "3.jpg")

    assert str(said).startswith("Another program took out the keyword by which this is “Bride”.")
    assert shelf.states("3.jpg") == {"bride": TagState.CONFIRMED}
    assert shelf.pending() == []
    assert take_out(shelf, "3.jpg", "Braut", stamp=3) is None
    assert take_out(shelf, "3.jpg", stamp=4) is not None
    shelf.decide("3.jpg", Verdict.REJECTED)
    assert shelf.row("3.jpg").file_state is FileState.IN_STEP
    assert take_out(shelf, "1.jpg", "braut") is None, "one of its two keywords is left"
    assert take_out(shelf, "2.jpg", "Bride") is None, "another keyword says the same"


def test_a_class_learned_by_its_name_is_asked_about_too(shelf: Shelf) -> None:
    shelf.library.choose_keyword("bride", ("Wedding", "Braut allein"))
    shelf.scan(picture("4.jpg", keywords=["BRIDE"], stamp=2))
    learn(shelf, Bride="bride")

    assert "“Braut allein”" in str(take_out(shelf, "4.jpg", stamp=3))


def test_what_a_person_confirmed_is_written_whatever_goes(shelf: Shelf) -> None:
    shelf.library.change_setting(MEANINGS, '{"braut": "bride"}')
    learn(shelf, Braut="bride")
    shelf.decide("3.jpg", Verdict.CONFIRMED)

    assert take_out(shelf, "3.jpg") is None
    assert shelf.pending() == ["3.jpg"]
