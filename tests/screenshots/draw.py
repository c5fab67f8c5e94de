"""Draw the pictures of the README: `python -m tests.screenshots.draw [FOLDER]`.

Everything in them is made here: the weddings are drawn, the library is new, no screen is needed.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QEventLoop, QSettings, Qt
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tagger.gui.appearance.look import Look
from tagger.gui.session import Session
from tagger.gui.text import EnglishPlurals
from tagger.gui.window import MainWindow
from tagger.gui.work.jobs import JobKind, Status
from tests.screenshots.rehearsal import Rehearsal, draw_weddings
from tests.screenshots.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable

_REPOSITORY = Path(__file__).resolve().parents[2]
_MOST_BYTES = 300_000
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Studio:
    """A window, and a camera before it."""

    def __init__(self, application: QApplication, home: Path, photos: Path, target: Path) -> None:
        self._application = application
        self._photos = photos
        self._target = target
        self._rehearsal = Rehearsal(draw_weddings(photos))
        settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        look = Look(settings)
        look.apply()
        self.session = Session.open(home, self._rehearsal.tag)
        self.window = MainWindow(self.session, look, settings)
        self.window.resize(1280, 800)
        self.window.show()
        self.grid = self.window.widgets.grid

    def draw_all(self) -> None:
        """Every picture, in the order of a day."""
        widgets = self.window.widgets
        self.wait(widgets.welcome.isVisible)
        self.shoot("welcome")
        self._draw_tagging()
        self._draw_browsing()
        self._draw_correcting()
        self._draw_loupe()
        self._draw_keys_and_export()
        self._draw_light()

    def close(self) -> None:
        """End the work."""
        self.window.close()
        assert self.session.close()

    def _draw_tagging(self) -> None:
        self._rehearsal.stop_after = 44
        self.window.add_folders([self._photos])
        self.wait(lambda: self.session.workspace.library.summary().tagged == 44)
        self.wait(lambda: "44 of" in self.window.widgets.jobs.rows[JobKind.TAG].figures.text())
        self.window.selection.move_to(3)
        self.shoot("tagging")
        self._rehearsal.stop_after = None
        self.session.jobs.pause(JobKind.TAG)
        self.session.jobs.start(JobKind.TAG)
        self.wait(lambda: self.session.workspace.library.summary().tagged == 80)
        self.wait(self._is_idle)

    def _draw_browsing(self) -> None:
        self.window.selection.move_to(8)
        self.shoot("grid")
        self.wait(self.window.widgets.ribbon.isVisible)
        self._save_searches()
        self._search("(bouquet OR rings OR cake) AND taken:2026-06..2026-07")
        self.window.selection.move_to(4)
        self.shoot("filter")

    def _save_searches(self) -> None:
        saved = self.window.widgets.side.saved
        for name, text in (
            ("Best of the day", "rating:>=4"),
            ("For the florist", "bouquet -bride"),
        ):
            saved.named.emit(name, text)
        self.wait(lambda: saved.topLevelItemCount() == 2)

    def _draw_correcting(self) -> None:
        self._search('shoot:"2026-06-20 Ana & Luis"')
        self.window.selection.move_to(8)
        for _ in range(3):
            QTest.keyClick(self.grid, Qt.Key.Key_Right, _SHIFT)
        QTest.keyClick(self.grid, Qt.Key.Key_Return)
        self.wait(lambda: "confirmed" in self.window.widgets.jobs.message)
        self.window.selection.move_to(12)
        QTest.keyClick(self.grid, Qt.Key.Key_Right, _SHIFT)
        QTest.keyClick(self.grid, Qt.Key.Key_6)
        self.wait(lambda: "Details" in self.window.widgets.jobs.message)
        self.shoot("correct")

    def _draw_loupe(self) -> None:
        self._search("tag:rings")
        self.window.selection.move_to(1)
        QTest.keyClick(self.grid, Qt.Key.Key_Return)
        self.wait(lambda: "Rings" in self.window.widgets.jobs.message or self._is_idle())
        QTest.keyClick(self.grid, Qt.Key.Key_Space)
        self.shoot("loupe")
        self.window.enlarging.toggle()

    def _draw_keys_and_export(self) -> None:
        self.window.browsing.clear()
        sheet = self.window.menus.show_keys()
        self.shoot("keys", sheet)
        sheet.close()
        self.grid.selectAll()
        dialog = self.window.working.open_export()
        assert dialog is not None
        dialog.folder.setText("/home/ana/Pictures/For Instagram")
        self.wait(lambda: not dialog.preview.result.pixmap().isNull())
        self.shoot("export", dialog)
        dialog.close()
        settings = self.window.configuring.open()
        settings.list.setCurrentRow(1)
        self.wait(lambda: settings.classes.list.topLevelItemCount() == len(SCENES))
        self.shoot("settings", settings)
        settings.close()

    def _draw_light(self) -> None:
        self.window.actions_by_name["light"].trigger()
        sections = self.window.widgets.side.sections
        for name in ("classes", "saved"):
            sections[name].set_open(False)
        for name in ("dates", "ratings", "states"):
            sections[name].set_open(True)
        self._search("(tag:newlyweds OR tag:bride) AND taken:2026-06-20")
        self.window.selection.move_to(2)
        self.shoot("light")

    def _search(self, text: str) -> None:
        self.session.search.ask(text)
        self.wait(lambda: self.grid.photos.listing.text == text)

    def _is_idle(self) -> bool:
        return all(self.session.jobs.state(kind).status is Status.IDLE for kind in JobKind)

    def wait(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Let the window work until something holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "the window did not get there"
            self._application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """Wait until every picture on screen is there, then save what is seen."""
        self._settle()
        buffer = QBuffer()
        (widget or self.window).grab().save(buffer, "PNG")
        image = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
        path = self._target / f"{name}.png"
        # Without the two lowest bits, which nobody sees, half the bytes are enough.
        image.point([round(value / 4) * 4 for value in range(256)] * 3).save(path, optimize=True)
        size = path.stat().st_size
        print(f"{path.name:14} {image.width} x {image.height}  {size / 1000:.0f} KB")
        assert size <= _MOST_BYTES, f"{path.name} is too large"

    def _settle(self) -> None:
        thumbnails = self.session.thumbnails
        calm_since = time.monotonic()
        while time.monotonic() - calm_since < 0.6:
            self._application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            shown = self.grid.visible_rows() if self.grid.isVisible() else range(0)
            ids = [self.grid.photos.id_at(row) for row in shown]
            is_painting = self.grid._painting_on.isActive()
            if is_painting or any(thumbnails.pixmap(photo) is None for photo in ids):
                calm_since = time.monotonic()


def main() -> None:
    """Draw into the folder given, else into `resources/screenshots`."""
    target = Path(sys.argv[1]) if sys.argv[1:] else _REPOSITORY / "resources" / "screenshots"
    target.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    application.setStyle("Fusion")
    plurals = EnglishPlurals()
    application.installTranslator(plurals)
    if "Inter" in QFontDatabase.families():
        application.setFont(QFont("Inter", 10))
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(application, Path(folder, "home"), Path(folder, "Weddings"), target)
        studio.draw_all()
        studio.close()


if __name__ == "__main__":
    main()
