"""A photographer's whole day without touching the mouse."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tagger.core.tag import TagState
from tagger.gui.dialogs.export import ExportDialog
from tagger.gui.session import Session
from tagger.gui.window import MainWindow
from tagger.metadata import read_metadata
from tests.gui.day import Day

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from tagger.gui.appearance.look import Look

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_filter_correct_undo_write_export_by_keys_alone(day: Day, tmp_path: Path) -> None:
    name = max(day.counts, key=lambda name: day.counts[name])
    day.press(Qt.Key.Key_F, _CTRL, on=day.window)
    assert QApplication.focusWidget() is day.widgets.search.line
    day.search(name)
    assert QApplication.focusWidget() is day.widgets.grid
    shown = day.shown_ids

    day.press(Qt.Key.Key_Home)
    day.press(Qt.Key.Key_X)
    day.wait_until(lambda: day.shown_ids == shown[1:])
    day.press(Qt.Key.Key_Z, _CTRL)
    day.wait_until(lambda: day.shown_ids == shown)

    day.press(Qt.Key.Key_A, _CTRL)
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: all(day.states(photo)[name] is TagState.CONFIRMED for photo in shown))
    day.press(Qt.Key.Key_S, _CTRL)
    day.wait_until(lambda: f"{len(shown)} files written" in day.widgets.jobs.message)
    for row in day.library.photo_rows(shown):
        assert ("Wedding", name.title()) in read_metadata(row.path).paths

    day.press(Qt.Key.Key_E, _CTRL)
    [dialog] = day.window.findChildren(ExportDialog)
    dialog.folder.setText(str(tmp_path / "post"))
    # There is no window manager here that would do it.
    dialog.activateWindow()
    dialog.folder.setFocus()
    day.wait_until(lambda: QApplication.focusWidget() is dialog.folder)
    day.press(Qt.Key.Key_Return, on=dialog.folder)
    day.wait_until(lambda: str(tmp_path / "post") in day.widgets.jobs.message)
    assert len(list((tmp_path / "post").iterdir())) == len(shown)

    day.window.activateWindow()
    day.wait_until(day.window.isActiveWindow)
    day.press(Qt.Key.Key_F, _CTRL | _SHIFT, on=day.window)
    day.wait_until(lambda: len(day.shown_ids) == 12)


@pytest.mark.slow
def test_the_real_classifier_tags_real_photos(
    qtbot: QtBot,
    tmp_path: Path,
    wedding_dir: Path,
    look: Look,
    settings: QSettings,
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in sorted((wedding_dir / "images" / "bouquet").iterdir())[:8]:
        (folder / path.name).write_bytes(path.read_bytes())
    session = Session.open(tmp_path / "home")
    window = MainWindow(session, look, settings)
    qtbot.addWidget(window)
    window.show()

    window.add_folders([folder])

    qtbot.waitUntil(lambda: session.workspace.library.summary().tagged == 8, timeout=120_000)
    day = Day(qtbot, session, window)
    day.wait_until(lambda: day.counts.get("bouquet", 0) >= 6 and day.is_idle)
    day.click_class("bouquet")
    assert len(day.shown_ids) == day.counts["bouquet"]
    assert session.close()


def test_the_window_opens_without_torch() -> None:
    code = (
        "import sys, tagger.gui.application;"
        "print([name for name in ('torch', 'torchvision') if name in sys.modules])"
    )

    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert output.strip() == "[]"
