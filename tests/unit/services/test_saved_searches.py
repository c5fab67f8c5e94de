from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command
from tagger.core.errors import QueryError, WrongUseError
from tagger.core.query import HasTag, Not, Rated, Word
from tagger.library import Library, SavedSearch
from tagger.services.finding import find_rows
from tagger.services.saved_searches import (
    list_searches,
    remove_search,
    rename_search,
    save_search,
    understand_query,
)
from tagger.services.workspace import Workspace
from tests.unit.library.shelf import Clock, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Classes bride, bouquet and reception_room, and two photos with stars."""
    with Library.open(tmp_path, now=Clock()) as library:
        Shelf(library).scan(picture("1.jpg", rating=5), picture("2.jpg", rating=1))
        yield library


def test_a_search_is_kept_as_it_is_understood(library: Library) -> None:
    saved = save_search(library, "  Flowers ", "bouq -bride IMG")

    assert saved == SavedSearch("Flowers", 'tag:bouquet AND NOT tag:bride AND "IMG"')
    assert list_searches(library) == [saved]
    assert understand_query(library, saved.query) == understand_query(library, "bouq -bride IMG")


def test_searches_stand_by_name_and_a_name_has_one(library: Library) -> None:
    for name, text in (("zoo", "1"), ("Élan", "2"), ("apple", "3"), ("E\u0301LAN", "rating:4")):
        save_search(library, name, text)

    names = [(search.name, search.query) for search in list_searches(library)]
    assert names == [("apple", '"3"'), ("zoo", '"1"'), ("ÉLAN", "rating:4")]


def test_a_saved_search_is_part_of_others(library: Library) -> None:
    save_search(library, "Best of", "rating:>=4 bouquet")
    save_search(library, "Best brides", 'saved:"best OF" bride')

    query = understand_query(library, 'NOT saved:"Best of"')
    assert isinstance(query, Not)
    remove_search(library, "best of")
    kept = understand_query(library, 'saved:"Best brides"')
    assert kept == understand_query(library, "rating:>=4 bouquet bride")


def test_a_search_that_grows_too_long_with_others_is_not_kept(library: Library) -> None:
    for name in "ab":
        save_search(library, name, " OR ".join(f"file:{name}{number:03}" for number in range(70)))
    save_search(library, "mine", "file:x")
    with pytest.raises(WrongUseError, match="too long to be kept"):
        save_search(library, "mine", "saved:a OR saved:b")
    kept = {search.name: search.query for search in list_searches(library)}
    assert kept["mine"] == "file:x"


def test_finding_by_name(library: Library, tmp_path: Path) -> None:
    save_search(library, "Best", "rating:5")

    rows = find_rows(Workspace(tmp_path, library), "saved:best")

    assert [row.path.name for row in rows] == ["1.jpg"]


def test_nothing_is_left_of_a_removed_search(library: Library) -> None:
    save_search(library, "Best", "rating:5")
    remove_search(library, " BEST ")

    assert list_searches(library) == []
    with pytest.raises(WrongUseError, match="None has been saved yet"):
        remove_search(library, "Best")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\u2028b", "\udcff", "x" * 81])
def test_names_that_no_list_can_show(library: Library, name: str) -> None:
    with pytest.raises(WrongUseError, match="saved search"):
        save_search(library, name, "bride")
    assert list_searches(library) == []


@pytest.mark.parametrize("text", ["(bride", "saved:other", "rating:9"])
def test_searches_that_make_no_sense_are_not_kept(library: Library, text: str) -> None:
    with pytest.raises(QueryError):
        save_search(library, "Best", text)
    assert list_searches(library) == []


def test_an_empty_search_needs_no_name(library: Library) -> None:
    with pytest.raises(WrongUseError, match="needs no name"):
        save_search(library, "All", "  ")


def test_an_unknown_name_is_marked_in_the_text(library: Library) -> None:
    save_search(library, "Best", "rating:5")

    with pytest.raises(QueryError, match="there are: Best") as caught:
        understand_query(library, "bride saved:Bets")
    assert (caught.value.position, caught.value.text) == (12, "bride saved:Bets")


def test_a_search_whose_class_is_gone_says_so(library: Library) -> None:
    library.save_search(SavedSearch("Old", "tag:confetti"))
    with pytest.raises(QueryError, match="no longer works"):
        understand_query(library, "saved:Old")


def test_names_of_near_searches_are_offered(library: Library) -> None:
    save_search(library, "Best of 2026", "rating:5")
    with pytest.raises(WrongUseError, match=r"Did you mean Best of 2026\?"):
        remove_search(library, "Best of 2025")


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert run_command(["searches", "save", "Best of", "rating:>=4 IMG", *home]) == 0
    assert run_command(["searches", "list", *home]) == 0
    printed = 'Best of means rating:>=4 AND "IMG"\nBest of  rating:>=4 AND "IMG"\n'
    assert capsys.readouterr().out == printed

    assert run_command(["searches", "save", "Best of", "rating:9", *home]) == 2
    assert "\n  rating:9\n         ^\n" in capsys.readouterr().err
    assert run_command(["searches", "remove", "other", *home]) == 2
    assert "Best of" in capsys.readouterr().err
    assert run_command(["searches", "remove", "best of", *home]) == 0
    assert run_command(["searches", "list", "--json", *home]) == 0
    assert capsys.readouterr().out.endswith("[]\n")


def test_what_is_read_is_the_same_tree(library: Library) -> None:
    save_search(library, "Stars", "rating:5")
    query = understand_query(library, "saved:Stars bride x")

    assert query is not None
    assert not isinstance(query, HasTag | Rated | Word)
    assert query == understand_query(library, "rating:5 bride x")


def test_another_name_keeps_the_meaning_and_takes_no_other_search_away(library: Library) -> None:
    save_search(library, "Stars", "rating:5")
    save_search(library, "Few stars", "rating:1")

    assert rename_search(library, "stars", "STARS") == SavedSearch("STARS", "rating:5")
    assert rename_search(library, "STARS", "Best of") == SavedSearch("Best of", "rating:5")
    with pytest.raises(WrongUseError, match="already"):
        rename_search(library, "Best of", "few STARS")
    with pytest.raises(WrongUseError, match="Did you mean"):
        rename_search(library, "Bst of", "x")

    assert [search.name for search in list_searches(library)] == ["Best of", "Few stars"]


def test_the_command_that_renames(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    assert run_command(["searches", "save", "Best of", "rating:5", *home]) == 0
    assert run_command(["searches", "rename", "Best of", "Top", *home]) == 0
    assert capsys.readouterr().out.endswith("Top means rating:5\n")


def test_accents_may_be_typed_in_either_form(library: Library) -> None:
    save_search(library, "Müller", "rating:5")
    decomposed = "mu\u0308ller"

    assert understand_query(library, f'saved:"{decomposed}"') == understand_query(
        library, "rating:5"
    )
    assert rename_search(library, decomposed, "Mu\u0308ller").name == "Müller"
    remove_search(library, decomposed)
    assert list_searches(library) == []
