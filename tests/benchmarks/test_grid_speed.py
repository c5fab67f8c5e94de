"""How long the grid takes with a million photos: every figure is one frame budget of 33 ms.

Each time is what a person waits for: the call, then everything the event loop has to do for it,
the painting of the whole view included. Pictures of cells are painted from memory.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QSettings
from PySide6.QtGui import QColor, QPixmap

from tagger.gui.appearance.look import Look
from tagger.gui.grid.model import PhotoModel
from tagger.gui.grid.view import GridView
from tests.gui.photos import CLASSES, make_listing, make_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.qtbot import QtBot

    from tagger.core.ids import PhotoId

pytestmark = pytest.mark.benchmark_only

MILLION = 1_000_000
BUDGET_MS = 33
_REPOSITORY = Path(__file__).resolve().parents[2]


class PicturesInMemory:
    """The same 400-pixel picture for every photo."""

    def __init__(self) -> None:
        self._pixmap = QPixmap(400, 267)
        self._pixmap.fill(QColor("#88776a"))

    def pixmap(self, photo_id: PhotoId) -> QPixmap | None:
        return self._pixmap

    def want(self, wisher: QObject, photo_ids: Sequence[PhotoId], side_px: int) -> None:
        pass


def test_a_million_photos_fit_into_a_frame(qtbot: QtBot, tmp_path: Path) -> None:
    look = Look(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    look.apply()
    listing, other = make_listing(MILLION, 2000), make_listing(MILLION // 2, 700)
    model = PhotoModel(make_rows)
    view = GridView(PicturesInMemory(), look)
    view.set_classes(CLASSES)
    view.setModel(model)
    qtbot.addWidget(view)
    view.resize(1280, 800)
    view.show()
    small = make_listing(100, 2)
    model.show_listing(small)
    QCoreApplication.processEvents()
    print()

    bar = view.verticalScrollBar()
    acts: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "open": (lambda: model.show_listing(listing), lambda: model.show_listing(small)),
        "resize": (lambda: view.resize(1100, 760), lambda: view.resize(1280, 800)),
        "zoom": (lambda: view.set_cell_px(150), lambda: view.set_cell_px(172)),
        "jump to the end": (lambda: bar.setValue(bar.maximum()), lambda: bar.setValue(0)),
        "select all": (view.selectAll, view.clearSelection),
        "change of filter": (
            lambda: model.show_listing(other),
            lambda: model.show_listing(listing),
        ),
    }
    times = {name: _measure(act, back) for name, (act, back) in acts.items()}

    for name, milliseconds in times.items():
        print(f"{name:18} {milliseconds:6.1f} ms")
    assert view.visible_rows()
    assert max(times.values()) < BUDGET_MS * 3, "far beyond the budget, whatever the machine does"


def _measure(act: Callable[[], object], back: Callable[[], object]) -> float:
    """The best of five: what the program needs, not what others on the machine take."""
    best = float("inf")
    for _ in range(5):
        back()
        QCoreApplication.processEvents()
        started = time.perf_counter()
        act()
        QCoreApplication.processEvents()
        best = min(best, (time.perf_counter() - started) * 1000)
    act()
    return best


def test_a_million_photos_fit_into_memory() -> None:
    """A process of its own, so that nothing else counts; the classifier is in another one."""
    code = (
        "import resource\n"
        "from PySide6.QtCore import QSettings\n"
        "from PySide6.QtWidgets import QApplication\n"
        "import tagger.gui.window\n"
        "from tagger.gui.appearance.look import Look\n"
        "from tagger.gui.grid.model import PhotoModel\n"
        "from tagger.gui.grid.view import GridView\n"
        "from tests.benchmarks.test_grid_speed import MILLION, PicturesInMemory\n"
        "from tests.gui.photos import make_listing, make_rows\n"
        "app = QApplication([])\n"
        "look = Look(QSettings())\n"
        "model, view = PhotoModel(make_rows), GridView(PicturesInMemory(), look)\n"
        "view.setModel(model); view.resize(1280, 800); view.show()\n"
        "model.show_listing(make_listing(MILLION, 2000).prepare())\n"
        "bar = view.verticalScrollBar()\n"
        "for step in range(200):\n"
        "    bar.setValue(bar.maximum() * step // 200); app.processEvents()\n"
        "view.selectAll(); app.processEvents()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_REPOSITORY
    )
    peak_mb = int(ran.stdout.split()[-1]) / 1024
    print(f"\na million photos in the grid: {peak_mb:.0f} MB")
    assert peak_mb < 400
