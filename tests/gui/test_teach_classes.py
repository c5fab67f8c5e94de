"""Classes renamed, retired and split in the window; answers on a wall; a start that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QEvent, Qt, QTime
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tagger.core.tag import TagState
from tagger.gui.panels.class_list import ClassRow
from tagger.gui.teach.full_lessons import STARTS_AT
from tagger.services.cleaning import CleaningReview, Suspect
from tagger.services.label_decisions import LabelVerdict, load_decisions
from tests.colours import save_colour
from tests.gui.teaching import day, decide, find, models, page, session

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QPushButton

    from tagger.gui.teach.page import TeachPage
    from tagger.gui.teach.wall import PhotoWall, Tile
    from tests.gui.day import Day

__all__ = ["day", "models", "page", "session"]


def select(page: TeachPage, title: str) -> None:
    table = page.classes.table
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    [item] = [item for item in items if item is not None and item.text(0) == title]
    table.setCurrentItem(item)


def titles(page: TeachPage) -> dict[str, str]:
    table = page.classes.table
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return {item.text(0): item.text(4) for item in items if item is not None}


def shown(day: Day) -> list[str]:
    """The classes beside the photos."""
    return [row.tag.name for row in day.widgets.side.classes.rows if isinstance(row, ClassRow)]


def click(page: TeachPage, button: QPushButton) -> None:
    assert button.isEnabled()
    button.click()


def test_a_class_is_renamed_and_retired_and_both_come_back(day: Day, page: TeachPage) -> None:
    decide(day, "b", "+bride")
    page.open_section(page.classes)
    day.wait_until(lambda: "Bride" in titles(page))
    select(page, "Bride")
    assert not page.classes.rename_button.isEnabled(), "no name was written"
    page.classes.new_name.setText("star of the day")
    click(page, page.classes.rename_button)
    day.wait_until(lambda: "Star of the day" in titles(page))
    day.wait_until(lambda: "Bride is Star of the day now" in day.widgets.jobs.message)
    assert day.states(find(day, "b")[0])["star of the day"] is TagState.CONFIRMED
    day.wait_until(lambda: "star of the day" in shown(day))

    select(page, "Star of the day")
    assert page.classes.retire_button.text() == "Re&tire"
    click(page, page.classes.retire_button)
    day.wait_until(lambda: titles(page)["Star of the day"] == "retired")
    day.wait_until(lambda: "star of the day" not in shown(day))
    select(page, "Star of the day")
    assert page.classes.retire_button.text() == "&Bring back"
    click(page, page.classes.retire_button)
    day.wait_until(lambda: titles(page)["Star of the day"] == "the classifier")
    page.classes.rename_wanted.emit("star of the day", "cake")
    day.wait_until(lambda: "Merge the two instead" in page.message or "already" in page.message)


def test_a_class_is_split_by_what_looks_alike(day: Day, page: TeachPage) -> None:
    decide(day, "", "+cake")
    page.open_section(page.classes)
    day.wait_until(lambda: "Cake" in titles(page))
    select(page, "Cake")
    page.classes.split_wanted.emit("cake")
    changing = day.window.teaching.tidying.changing
    day.wait_until(lambda: changing.dialog is not None and len(changing.dialog.fields) == 2)
    dialog = changing.dialog
    assert dialog is not None
    assert [field.text() for field in dialog.fields] == ["Cake", "Cake"]
    dialog.split_button.click()
    day.wait_until(lambda: "another name" in dialog.message.text())
    dialog.fields[1].setText("pie")
    regrouped: list[str] = []
    dialog.regrouped.connect(lambda name, _: regrouped.append(name))
    day.press(Qt.Key.Key_Return, on=dialog.fields[1])
    assert not regrouped, "Enter after a name leaves the groups as they are"
    dialog.split_button.click()
    day.wait_until(lambda: "Pie" in titles(page))
    states = {day.states(photo).get("pie") for photo in find(day, "")}
    assert states == {None, TagState.CONFIRMED}
    day.library.undo()
    assert all(day.states(photo)["cake"] is TagState.CONFIRMED for photo in find(day, ""))


def test_another_class_is_split_in_the_same_dialog(day: Day, page: TeachPage) -> None:
    decide(day, "", "+cake", "+bride")
    page.open_section(page.classes)
    changing = day.window.teaching.tidying.changing
    page.classes.split_wanted.emit("cake")
    day.wait_until(lambda: changing.dialog is not None and len(changing.dialog.fields) == 2)
    dialog = changing.dialog
    assert dialog is not None
    dialog.fields[1].setText("pie")

    page.classes.split_wanted.emit("bride")
    day.wait_until(lambda: dialog.windowTitle() == "Split Bride")
    assert "pie" not in [field.text() for field in dialog.fields]
    before = dialog.fields
    dialog.count_button.click()
    day.wait_until(lambda: dialog.fields is not before)

    assert dialog.windowTitle() == "Split Bride"
    dialog.close()


def test_answers_are_on_a_wall_and_a_second_look_says_what_changed(
    day: Day, page: TeachPage
) -> None:
    decide(day, "b", "+bride")
    decide(day, "o", "-bride", "+bride")
    page.open_section(page.report)
    page.report.measure_button.click()
    day.qtbot.waitUntil(page.report.parts.isVisible, timeout=60_000)
    assert page.report.comparison.text() == "8 of 16 answers are right (50.0 %)."
    page.report.parts.setCurrentIndex(1)
    wall = page.report.wall
    assert [tile.is_right for tile in tiles(wall)] == [False] * 8 + [True] * 8
    assert "sure of it" in tiles(wall)[0].words
    page.report.kinds.setCurrentIndex(1)
    assert len(tiles(wall)) == 8
    day.wait_until(lambda: wall.picture(tiles(wall)[0].photo_id) is not None)
    assert not wall.grab().isNull()

    decide(day, "o", "-bride")
    page.report.measure_button.click()
    day.wait_until(lambda: "Measured before" in page.report.comparison.text())
    assert page.report.comparison.text() == (
        "8 of 8 answers are right (100.0 %). Measured before: 8 of 16 (50.0 %)."
    )
    page.report.kinds.setCurrentIndex(2)
    wall.setCurrentRow(0)
    day.press(Qt.Key.Key_Return, on=wall)
    assert day.shown_ids == [tiles(wall)[0].photo_id]


def test_a_planned_start_is_kept_and_a_missed_one_asks(day: Day, page: TeachPage) -> None:
    noon = QDateTime(QDate(2026, 6, 20), QTime(12, 0))
    full = page.full
    full.start_at(QTime(23, 0), noon)
    day.wait_until(lambda: day.library.setting(STARTS_AT) == "2026-06-20T23:00:00")
    full.show_plan(noon.addSecs(3600), noon)
    assert full.state.text().startswith("It starts at 13:00")
    full.forget_button.click()
    day.wait_until(lambda: day.library.setting(STARTS_AT) is None)
    full.show_plan(noon, noon.addDays(1))
    assert "but the program was closed. Start it now?" in full.state.text()


def test_labels_of_a_data_set_are_settled_by_one_key(
    day: Day, page: TeachPage, tmp_path: Path
) -> None:
    for name, colour in (("a", "red"), ("a", "blue"), ("b", "blue"), ("b", "green")):
        save_colour(tmp_path / f"set/{name}/{colour}.jpg", colour, seed=len(colour))
    page.open_section(page.folders)
    assert not page.folders.quick_button.isEnabled()
    page.folders.folder_chosen.emit(tmp_path / "nothing")
    day.wait_until(lambda: bool(page.message))
    page.folders.folder_chosen.emit(tmp_path / "set")
    day.wait_until(page.folders.quick_button.isEnabled)
    assert page.folders.found.text().startswith("4 photos of A (2), B (2).")
    assert page.folders.name.text() == "set"
    request = page.folders.request
    assert request is not None
    assert (request.folders, request.exclusive) == (tmp_path / "set", True)

    wrong = tmp_path / "set/a/blue.jpg"
    suspects = [Suspect(wrong, "a", "b", 0.9), Suspect(tmp_path / "set/b/green.jpg", "b", "a", 0.6)]
    review = CleaningReview(suspects, 2, 4, 0.25, [], 0, [], ())
    page.folders.folder_chosen.emit(tmp_path / "nothing")  # what is there stays to be settled
    day.wait_until(lambda: bool(page.message))
    page.folders.suspects.show_review(review)
    day.wait_until(lambda: page.folders.suspects.picture.has_picture)
    assert page.folders.suspects.question.text() == "It is in A and looks like B."
    day.press(Qt.Key.Key_R, on=page.folders.suspects)
    none = Qt.KeyboardModifier.NoModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_R, none, "r", autorep=True)
    QApplication.sendEvent(page.folders.suspects, held)
    day.press(Qt.Key.Key_L, on=page.folders.suspects)
    day.wait_until(lambda: len(load_decisions(day.session.workspace.home)) == 2)
    assert {(d.verdict, d.to) for d in load_decisions(day.session.workspace.home)} == {
        (LabelVerdict.RELABEL, "b"),
        (LabelVerdict.LEAVE_OUT, None),
    }
    assert page.folders.suspects.counter.text() == "Done: the next lesson goes by it."


def tiles(wall: PhotoWall) -> list[Tile]:
    return [wall.item(row).data(Qt.ItemDataRole.UserRole) for row in range(wall.count())]
