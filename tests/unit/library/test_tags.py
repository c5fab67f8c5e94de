from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WrongUseError

if TYPE_CHECKING:
    from tagger.library import Library
    from tests.unit.library.shelf import Shelf


@pytest.mark.parametrize("name", ["reception_room", "Reception Room", "reception-room "])
def test_a_class_is_found_in_any_spelling(shelf: Shelf, name: str) -> None:
    tag = shelf.library.find_tag(name)

    assert (tag.name, tag.keyword_path) == ("reception_room", ("Wedding", "Reception Room"))
    assert tag.threshold == 0.7


def test_an_unknown_class_offers_near_ones(shelf: Shelf) -> None:
    with pytest.raises(WrongUseError, match="Did you mean bride"):
        shelf.library.find_tag("bridge")
    with pytest.raises(WrongUseError, match="bride, bouquet, reception_room"):
        shelf.library.find_tag("xyz")


def test_without_a_classifier_there_is_no_class(library: Library) -> None:
    assert library.tags() == []
    with pytest.raises(WrongUseError, match="let photos be tagged first"):
        library.find_tag("bride")


def test_a_class_of_ones_own(shelf: Shelf) -> None:
    tag = shelf.library.add_tag("First  Kiss", ["Wedding", " First Kiss"])

    assert (tag.name, tag.keyword_path) == ("First Kiss", ("Wedding", "First Kiss"))
    assert shelf.library.add_tag("first_kiss", ["Other"]) == tag
    assert shelf.library.tags()[-1] == tag


@pytest.mark.parametrize(("name", "path"), [("", ["x"]), ("x", []), ("x", [" "]), ("x", ["a|b"])])
def test_what_can_be_no_class(shelf: Shelf, name: str, path: list[str]) -> None:
    with pytest.raises(WrongUseError):
        shelf.library.add_tag(name, path)
