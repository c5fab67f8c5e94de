"""Contrast, names for screen readers, keys: what must hold of every part of the window."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QSlider,
    QWidget,
)

from tagger.gui.appearance.colors import Theme, contrast, load_colors
from tagger.gui.dialogs.shortcuts import ShortcutSheet
from tagger.gui.window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.day import Day


@pytest.fixture
def day(looking_day: Day) -> Day:
    """Nothing is decided here, so one window is enough."""
    return looking_day


def _settings(day: Day) -> QSettings:
    path = day.session.workspace.home / "window.ini"
    return QSettings(str(path), QSettings.Format.IniFormat)


_GROUNDS = ("window", "panel", "raised", "canvas", "cell")


@pytest.mark.parametrize("name", ["dark", "light"])
def test_text_reaches_wcag_aa_on_every_ground(name: str) -> None:
    colors = load_colors(name)

    for ground in _GROUNDS:
        for ink in ("text", "muted", "faint", "danger", "warning"):
            ratio = contrast(getattr(colors, ink), getattr(colors, ground))
            assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"
    for ground in ("hover", "accent_soft"):
        assert contrast(colors.text, getattr(colors, ground)) >= 4.5
        assert contrast(colors.muted, getattr(colors, ground)) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("name", ["dark", "light"])
def test_controls_and_marks_reach_three_to_one(name: str) -> None:
    colors = load_colors(name)

    for ground in ("panel", "raised", "canvas"):
        for mark in (colors.outline, colors.accent, *colors.classes):
            assert contrast(mark, getattr(colors, ground)) >= 3, f"{mark} on {ground}"


def test_every_control_has_a_name(day: Day) -> None:
    kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QSlider)
    nameless = [
        widget
        for kind in kinds
        for widget in day.window.findChildren(kind)
        if widget.isVisible()
        and not isinstance(widget, QScrollBar)
        and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]

    assert nameless == []


def test_no_two_actions_share_a_key(day: Day) -> None:
    keys = Counter(
        key.toString() for action in day.window.findChildren(QAction) for key in action.shortcuts()
    )

    assert [key for key, count in keys.items() if count > 1] == []


def test_tab_reaches_search_classes_and_photos(day: Day) -> None:
    day.widgets.search.line.setFocus()
    seen: set[QWidget | None] = set()
    while QApplication.focusWidget() not in seen:
        seen.add(QApplication.focusWidget())
        day.window.focusNextPrevChild(True)

    assert {day.widgets.grid, day.widgets.sort, day.widgets.zoom, day.widgets.places} <= seen


def test_themes_change_at_once_and_are_remembered(day: Day) -> None:
    day.window.actions_by_name["light"].trigger()
    assert day.window.palette().window().color().name() == load_colors("light").window

    assert _settings(day).value("appearance/theme") == Theme.LIGHT.value
    day.window.actions_by_name["dark"].trigger()
    assert day.window.palette().window().color().name() == load_colors("dark").window


def test_the_sheet_of_keys_lists_classes_and_actions(day: Day) -> None:
    day.press(Qt.Key.Key_Question)

    [sheet] = day.window.findChildren(ShortcutSheet)
    texts = {label.text() for label in sheet.findChildren(QWidget) if hasattr(label, "text")}
    assert {"Bride", "Confirm what is shown", "Ctrl+Z"} <= texts


@pytest.mark.parametrize("size", [(900, 560), (1280, 720), (3840, 2160)])
def test_nothing_is_cut_off_at_any_size(day: Day, size: tuple[int, int]) -> None:
    day.window.resize(*size)

    assert day.window.width() == size[0]
    assert day.widgets.grid.width() > 300
    assert day.widgets.jobs.geometry().bottom() <= day.widgets.frame.height()


def test_scores_are_shown_on_demand_and_stay_next_time(day: Day, qtbot: QtBot) -> None:
    grid = day.widgets.grid
    day.wait_until(lambda: all(grid._pictures.pixmap(photo) is not None for photo in day.shown_ids))
    day.wait_until(lambda: not grid._painting_on.isActive())
    before = grid.grab().toImage()

    day.press(Qt.Key.Key_P)
    assert grid.grab().toImage() != before

    day.window.arranging.remember()
    again = MainWindow(day.session, day.window._look, _settings(day))
    qtbot.addWidget(again)
    assert again.widgets.grid.has_scores
    day.press(Qt.Key.Key_P)
    assert not grid.has_scores
