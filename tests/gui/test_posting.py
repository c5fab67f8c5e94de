"""The ledger of posts and the shooting list in the window."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tagger.core.query import HasTag, InShoot, all_of
from tagger.gui.posts.coverage_dialog import CoverageDialog
from tagger.gui.posts.ledger_dialog import LedgerDialog
from tagger.gui.posts.note_dialog import NoteDialog
from tagger.services.posts.ledger import Place

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QModelIndex

    from tests.gui.day import Day

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def ledger(day: Day) -> LedgerDialog:
    """The ledger, in which nothing is noted yet."""
    day.press(Qt.Key.Key_B, _CTRL | _SHIFT, on=day.window)
    [ledger] = day.window.findChildren(LedgerDialog)
    day.wait_until(lambda: "Nothing is noted yet" in ledger.message.text())
    return ledger


def _note_two(day: Day, ledger: LedgerDialog) -> None:
    day.window.selection.select_photos(day.shown_ids[2:4])
    note = _open_note(day, ledger)
    note.platform.setEditText("TikTok")
    note.account.setText("ana")
    day.press(Qt.Key.Key_Return, on=note.account)
    day.wait_until(lambda: ledger.lines.topLevelItemCount() == 2)


def _open_note(day: Day, ledger: LedgerDialog) -> NoteDialog:
    ledger.note_button.click()
    day.wait_until(lambda: any(one.isVisible() for one in ledger.findChildren(NoteDialog)))
    return next(one for one in ledger.findChildren(NoteDialog) if one.isVisible())


def test_selected_photos_are_noted_and_a_repeat_is_warned_of(
    day: Day, ledger: LedgerDialog
) -> None:
    _note_two(day, ledger)
    posts = day.library.posts()
    assert {post.photo_id for post in posts} == set(day.shown_ids[2:4])
    assert {(post.platform, post.account) for post in posts} == {("TikTok", "ana")}

    again = _open_note(day, ledger)
    assert again.warning.text().count("was posted before: TikTok") == 2
    assert again.place == Place("TikTok", "ana")
    again.reject()


def test_a_note_without_a_platform_can_t_be_made(day: Day, ledger: LedgerDialog) -> None:
    day.go_to(0)
    note = _open_note(day, ledger)
    note.platform.setEditText("  ")
    day.press(Qt.Key.Key_Return, on=note.account)
    assert note.isVisible()
    note.reject()


def test_lines_are_shown_in_the_grid_and_taken_out_again(day: Day, ledger: LedgerDialog) -> None:
    _note_two(day, ledger)
    ledger.lines.selectAll()
    kept, wrong = [shown.post.photo_id for shown in ledger.selected]
    ledger.lines.setCurrentIndex(ledger.lines.model().index(1, 0))
    ledger.show_button.click()
    day.wait_until(lambda: day.shown_ids == [wrong])

    ledger.remove_button.click()
    day.wait_until(lambda: ledger.lines.topLevelItemCount() == 1)
    assert [post.photo_id for post in day.library.posts()] == [kept]


def test_a_table_of_past_posts_is_imported(day: Day, ledger: LedgerDialog, tmp_path: Path) -> None:
    table = tmp_path / "posts.csv"
    name = day.row(0).path.name
    table.write_text(f"photo;date;caption\n{name};2026-07-01;First\nnobody.jpg;;\n", "utf-8")

    ledger.table_button.click()
    [usual] = ledger.findChildren(NoteDialog)
    usual.accept()
    [chooser] = ledger.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(table))
    chooser.close()

    day.wait_until(lambda: ledger.lines.topLevelItemCount() == 1)
    assert "No photo of the library fits: nobody.jpg." in ledger.message.text()
    [post] = day.library.posts()
    assert (post.posted_on, post.caption) == (date(2026, 7, 1), "First")

    table.write_text("picture\n1.jpg\n", "utf-8")
    ledger.import_from(table, Place("Instagram"))
    day.wait_until(lambda: "no column photo" in ledger.message.text())


def test_weddings_are_held_against_a_list_of_ones_own(day: Day, tmp_path: Path) -> None:
    counts = day.library.count_by_class()
    there = max(counts, key=lambda name: counts[name])
    items = [{"class": there, "at_least": 1}, {"class": "fireworks", "at_least": 2}]
    own = tmp_path / "list.json"
    own.write_text(json.dumps({"name": "own", "title": "Own", "items": items}), "utf-8")

    day.press(Qt.Key.Key_L, _CTRL, on=day.window)
    [coverage] = day.window.findChildren(CoverageDialog)
    coverage.list_button.click()
    [chooser] = coverage.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(own))
    chooser.close()
    weddings = coverage.weddings
    day.wait_until(lambda: "2 weddings lack" in coverage.message.text())
    model = weddings.model()
    # The list that comes along may be answered first, and its lines go when the own one is there.
    day.wait_until(lambda: model.rowCount(model.index(0, 0)) == 2)
    first = model.index(0, 0)

    assert _words(first) == ["6", "", "missing: Fireworks"]
    enough = model.index(0, 0, first)
    photos, wanted, verdict = _words(enough)
    assert (wanted, verdict) == ("1", "enough")
    weddings.setCurrentIndex(enough)
    day.press(Qt.Key.Key_Return, on=weddings)
    day.wait_until(lambda: len(day.shown_ids) == int(photos) > 0)
    assert day.window.browsing.query == all_of(InShoot(first.data()), HasTag(there))

    own.write_text("{}", "utf-8")
    coverage.hold_against(own)
    day.wait_until(lambda: "field name" in coverage.message.text())
    coverage.close()


def _words(index: QModelIndex) -> list[str]:
    """What a line of the shooting list says behind its name."""
    return [index.siblingAtColumn(column).data() for column in (1, 2, 3)]
