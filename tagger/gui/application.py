"""Where the window meets the desktop: arguments, the last net for errors, the end."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

import tagger
from tagger.core.errors import LibraryError
from tagger.gui.appearance.look import Look
from tagger.gui.session import Session
from tagger.gui.text import EnglishPlurals
from tagger.gui.window import MainWindow
from tagger.gui.work.pace import answer_quickly
from tagger.services.places import home_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_UNUSABLE = 3
"""As the command line says it: the library can't be used."""


def run_window(arguments: Sequence[str] | None = None) -> None:
    """Open the window and leave the process when it is closed."""
    options = _parse(sys.argv[1:] if arguments is None else arguments)
    home = home_folder(options.home)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("tagger")
    application.setApplicationDisplayName("tagger")
    application.setDesktopFileName("tagger")
    application.setStyle("Fusion")
    application.installTranslator(EnglishPlurals(application))
    settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
    look = Look(settings, application)
    look.apply()
    application.setWindowIcon(look.icon("tagger"))
    try:
        session = Session.open(home)
    except LibraryError as error:
        QMessageBox.critical(None, "tagger", str(error))
        sys.exit(_UNUSABLE)
    _log_to(home / "tagger.log")
    window = MainWindow(session, look, settings)
    window.show()
    answer_quickly()
    # After the first paint: adding a folder starts the work that imports torch.
    QTimer.singleShot(0, lambda: _begin(window, options.folder))
    code = application.exec()
    has_ended = session.close()
    settings.sync()
    logging.shutdown()
    if not has_ended:
        # A thread is inside a long call that can't be stopped, such as importing torch. All it
        # could still do is in the library's queues and goes on next time.
        os._exit(code)
    sys.exit(code)


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


def _begin(window: MainWindow, folder: Path | None) -> None:
    window.watch()
    if folder is not None:
        window.add_folders([folder.expanduser().resolve()])


def _log_to(path: Path) -> None:
    """Keep what nobody expected in a file, beside what is printed."""
    logging.basicConfig(
        level=logging.WARNING,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        handlers=[logging.FileHandler(path, encoding="utf-8", delay=True), logging.StreamHandler()],
    )
    sys.excepthook = _log_uncaught


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    logging.getLogger(__name__).critical("uncaught error", exc_info=(kind, error, trace))
