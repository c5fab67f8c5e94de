"""The window under test: no screen, a library of its own, nothing left running."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings

from tagger.core.changes import Changes
from tagger.gui.appearance.look import Look
from tagger.gui.session import Session
from tagger.gui.text import EnglishPlurals
from tagger.gui.window import MainWindow
from tests.gui.classifier import tag_by_color, tag_folder
from tests.gui.day import Day
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


_PATIENCE_S = 10
"""For the last answer of a thread that was told to end: a busy machine is slow now and then."""


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(_PATIENCE_S)
    assert not [thread.name for thread in left if thread.is_alive()]


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def look(qapp: QApplication, settings: QSettings) -> Iterator[Look]:
    """The dark look, with settings in a file of this test."""
    with _dressed(qapp, settings) as look:
        yield look


@contextmanager
def _dressed(application: QApplication, settings: QSettings) -> Iterator[Look]:
    look = Look(settings)
    look.apply()
    plurals = EnglishPlurals()
    application.installTranslator(plurals)
    yield look
    application.removeTranslator(plurals)


@pytest.fixture(scope="session")
def drawn_photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures in two shoots, drawn once."""
    folder = tmp_path_factory.mktemp("drawn")
    for number in range(12):
        day = 20 + number % 2
        save_jpeg(
            folder / f"2026-06-{day}" / f"IMG_{number:04}.jpg",
            width=240,
            height=160,
            seed=number,
            taken_at=f"2026:06:{day} 15:00:{number:02}",
        )
    return folder


@pytest.fixture(scope="session")
def tagged_home(tmp_path_factory: pytest.TempPathFactory, drawn_photos: Path) -> Path:
    """A library in which they have been found and tagged."""
    home = tmp_path_factory.mktemp("tagged")
    tag_folder(home, drawn_photos)
    return home


@pytest.fixture
def photos(tmp_path: Path, drawn_photos: Path) -> Path:
    """The twelve pictures, for this test alone."""
    return shutil.copytree(drawn_photos, tmp_path / "photos")


@pytest.fixture
def own_home(tmp_path: Path, tagged_home: Path) -> Path:
    """The library of twelve photos, for this test alone; the session opens it."""
    return shutil.copytree(tagged_home, tmp_path / "home")


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    session = Session.open(tmp_path / "home", tag_by_color)
    yield session
    assert session.close()


@pytest.fixture
def window(qtbot: QtBot, session: Session, look: Look, settings: QSettings) -> MainWindow:
    """A window on an empty library."""
    window = MainWindow(session, look, settings)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def day(qtbot: QtBot, own_home: Path, session: Session, photos: Path, window: MainWindow) -> Day:
    """A window in which twelve photos have been found and tagged."""
    assert session.workspace.home == own_home
    library = session.workspace.library
    library.relocate_folder(library.folders()[0].id, photos)
    day = Day(qtbot, session, window)
    day.wait_for_tags(12)
    return day


@pytest.fixture(scope="module")
def lasting_window(
    qapp: QApplication,
    tmp_path_factory: pytest.TempPathFactory,
    tagged_home: Path,
) -> Iterator[tuple[Session, MainWindow]]:
    """One window for all tests of a module that decide nothing and change no file."""
    home = shutil.copytree(tagged_home, tmp_path_factory.mktemp("lasting") / "home")
    settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    with _dressed(qapp, settings) as look:
        session = Session.open(home, tag_by_color)
        window = MainWindow(session, look, settings)
        window.show()
        yield session, window
        window.close()
        assert session.close()


@pytest.fixture
def looking_day(qtbot: QtBot, lasting_window: tuple[Session, MainWindow]) -> Day:
    """The same twelve photos, all of them shown, for a test that only looks."""
    session, window = lasting_window
    window.activateWindow()
    window.widgets.search.line.clear()
    window.widgets.sort.setCurrentIndex(0)
    window.browsing.clear()
    session.search.refresh(Changes(membership=True))
    day = Day(qtbot, session, window)
    day.wait_for_tags(12)
    day.wait_until(lambda: window.widgets.search.line.text() == "")
    day.go_to(0)
    return day
