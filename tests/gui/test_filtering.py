"""Classes, chips, folders and the search box are one query."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tagger.core.changes import Changes
from tagger.core.ids import FolderId
from tagger.core.query import HasTag
from tagger.library.revisions import Subject
from tagger.services.browsing import survey
from tagger.services.listing import Place

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem

    from tagger.core.cancel import CancelToken
    from tagger.core.query import Query
    from tagger.gui.panels.place_tree import PlaceTree
    from tagger.services.listing import Counts
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def day(looking_day: Day) -> Day:
    """Filtering decides nothing, so one window is enough."""
    return looking_day


@pytest.fixture
def names(day: Day) -> list[str]:
    """Two classes that some photos have."""
    return [name for name, count in day.counts.items() if count][:2]


def test_a_click_selects_one_class_everywhere(day: Day, names: list[str]) -> None:
    day.click_class(names[0])

    assert len(day.shown_ids) == day.counts[names[0]]
    assert all(names[0] in day.standing(photo) for photo in day.shown_ids)
    assert day.widgets.search.line.text() == f"tag:{names[0]}"
    assert day.widgets.chips.texts == [names[0].capitalize()]


def test_a_second_click_takes_the_class_out_again(day: Day, names: list[str]) -> None:
    day.click_class(names[0])
    day.click_class(names[0])

    assert len(day.shown_ids) == 12
    assert day.widgets.search.line.text() == ""


def test_counts_follow_the_other_filters_and_not_the_classes(day: Day, names: list[str]) -> None:
    before = day.counts
    day.click_class(names[0])
    assert day.counts == before

    day.search("shoot:2026-06-20")
    day.wait_until(lambda: sum(day.counts.values()) == 6)


@pytest.mark.parametrize(
    ("modifier", "text"),
    [
        (_CTRL, "tag:{} AND tag:{}"),
        (_SHIFT, "tag:{} OR tag:{}"),
        (_ALT, "tag:{} AND NOT tag:{}"),
    ],
)
def test_keys_with_a_click_mean_and_or_not(
    day: Day, names: list[str], modifier: Qt.KeyboardModifier, text: str
) -> None:
    day.click_class(names[0])
    day.click_class(names[1], modifier)

    assert day.widgets.search.line.text() == text.format(*names)


def test_a_chip_takes_its_condition_away(day: Day, names: list[str]) -> None:
    day.search(f"{names[0]} AND shoot:2026-06-20")
    assert len(day.widgets.chips.texts) == 2

    chips = [
        button
        for button in day.widgets.chips.findChildren(QPushButton)
        if button.property("role") == "chip"
    ]
    chips[0].click()

    day.wait_until(lambda: day.widgets.search.line.text() == "shoot:2026-06-20")
    assert len(day.shown_ids) == 6


def test_a_shoot_in_the_tree_filters(day: Day) -> None:
    tree = day.widgets.places

    place = tree.visualItemRect(_shoot(tree, 0)).center()
    QTest.mouseClick(tree.viewport(), _LEFT, pos=place)

    day.wait_until(lambda: len(day.shown_ids) == 6)
    assert day.widgets.chips.texts == ["2026-06-20"]


def test_a_click_means_what_it_went_down_on_though_counts_change_meanwhile(day: Day) -> None:
    tree = day.widgets.places
    shoot = _shoot(tree, 1)
    overview = survey(day.session.workspace)
    [folder] = overview.places
    earlier = replace(folder, shoots=(("2026-06-01", 3), *folder.shoots))
    another = Place(FolderId(9), Path("/a"), is_offline=False, shoots=(("2026-05-01", 1),))

    QTest.mousePress(tree.viewport(), _LEFT, pos=tree.visualItemRect(shoot).center())
    tree.show_places(replace(overview, places=(another, earlier)))
    QTest.mouseRelease(tree.viewport(), _LEFT, pos=tree.visualItemRect(shoot).center())

    day.wait_until(lambda: day.widgets.chips.texts == ["2026-06-21"])


def _shoot(tree: PlaceTree, place: int) -> QTreeWidgetItem:
    folder = tree.topLevelItem(1)
    assert folder is not None
    shoot = folder.child(place)
    assert shoot is not None
    return shoot


def test_a_wrong_search_is_explained_and_its_place_marked(day: Day) -> None:
    day.search("shoot:2026-06-20 AND (")

    assert day.widgets.search.complaint
    assert "<span" in day.widgets.search.complaint
    assert len(day.shown_ids) == 12

    day.search("shoot:2026-06-20")
    day.wait_until(lambda: not day.widgets.search.complaint and len(day.shown_ids) == 6)


def test_the_newest_of_many_searches_wins(day: Day) -> None:
    for _ in range(30):
        day.session.search.ask("shoot:2026-06-20")
        day.session.search.ask("")
    day.session.search.ask("shoot:2026-06-21")

    day.wait_until(lambda: day.widgets.grid.photos.listing.text == "shoot:2026-06-21")
    assert len(day.shown_ids) == 6


def test_photos_are_shown_while_the_search_before_is_still_being_counted(
    day: Day, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, may_go_on, begun, ended = day.session.search._browser, Event(), Event(), Event()
    count = browser.count

    def count_slowly(query: Query | None, cancel: CancelToken) -> Counts:
        if query == HasTag(names[0]):
            begun.set()
            if cancel.wait(20):
                ended.set()
        may_go_on.wait(20)
        return count(query, cancel)

    monkeypatch.setattr(browser, "count", count_slowly)
    day.click_class(names[0])
    day.wait_until(begun.is_set)
    day.search("shoot:2026-06-20")
    assert len(day.shown_ids) == 6
    assert sum(day.counts.values()) == 12
    assert ended.wait(20), "nobody waits for the counts of the search before"

    may_go_on.set()
    day.wait_until(lambda: sum(day.counts.values()) == 6)


def test_another_order_leaves_the_counts_as_they_are(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, asked = day.session.search._browser, []
    count = browser.count

    def note(query: Query | None, cancel: CancelToken) -> Counts:
        asked.append(query)
        return count(query, cancel)

    monkeypatch.setattr(browser, "count", note)
    day.search("shoot:2026-06-20")
    day.wait_until(lambda: sum(day.counts.values()) == 6)
    day.wait_until(lambda: not day.session.search._is_asking)
    asked.clear()
    day.widgets.sort.setCurrentIndex(1)
    day.wait_until(lambda: not day.widgets.grid.photos.listing.sections)
    assert not day.session.search._is_asking
    assert not asked

    day.session.feed.publish(Changes(tags=True))
    day.wait_until(lambda: len(asked) == 1)


def test_what_sorting_by_score_reads_longest_is_read_ahead(day: Day) -> None:
    kept = day.library._kept

    def has_best_scores() -> bool:
        return (Subject.SCORES, "best", ()) in kept._kept

    kept.clear()
    day.search("shoot:2026-06-20")

    day.wait_until(has_best_scores)
    assert not day.session.search._is_asking


def test_order_by_name_has_no_sections(day: Day) -> None:
    day.widgets.sort.setCurrentIndex(1)

    day.wait_until(lambda: not day.widgets.grid.photos.listing.sections)
    rows = day.library.photo_rows(day.shown_ids)
    assert [row.path.name for row in rows] == sorted(row.path.name for row in rows)


def test_completion_offers_classes(day: Day) -> None:
    line = day.widgets.search.line
    line.setFocus()
    QTest.keyClicks(line, "NOT bou")
    day.press(Qt.Key.Key_Down, on=line)

    completer = line._completer
    assert completer.currentCompletion() == "bouquet"


def test_keys_of_photos_can_be_typed_into_the_search(day: Day) -> None:
    before = {photo: day.states(photo) for photo in day.shown_ids}

    day.search("1x0")

    assert day.widgets.search.line.text() == "1x0"
    day.wait_until(lambda: not day.session.decisions.is_busy)
    assert {photo: day.states(photo) for photo in before} == before


def test_picked_photos_stand_under_no_search_and_one_click_shows_all_again(day: Day) -> None:
    day.search("shoot:2026-06-20")
    browsing, chips = day.window.browsing, day.widgets.chips
    picked = day.library.find(None)[:2]

    browsing.show_photos(picked)
    assert day.shown_ids == picked
    assert chips.texts == ["Chosen photos"]
    assert chips._count.text() == "2 photos"
    assert day.widgets.search.line.text() == ""
    assert browsing.query is None
    assert not browsing.shows_all

    chips._chips[0].click()
    day.wait_until(lambda: len(day.shown_ids) == 12)
    assert chips.texts == []
    assert browsing.shows_all
