"""The window under test: no screen, a library of its own, nothing left running."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings

from tagger.gui.appearance.look import Look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def look(qtbot: QtBot, tmp_path: Path) -> Look:
    """The dark look, with settings in a file of this test."""
    look = Look(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    look.apply()
    return look


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(2)
    assert not [thread.name for thread in left if thread.is_alive()]
