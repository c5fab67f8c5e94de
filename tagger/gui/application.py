"""Where the window meets the desktop: arguments, the last net for errors, the end."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

import tagger
from tagger.core.errors import LibraryError
from tagger.gui.appearance.colors import Theme
from tagger.gui.appearance.look import Look
from tagger.gui.crashes import RunRecord
from tagger.gui.one_window import OneWindow
from tagger.gui.session import Session
from tagger.gui.signals import ClosingSignals
from tagger.gui.text import EnglishPlurals
from tagger.gui.window import MainWindow
from tagger.gui.work.pace import CalmCollector, answer_quickly
from tagger.services.places import home_folder
from tagger.services.settings import THEME
from tagger.services.workspace import make_home

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNUSABLE = 3
"""As the command line says it: the library can't be used."""


def run_window(arguments: Sequence[str] | None = None) -> None:
    """Open the window and leave the process when it is closed."""
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    home = home_folder(options.home)
    folders = [] if options.folder is None else [options.folder.expanduser().resolve()]
    application = _make_application()
    settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    look = Look(settings, application)
    look.apply()
    application.setWindowIcon(look.icon("tagger"))
    try:
        make_home(home)
        place = OneWindow(home)
        if not place.claim():
            _show_other(place, folders)
        session = Session.open(home)
    except LibraryError as error:
        QMessageBox.critical(None, "tagger", str(error))
        sys.exit(_UNUSABLE)
    stored = session.workspace.library.setting(THEME)
    if stored in set(Theme) and stored != look.theme:
        look.choose(Theme(stored))
    signals = ClosingSignals(application.closeAllWindows, application)
    record = RunRecord(home)
    crash = record.begin(datetime.now().astimezone())
    window = MainWindow(session, look, settings)
    CalmCollector(lambda: not session.decisions.is_busy, window)
    place.called.connect(window.come_to_front)
    if crash is not None:
        window.tell_crash(crash)
    code = _show(application, window, folders)
    signals.close()
    has_ended = session.close()
    settings.sync()
    record.end()
    place.release()
    if not has_ended:
        # A thread is inside a long call that can't be stopped, such as importing torch. All it
        # could still do is in the library's queues and goes on next time.
        os._exit(code)
    sys.exit(code)


def _make_application() -> QApplication:
    application = QApplication(sys.argv[:1])
    application.setApplicationName("tagger")
    application.setApplicationDisplayName("tagger")
    application.setDesktopFileName("tagger")
    application.setStyle("Fusion")
    application.installTranslator(EnglishPlurals(application))
    return application


def _show(application: QApplication, window: MainWindow, folders: Sequence[Path]) -> int:
    """Show the window until it is closed; returns the exit code."""
    window.show()
    answer_quickly()
    # After the first paint: adding a folder starts the work that imports torch.
    QTimer.singleShot(0, lambda: _begin(window, folders))
    return application.exec()


def _show_other(place: OneWindow, folders: Sequence[Path]) -> NoReturn:
    """Leave the process, with the window that is open already in front."""
    if place.call_other(folders):
        sys.stdout.write("This library is open already; its window is in front now.\n")
        sys.exit(0)
    sentence = (
        "This library is open in another window, which does not answer. Close that one first."
    )
    QMessageBox.critical(None, "tagger", sentence)
    sys.exit(_UNUSABLE)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tagger-gui", description="Browse, correct and export tagged wedding photos."
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", help="a folder to add and to tag, besides those known"
    )
    parser.add_argument(
        "--home", type=Path, help="folder of the library; else TAGGER_HOME, else the system's"
    )
    parser.add_argument("--version", action="version", version=tagger.__version__)
    return parser.parse_args(arguments)


def _begin(window: MainWindow, folders: Sequence[Path]) -> None:
    window.watch()
    if folders:
        window.add_folders(folders)
