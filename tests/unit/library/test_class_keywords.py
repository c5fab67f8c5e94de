from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.photo import FileState
from tagger.core.tag import Verdict
from tests.unit.library.shelf import Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Sequence


def path_of(shelf: Shelf, name: str = "bride") -> tuple[str, ...]:
    return shelf.library.find_tag(name).keyword_path


def fill(shelf: Shelf, *keywords: Sequence[str]) -> None:
    shelf.scan(*(picture(f"{n}.jpg", keywords=words) for n, words in enumerate(keywords)))


@pytest.mark.parametrize(
    ("held", "path"),
    [
        ([], ("Wedding", "Bride")),
        (["bride"], ("Wedding", "bride")),
        (["BRIDE", "WEDDING|BRIDE"], ("WEDDING", "BRIDE")),
        (["Bride", "Hochzeit|Bride"], ("Hochzeit", "Bride")),
        (["Bride", "Hochzeit|Bride", "Leute|Bride"], ("Wedding", "Bride")),
        (["wedding|Cake", "Cake"], ("wedding", "Bride")),
        (["Brides"], ("Wedding", "Bride")),
    ],
)
def test_a_class_takes_what_the_files_have(
    shelf: Shelf, held: Sequence[str], path: tuple[str, ...]
) -> None:
    fill(shelf, held)

    shelf.library.adopt_keywords()

    assert path_of(shelf) == path
    assert not shelf.library.adopt_keywords()


def test_most_files_decide_on_the_spelling(shelf: Shelf) -> None:
    fill(shelf, ["bride"], ["BRIDE"], ["BRIDE"])

    shelf.library.adopt_keywords()

    assert path_of(shelf) == ("Wedding", "BRIDE")


def test_what_was_written_stays(shelf: Shelf) -> None:
    fill(shelf, ["Ana"])
    shelf.decide("0.jpg", Verdict.CONFIRMED)
    shelf.write("0.jpg")
    fill(shelf, ["Ana", "Bride", "Wedding|Bride"], ["Hochzeit|Bride", "Bride"])

    shelf.library.adopt_keywords()

    assert path_of(shelf) == ("Wedding", "Bride")


def test_what_a_person_chose_stays_and_is_spelled_like_the_files(shelf: Shelf) -> None:
    fill(shelf, ["hochzeit|Torte", "Torte", "Hochzeit|Bride"])

    tag, _ = shelf.library.choose_keyword("Bride", ("HOCHZEIT", "Braut"))

    assert tag.keyword_path == path_of(shelf)
    assert tag.keyword_path in {("hochzeit", "Braut"), ("Hochzeit", "Braut")}
    shelf.library.adopt_keywords()
    assert path_of(shelf) == tag.keyword_path


def test_another_keyword_replaces_the_written_one(shelf: Shelf) -> None:
    fill(shelf, ["Ana"])
    shelf.decide("0.jpg", Verdict.CONFIRMED)
    shelf.write("0.jpg")

    shelf.library.choose_keyword("bride", ("People", "Bride"))

    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    assert waiting.wanted == (("People", "Bride"),)
    assert waiting.ours == ("Wedding|Bride",)


@pytest.mark.parametrize("path", [(), ("",), ("Wedding", " "), ("a|b",)])
def test_paths_that_are_none(shelf: Shelf, path: tuple[str, ...]) -> None:
    with pytest.raises(WrongUseError, match="needs a name"):
        shelf.library.choose_keyword("bride", path)


def test_a_class_that_only_ends_in_a_name_is_not_asked_about_when_another_lost_it(
    shelf: Shelf,
) -> None:
    shelf.library.add_tag("wedding cake", ("Wedding", "Cake"))
    shelf.library.add_tag("cake", ("Cake",))
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED, "cake")
    shelf.write("1.jpg")
    shelf.scan(picture("1.jpg", stamp=2))
    assert shelf.row("1.jpg").file_state is FileState.CONFLICT

    shelf.decide("1.jpg", Verdict.CONFIRMED, "cake")
    assert shelf.row("1.jpg").file_state is FileState.PENDING, "it was answered"
    shelf.write("1.jpg")

    assert shelf.row("1.jpg").file_state is FileState.IN_STEP
    assert shelf.library.file_keywords(shelf.row("1.jpg").id) == ("Cake",)
