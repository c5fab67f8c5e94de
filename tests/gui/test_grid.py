"""The grid under keys and mouse, over rows that need no library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from tagger.core.changes import Changes
from tagger.core.ids import PhotoId
from tagger.gui.grid.model import PhotoModel
from tagger.gui.grid.view import GridView
from tests.gui.photos import CLASSES, NoPictures, make_listing, make_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot

    from tagger.gui.appearance.look import Look
    from tagger.library import PhotoRow


_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def model() -> PhotoModel:
    return PhotoModel(make_rows)


@pytest.fixture
def pictures() -> NoPictures:
    return NoPictures()


@pytest.fixture
def view(qtbot: QtBot, look: Look, model: PhotoModel, pictures: NoPictures) -> GridView:
    view = GridView(pictures, look)
    view.set_classes(CLASSES)
    view.setModel(model)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.setFocus()
    model.show_listing(make_listing(100, shoots=3))
    return view


def test_model_keeps_qts_rules(model: PhotoModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)

    model.show_listing(make_listing(300, shoots=2))
    model.refresh(Changes(frozenset({PhotoId(5)}), tags=True))
    model.show_listing(make_listing(0))

    assert tester.model() is model


def test_rows_are_fetched_in_pages_only_where_painted() -> None:
    asked: list[int] = []

    def fetch(ids: Sequence[PhotoId]) -> list[PhotoRow]:
        asked.append(len(ids))
        return make_rows(ids)

    model = PhotoModel(fetch)
    model.show_listing(make_listing(100_000))
    model.photo_at(50_000)
    model.photo_at(50_001)

    assert asked == [64]


def test_a_photo_that_is_gone_is_said_to_be_gone(model: PhotoModel) -> None:
    gone = PhotoModel(lambda _: [])
    gone.show_listing(make_listing(1))

    assert gone.photo_at(0) is None
    assert "gone" in str(gone.data(gone.index(0), Qt.ItemDataRole.AccessibleTextRole))


def test_arrows_move_by_photo_and_by_line(view: GridView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.currentIndex().row() == 1
    QTest.keyClick(view, Qt.Key.Key_Down)
    below = view.currentIndex().row()
    assert (
        view.visualRect(view.currentIndex()).left() == view.visualRect(view.photos.index(1)).left()
    )
    assert below > 1
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 99
    assert 99 in view.visible_rows()


def test_shift_and_arrows_select_in_reading_order(view: GridView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    assert _selected(view) == list(range(1, view.currentIndex().row() + 1))

    QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert _selected(view) == [1]


def test_shift_begins_where_another_page_has_led_to(view: GridView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Right)

    view.go_to(7)
    assert _selected(view) == [7]
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert _selected(view) == [7, 8, 9]

    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert _selected(view) == [9, 10]


def test_click_shift_click_and_ctrl_click(view: GridView) -> None:
    _click(view, 6)
    _click(view, 2, Qt.KeyboardModifier.ShiftModifier)
    assert _selected(view) == [2, 3, 4, 5, 6]

    _click(view, 4, Qt.KeyboardModifier.ControlModifier)
    assert _selected(view) == [2, 3, 5, 6]


def test_a_dragged_frame_selects_what_it_touches(view: GridView) -> None:
    margin = QPoint(3, view.visualRect(view.photos.index(0)).top() + 2)
    end = view.visualRect(view.photos.index(1)).center()
    QTest.mousePress(view.viewport(), _LEFT, pos=margin)
    for step in range(1, 6):
        QTest.mouseMove(view.viewport(), margin + (end - margin) * step / 5)
    QTest.mouseRelease(view.viewport(), _LEFT, pos=end)

    assert _selected(view) == [0, 1]


def test_pictures_are_wanted_for_the_screen_and_one_ahead(
    qtbot: QtBot, view: GridView, pictures: NoPictures
) -> None:
    shown = [view.photos.id_at(row) for row in view.visible_rows()]
    qtbot.waitUntil(lambda: pictures.wanted[: len(shown)] == shown)
    assert len(shown) < len(pictures.wanted) < 4 * len(shown)

    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: PhotoId(100) in pictures.wanted)
    assert PhotoId(1) not in pictures.wanted


def test_zoom_keeps_the_middle_where_it_is(view: GridView) -> None:
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    middle = view.indexAt(view.viewport().rect().center()).row()

    view.set_cell_px(320)

    assert middle in view.visible_rows()


def test_another_listing_begins_at_its_top(view: GridView, model: PhotoModel) -> None:
    view.verticalScrollBar().setValue(500)
    model.show_listing(make_listing(50))

    assert view.verticalScrollBar().value() == 0
    assert view.visible_rows().start == 0


def test_letters_do_not_search_through_a_million_names(view: GridView) -> None:
    QTest.keyClick(view, Qt.Key.Key_Home)

    view.keyboardSearch("IMG_0000050")

    assert view.currentIndex().row() == 0


def _click(
    view: GridView,
    row: int,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    place = view.visualRect(view.photos.index(row)).center()
    QTest.mouseClick(view.viewport(), _LEFT, modifier, place)


def _selected(view: GridView) -> list[int]:
    return sorted(index.row() for index in view.selectionModel().selectedIndexes())


def test_two_fingers_on_the_trackpad_zoom(view: GridView) -> None:
    wanted: list[int] = []
    view.zoomed.connect(wanted.append)
    device, place = QPointingDevice.primaryPointingDevice(), QPointF(100, 100)
    kind = Qt.NativeGestureType.ZoomNativeGesture

    for value in (0.5, -0.25):
        pinch = QNativeGestureEvent(kind, device, 2, place, place, place, value, QPointF())
        QApplication.sendEvent(view.viewport(), pinch)

    assert wanted == [round(view.cell_px * 1.5), round(view.cell_px * 0.75)]
