"""Full lessons, classifiers, classes and doubtful decisions in the window."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QEvent, Qt, QTime
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tagger.core.tag import TagState
from tagger.gui.teach.curves import CurveView
from tagger.services.classifiers import bundle_in_use, find_folder
from tagger.services.lessons.giving import CurvePoint, LessonProgress, list_unfinished
from tagger.services.lessons.tidying import DoubtfulTag, Doubts
from tagger.services.preferences import order_classes
from tests.gui.teaching import day, decide, find, models, page, session

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.gui.appearance.look import Look
    from tagger.gui.teach.page import TeachPage
    from tagger.gui.work.worker import Outcome
    from tagger.services.models.comparing import Move
    from tests.gui.day import Day

__all__ = ["day", "models", "page", "session"]

_CTRL = Qt.KeyboardModifier.ControlModifier
_NOON = QDateTime(QDate(2026, 6, 20), QTime(12, 0))


def test_a_lesson_starts_at_the_chosen_time(day: Day, page: TeachPage) -> None:
    full = page.full
    started: list[bool] = []
    day.window.teaching.full.blockSignals(True)
    full.started.disconnect()
    full.started.connect(lambda: started.append(True))
    full.start_at(QTime(11, 0), _NOON)
    assert full.state.text() == "It starts at 11:00, if the program is open then."
    full.look_at_clock(_NOON)
    full.look_at_clock(_NOON.addSecs(22 * 3600))
    assert not started, "eleven is over today"
    full.look_at_clock(_NOON.addSecs(23 * 3600))
    full.look_at_clock(_NOON.addSecs(24 * 3600))
    assert started == [True]


def test_a_start_that_was_planned_is_cancelled(page: TeachPage) -> None:
    full = page.full
    full.start_at(QTime(23, 0), _NOON)
    assert full.forget_button.isEnabled()
    full.forget_button.click()
    assert full.state.text() == ""
    assert not full.forget_button.isEnabled()


def test_forgetting_a_lesson_that_waits_leaves_all_others(day: Day, page: TeachPage) -> None:
    home, session, full = day.session.workspace.home, day.session, page.full
    for name in ("hours", "more-hours"):
        (home / "runs" / name).mkdir(parents=True)
        request = json.dumps({"is_deep": True, "name": name})
        (home / "runs" / name / "lesson.json").write_text(request, encoding="utf-8")
    day.window.teaching.full.refresh()
    day.wait_until(full.forget_button.isEnabled)
    may_go_on = threading.Event()
    outcomes: list[Outcome] = []
    session.lessons.finished.connect(lambda _, outcome: outcomes.append(outcome))
    session.lessons.start("something else", lambda *_: may_go_on.wait(10))

    full.forget_button.click()
    may_go_on.set()
    day.wait_until(lambda: bool(outcomes) and not session.decisions.is_busy)

    assert outcomes[0].result is True, "what is learned meanwhile goes on"
    assert [lesson.request.name for lesson in list_unfinished(home)] == ["more-hours"]
    assert full.forget_button.isEnabled()
    assert not day.window.teaching.full._is_forgetting


def test_a_full_lesson_without_enough_says_so_and_tagging_goes_on(
    day: Day, page: TeachPage
) -> None:
    page.open_section(page.full)
    page.full.start_button.click()
    assert page.full.pause_button.isEnabled()
    day.qtbot.waitUntil(lambda: "too little to learn from" in page.message, timeout=60_000)
    assert not page.full.pause_button.isEnabled()
    assert bundle_in_use(day.session.workspace.home).info.name == "old"
    day.wait_until(lambda: day.is_idle)


def test_curves_say_where_they_stand(page: TeachPage, look: Look) -> None:
    page.full.show_running(True)
    points = (CurvePoint(0, 0.9, 0.8, 0.4), CurvePoint(1, 0.5, 0.6, 0.712))
    page.full.show_progress(
        LessonProgress("Epoch 3 of 6", 20, 60, 40.0, "steps", (1.0, 0.5, 0.4), points)
    )
    assert page.full.state.text() == "Epoch 3 of 6: 20 of 60 steps · 80 s left"
    [curves] = page.full.findChildren(CurveView)
    assert curves.accessibleDescription() == "Epoch 2: loss 0.500, macro-F1 0.712"
    page.open_section(page.full)
    assert not curves.grab().isNull()


def test_classifiers_are_listed_handed_out_taken_in_and_removed(
    day: Day, page: TeachPage, tmp_path: Path
) -> None:
    page.open_section(page.models)
    day.wait_until(lambda: _models(page)[:2] == ["new", "old (in use)"])
    assert not page.models.use_button.isEnabled(), "it is in use"
    page.models.exported.emit("new", tmp_path / "new.zip")
    day.wait_until((tmp_path / "new.zip").exists)
    day.wait_until(lambda: "is written to" in day.widgets.jobs.message)

    page.models.removed.emit("new")
    day.wait_until(lambda: "new" not in _models(page))
    assert find_folder(day.session.workspace.home, "new") is None
    page.models.removed.emit("old")
    day.wait_until(lambda: "old is in use" in page.message)

    page.models.imported.emit(tmp_path / "new.zip")
    day.wait_until(lambda: "new" in _models(page))
    assert page.message == ""
    assert bundle_in_use(day.session.workspace.home).info.name == "old"


def test_a_picture_is_tried_and_a_broken_one_says_so(
    day: Day, page: TeachPage, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    page.models.drop.dropped.emit(broken)
    day.wait_until(lambda: bool(page.message))
    assert page.models.answer.text() == ""
    [path] = [r.path for r in day.library.photo_rows(find(day, "b")[:1])]
    page.models.drop.dropped.emit(path)
    day.qtbot.waitUntil(
        lambda: page.models.answer.text().startswith(f"{path.name}: "), timeout=90_000
    )
    assert page.message == ""


def test_a_class_from_selected_photos_works_at_once(day: Day) -> None:
    day.window.selection.select_photos(find(day, "o"))
    day.press(Qt.Key.Key_N, _CTRL, on=day.window)
    page = day.widgets.teach
    assert page.classes.isVisible()
    assert "8 photos selected" in page.classes.lead.text()
    assert not page.classes.add_button.isEnabled()
    page.classes.name.setText("first dance")

    page.classes.add_button.click()

    day.wait_until(lambda: page.classes.result.text().startswith("First dance is a class now"))
    assert bundle_in_use(day.session.workspace.home).info.name == "old with first dance"
    assert day.states(find(day, "o")[0])["first dance"] is TagState.CONFIRMED


def test_a_keyword_is_changed_and_two_classes_become_one(day: Day, page: TeachPage) -> None:
    decide(day, "b", "+bride")
    page.open_section(page.classes)
    day.wait_until(lambda: page.classes.table.topLevelItemCount() == 3)
    page.classes.keyword_wanted.emit("bride", ("People", "Bride"))
    day.wait_until(lambda: day.library.find_tag("bride").keyword_path == ("People", "Bride"))

    page.classes.merge_wanted.emit("bride", "newlyweds")
    first = find(day, "b")[0]
    day.wait_until(lambda: day.states(first).get("newlyweds") is TagState.CONFIRMED)
    assert day.states(first)["bride"] is TagState.REJECTED
    day.library.undo()
    assert day.states(first)["bride"] is TagState.CONFIRMED
    page.classes.merge_wanted.emit("cake", "cake")
    day.wait_until(lambda: "two different classes" in page.message)


def test_what_is_written_for_a_class_stays_while_the_classes_are_read_anew(
    day: Day, page: TeachPage
) -> None:
    classes, listed = page.classes, day.window.teaching.tidying
    page.open_section(classes)
    day.wait_until(lambda: classes.table.topLevelItemCount() == 3)
    table = classes.table
    table.setCurrentIndex(table.model().index(1, 0))
    classes.new_name.setText("half a na")
    classes.keyword.setText("People | ")
    decide(day, "o", "-bride")

    listed.refresh()
    day.wait_until(lambda: not day.session.decisions.is_busy)
    assert classes.new_name.text() == "half a na"
    assert classes.keyword.text() == "People | "

    table.setCurrentIndex(table.model().index(0, 0))
    assert classes.new_name.text() == ""
    assert classes.keyword.text() != "People | "


def test_the_same_class_stays_current_when_classes_change_their_order(
    day: Day, page: TeachPage
) -> None:
    table = page.overview.table
    day.wait_until(lambda: table.topLevelItemCount() > 1)
    table.setCurrentIndex(table.model().index(0, 0))
    item = table.currentItem()
    assert item is not None
    title = item.text(0)
    names = [tag.name for tag in day.library.tags()]

    order_classes(day.session.workspace, [*names[1:], names[0]])

    day.wait_until(lambda: (first := table.topLevelItem(0)) is not None and first.text(0) != title)
    item = table.currentItem()
    assert item is not None
    assert item.text(0) == title


def test_doubts_are_settled_by_one_key(day: Day, page: TeachPage) -> None:
    decide(day, "b", "+cake")
    rows = day.library.photo_rows(find(day, "b")[:3])
    tags = tuple(DoubtfulTag(row.id, row.path, "cake", True, 0.9) for row in rows)
    page.open_section(page.clean)
    page.clean.show_doubts(Doubts(tags, 16, ()))
    assert page.clean.question.text().startswith("You said that this shows cake.")
    day.wait_until(lambda: page.clean.picture.has_picture)

    day.press(Qt.Key.Key_K, on=page.clean)
    day.press(Qt.Key.Key_R, on=page.clean)
    day.press(Qt.Key.Key_L, on=page.clean)

    day.wait_until(lambda: "cake" not in day.states(rows[2].id))
    assert day.states(rows[1].id)["cake"] is TagState.REJECTED
    assert day.states(rows[0].id)["cake"] is TagState.CONFIRMED
    assert page.clean.counter.text() == "Done."


def test_a_key_held_down_settles_one_doubt_and_no_picture_stays_over_the_next(
    day: Day, page: TeachPage
) -> None:
    decide(day, "b", "+cake")
    rows = day.library.photo_rows(find(day, "b")[:3])
    tags = tuple(DoubtfulTag(row.id, row.path, "cake", True, 0.9) for row in rows)
    page.open_section(page.clean)
    page.clean.show_doubts(Doubts(tags, 16, ()))
    day.wait_until(lambda: page.clean.picture.has_picture)

    day.press(Qt.Key.Key_K, on=page.clean)
    assert not page.clean.picture.has_picture
    none = Qt.KeyboardModifier.NoModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_K, none, "k", autorep=True)
    QApplication.sendEvent(page.clean, held)

    assert page.clean.counter.text().startswith("2 of 3")


def test_too_few_decisions_to_doubt_say_so(day: Day, page: TeachPage) -> None:
    page.open_section(page.clean)
    page.clean.search_button.click()
    day.wait_until(lambda: "too few decisions to judge" in page.clean.lead.text())


def test_the_report_opens_its_cells_and_tries_thresholds(day: Day, page: TeachPage) -> None:
    decide(day, "b", "+cake", "-bride")
    decide(day, "o", "+cake")
    page.open_section(page.report)
    page.report.measure_button.click()
    day.qtbot.waitUntil(page.report.matrix.isVisible, timeout=60_000)
    assert page.report.lead.text().startswith("old on 16 photos that you decided on")
    cells = {(m.old, m.new): len(m.photo_ids) for m in _cells(page)}
    assert cells == {("cake", "cake"): 8, ("cake", "bride"): 8}

    page.report.choice.setCurrentIndex(page.report.choice.findText("Cake"))
    page.report.slider.setValue(50)
    assert page.report.effect.text().startswith(
        "Tagged from 0.50 on: right 100 % (68 to 100), 8 photos; found 50 %"
    )
    page.report.slider.setValue(1)
    assert "right 100 % (81 to 100), 16 photos; found 100 %" in page.report.effect.text()

    [wrong] = [move for move in _cells(page) if move.new == "bride"]
    page.report.opened.emit(wrong)
    bar = day.widgets.cell_bar
    assert bar.words.text() == "8 photos with cake; the classifier says bride."
    assert bar.right_button.isHidden()
    assert day.shown_ids == sorted(find(day, "b"))


def _cells(page: TeachPage) -> list[Move]:
    matrix = page.report.matrix
    places = [(r, c) for r in range(matrix.rowCount()) for c in range(matrix.columnCount())]
    items = [matrix.item(*place) for place in places]
    return [item.data(Qt.ItemDataRole.UserRole) for item in items if item]


def _models(page: TeachPage) -> list[str]:
    table = page.models.table
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return [item.text(0) for item in items if item]
