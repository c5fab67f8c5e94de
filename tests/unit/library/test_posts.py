from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import QueryError, WrongUseError
from tagger.core.query import Not, Posted, all_of
from tagger.library import Library, Post
from tagger.services.searching import format_query, parse_query
from tests.unit.library.shelf import NOON, ROOT, TAKEN, Clock, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = NOON.astimezone().date()
ALL = {"1.jpg", "2.jpg", "3.jpg", "4.jpg", "copy of 2.jpg"}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """1 was posted 200 and 20 days ago, 2 180 days ago; 2 has a copy, 4 a RAW file beside it."""
    with Library.open(tmp_path, now=Clock()) as library:
        shelf = Shelf(library)
        shelf.scan(
            *(picture(f"{number}.jpg", taken_at=TAKEN) for number in (1, 3, 4)),
            picture("2.jpg", "2"),
            picture("copy of 2.jpg", "2"),
            picture("4.cr3", taken_at=TAKEN),
        )
        library.add_posts([post(shelf, "1.jpg", 200), post(shelf, "1.jpg", 20)])
        library.add_posts([post(shelf, "2.jpg", 180)])
        yield shelf


def post(shelf: Shelf, name: str, days_ago: int, caption: str = "") -> Post:
    day = TODAY - timedelta(days=days_ago)
    return Post(shelf.row(name).id, "Instagram", "ana_weddings", day, caption)


def find(shelf: Shelf, text: str) -> set[str]:
    rows = shelf.library.photo_rows(shelf.library.find(parse_query(text, [])))
    return {row.path.relative_to(ROOT).as_posix() for row in rows}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("posted:never", {"3.jpg", "4.jpg"}),
        ("posted:EVER", {"1.jpg", "2.jpg", "copy of 2.jpg"}),
        ("posted:<180d", {"1.jpg", "2.jpg", "copy of 2.jpg"}),
        ("posted:<179d", {"1.jpg"}),
        ("posted:<19d", set()),
        ("posted:>179d", {"2.jpg", "copy of 2.jpg"}),
        ("posted:>180d", set()),
        ("posted:<999999d", {"1.jpg", "2.jpg", "copy of 2.jpg"}),
        ("NOT posted:<30d", ALL - {"1.jpg"}),
        ("posted:never OR posted:>90d", ALL - {"1.jpg"}),
    ],
)
def test_searching_by_what_was_posted(shelf: Shelf, text: str, found: set[str]) -> None:
    assert find(shelf, text) == found


def test_posts_of_a_raw_file_are_those_of_its_photo(shelf: Shelf) -> None:
    shelf.library.add_posts([post(shelf, "4.cr3", 1)])

    assert find(shelf, "posted:<2d") == {"4.jpg"}


def test_a_new_post_shows_at_once_and_can_be_taken_back(shelf: Shelf) -> None:
    assert find(shelf, "posted:<2d") == set()
    new = post(shelf, "3.jpg", 0)

    assert shelf.library.add_posts([new]).photo_ids == {new.photo_id}
    assert find(shelf, "posted:<2d") == {"3.jpg"}
    assert shelf.library.remove_posts([new]).photo_ids == {new.photo_id}
    assert find(shelf, "posted:<2d") == set()
    assert not shelf.library.remove_posts([new])


def test_the_same_post_twice_is_one_with_the_newest_caption(shelf: Shelf) -> None:
    first = post(shelf, "3.jpg", 5)
    for caption in ("Sunset \udcff", "", "Sunrise"):
        shelf.library.add_posts([replace(first, caption=caption)])
    shelf.library.add_posts([replace(first, account="other", caption="Sunset \udcff")])

    assert shelf.library.posts([first.photo_id]) == [
        replace(first, account="other", caption="Sunset \udcff"),
        replace(first, caption="Sunrise"),
    ]


def test_the_ledger_by_day(shelf: Shelf) -> None:
    days = [(shown.posted_on - TODAY).days for shown in shelf.library.posts()]

    assert days == [-20, -180, -200]
    assert shelf.library.posts([]) == []


def test_posts_that_make_no_sense(shelf: Shelf) -> None:
    good = post(shelf, "3.jpg", 1)
    with pytest.raises(WrongUseError, match="not in the library"):
        shelf.library.add_posts([good, replace(good, photo_id=type(good.photo_id)(4711))])
    with pytest.raises(WrongUseError, match="platform"):
        shelf.library.add_posts([replace(good, platform=" ")])
    assert len(shelf.library.posts()) == 3


@pytest.mark.parametrize("text", ["posted:yesterday", "posted:180d", "posted:<-1d", "posted:<x"])
def test_what_posted_can_t_mean(text: str) -> None:
    with pytest.raises(QueryError, match="never, ever"):
        parse_query(text, [])


def test_how_posted_is_understood_and_written() -> None:
    assert parse_query("posted:>90d", []) == all_of(Posted(), Not(Posted(90)))
    assert format_query(Not(Posted())) == "posted:never"
    assert parse_query("posted:>90d", []) == parse_query("posted:ever NOT posted:<90d", [])


def test_the_ledger_is_in_backups(shelf: Shelf, tmp_path: Path) -> None:
    backup = shelf.library.back_up()
    (tmp_path / "other").mkdir()
    backup.rename(tmp_path / "other" / "library.db")

    with Library.open(tmp_path / "other") as other:
        assert len(other.posts()) == 3
        assert isinstance(other.posts()[0].posted_on, date)
