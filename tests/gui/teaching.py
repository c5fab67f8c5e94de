"""Sixteen photos of four shoots, a classifier that sees the brides, and the teaching pages."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
import torch
from PySide6.QtCore import Qt

from tagger.core.cancel import CancelToken
from tagger.gui.session import Session
from tagger.gui.window import MainWindow
from tagger.services.classifiers import find_installed
from tagger.services.models.adopting import use_model
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.running import run_tagging
from tests.bundles import add_photos, save_model
from tests.gui.day import Day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.gui.teach.page import TeachPage
    from tagger.services.reporting import Report
    from tagger.services.tagging import TagResult
    from tagger.services.workspace import Workspace

_CTRL = Qt.KeyboardModifier.ControlModifier
BRIDES: dict[str, tuple[int, ...]] = {f"{s}/b{n}.jpg": (0, 5) for s in "pqrs" for n in range(2)}
OTHERS: dict[str, tuple[int, ...]] = {f"{s}/o{n}.jpg": (1,) for s in "pqrs" for n in range(2)}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`old` sees the brides; `new` takes the same photos for newlyweds."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    save_model(folder / "old", {"bride": 0, "cake": 1})
    save_model(folder / "new", {"bride": 9, "cake": 1, "newlyweds": 5})
    return folder


def tag_here(workspace: Workspace, cancel: CancelToken, report: Report) -> TagResult:
    return run_tagging(workspace, "cpu", cancel, report)


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path, models: Path) -> Iterator[Session]:
    """Sixteen photos of four shoots, tagged by `old` from stored features."""
    home = tmp_path / "home"
    # Linked: a copy of all weights for each test would fill the disk. Never write into a file.
    shutil.copytree(models, home / "models", copy_function=os.link)
    session = Session.open(home, tag_here)
    info = find_installed(home, "new").info
    add_photos(session.workspace, tmp_path / "photos", BRIDES | OTHERS, info)
    use_model(session.workspace, "old", CancelToken(), lambda _: None)
    yield session
    assert session.close()


@pytest.fixture
def day(qtbot: QtBot, session: Session, look: Look, settings: QSettings) -> Day:
    window = MainWindow(session, look, settings)
    qtbot.addWidget(window)
    window.show()
    day = Day(qtbot, session, window)
    day.wait_until(lambda: len(day.shown_ids) == 16 and day.widgets.top.isVisible())
    return day


@pytest.fixture
def page(day: Day) -> TeachPage:
    day.press(Qt.Key.Key_T, _CTRL, on=day.window)
    day.wait_until(day.widgets.teach.isVisible)
    return day.widgets.teach


def find(day: Day, start: str) -> list[PhotoId]:
    rows = day.library.photo_rows(day.library.find(None))
    return [row.id for row in rows if row.path.name.startswith(start)]


def decide(day: Day, start: str, *marks: str) -> None:
    rows = day.library.photo_rows(find(day, start))
    mark_photos(day.library, rows, [parse_mark(mark) for mark in marks])
