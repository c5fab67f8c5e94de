"""The window: its parts, what its menus call, what is dropped on it, and its end."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMainWindow

from tagger.core.query import Sort
from tagger.gui.actions import Actions
from tagger.gui.appearance.colors import Theme
from tagger.gui.arranging import Arranging
from tagger.gui.browsing import Browsing
from tagger.gui.configuring import Configuring
from tagger.gui.deciding import Deciding
from tagger.gui.forecasting import Forecasting
from tagger.gui.inspector.comparing import Comparing
from tagger.gui.inspector.enlarging import Enlarging
from tagger.gui.inspector.programs import Programs
from tagger.gui.journal.recalling import Recalling
from tagger.gui.looking import Looking
from tagger.gui.menus import Menus
from tagger.gui.posts.posting import Posting
from tagger.gui.review.offering import Offering
from tagger.gui.review.reviewing import Reviewing
from tagger.gui.ribboning import Ribboning
from tagger.gui.saving import Saving
from tagger.gui.selection import Selection
from tagger.gui.teach.teaching import Teaching
from tagger.gui.text import describe_crash
from tagger.gui.widgets import Widgets
from tagger.gui.working import Working
from tagger.services.rating import LIGHTROOM_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMimeData, QSettings
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

    from tagger.gui.appearance.look import Look
    from tagger.gui.crashes import Crash
    from tagger.gui.session import Session
    from tagger.services.listing import Overview


class MainWindow(QMainWindow):
    """One library in one window.

    Signals:
        closed(): the person is done.
    """

    closed = Signal()

    def __init__(self, session: Session, look: Look, settings: QSettings) -> None:
        super().__init__()
        self._session = session
        self._look = look
        self.widgets = Widgets(session, look, self)
        self.selection = Selection(self.widgets.grid, self)
        self.browsing = Browsing(session, self.widgets, self.selection, self)
        self.enlarging = Enlarging(session, self.widgets, self.selection, self)
        self.looking = Looking(session, self.widgets, self.selection, self.enlarging, self)
        self.saving = Saving(session, self.widgets.side, self.browsing, self)
        self.ribboning = Ribboning(session, self.widgets, self.selection, self)
        self.deciding = Deciding(session, self.selection, self)
        self.comparing = Comparing(session, self.widgets, self.selection, self)
        self.programs = Programs(session, self.selection, self)
        self.offering = Offering(session, self.widgets, self.deciding, self)
        self.reviewing = Reviewing(
            session, self.widgets, self.browsing, self.selection, self.deciding, self
        )
        self.teaching = Teaching(session, self.widgets, self.browsing, self.selection, self)
        self.arranging = Arranging(self, self.widgets, self.teaching, settings)
        self.working = Working(session, self.widgets.jobs, self.selection, self)
        self.posting = Posting(session, look, self.browsing, self.selection, self.working, self)
        self.recalling = Recalling(session, self)
        self.forecasting = Forecasting(session.jobs, self)
        self.configuring = Configuring(session, look, self._choose_folder, self)
        self.actions_by_name = Actions(self, self.widgets.pages, look, self._calls())
        self.menus = Menus(
            self, self.widgets, self.actions_by_name, self.selection, self.deciding.toggle
        )
        self._connect()
        self.setWindowTitle("tagger")
        self.setCentralWidget(self.widgets.frame)
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.setMinimumSize(900, 560)
        self.arranging.restore()
        session.search.ask("")

    def add_folders(self, folders: Sequence[Path]) -> None:
        """Watch folders, look through them and tag what is found."""
        self.working.add_folders(folders)

    def watch(self) -> None:
        """Notice what arrives in the folders from now on; what changed before is looked for."""
        self._session.watching.start()

    def come_to_front(self, folders: Sequence[Path]) -> None:
        """Somebody started the program again: this window is the one, with these folders too."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.widgets.jobs.say(self.tr("This library is open already, in this window."))
        if folders:
            self.add_folders(folders)

    def tell_crash(self, crash: Crash) -> None:
        """Say how the last run ended, and where its log is."""
        folder = QUrl.fromLocalFile(str(crash.log))
        self.widgets.notice.show_notice(
            describe_crash(crash), self.tr("Show log"), lambda: QDesktopServices.openUrl(folder)
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window stood; work is stopped by whoever opened it."""
        self.arranging.remember()
        self.closed.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take folders."""
        if _dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self.add_folders(_dropped_paths(event.mimeData()))
        event.acceptProposedAction()

    def _calls(self) -> dict[str, Callable[[], object]]:
        return {
            "add_folder": self._choose_folder,
            "rescan": self.working.rescan,
            "write": self.working.write,
            "export": self.working.open_export,
            "post": self.posting.open_builder,
            "posted": self.posting.open_ledger,
            "coverage": self.posting.open_coverage,
            "writings": self.recalling.open,
            "problems": self.working.list_problems,
            "settings": self.configuring.open,
            "quit": self.close,
            "undo": self.deciding.undo,
            "redo": self.deciding.redo,
            "select_all": self.widgets.grid.selectAll,
            "find": self.arranging.find,
            "clear": self.browsing.clear,
            "save_search": self._save_search,
            "confirm": self.deciding.confirm,
            "reject": self.deciding.reject,
            "none": self.deciding.choose_none,
            "similar": self.offering.look_at,
            "review": self.reviewing.toggle,
            "teach": self.teaching.toggle,
            "new_class": self.teaching.open_classes,
            "programs": self.programs.explain,
            **{f"rate_{stars}": partial(self.deciding.rate, stars) for stars in range(6)},
            **{
                f"label_{color}": partial(self.deciding.label, color)
                for color in ("", *LIGHTROOM_LABELS)
            },
            "loupe": self.enlarging.toggle,
            "heat": self.enlarging.toggle_heat,
            "compare": self.comparing.toggle,
            "scores": self.arranging.toggle_scores,
            "zoom_in": self.arranging.zoom_in,
            "zoom_out": self.arranging.zoom_out,
            "left": self.arranging.toggle_left,
            "right": self.arranging.toggle_right,
            "dark": lambda: self._look.choose(Theme.DARK),
            "light": lambda: self._look.choose(Theme.LIGHT),
            "system": lambda: self._look.choose(Theme.SYSTEM),
            "keys": self._show_keys,
        }

    def _connect(self) -> None:
        widgets = self.widgets
        self.browsing.surveyed.connect(self._on_surveyed)
        parts = (self.deciding, self.working, self.saving, self.comparing, self.programs)
        sayings = [part.said for part in (*parts, self.teaching, self.recalling)]
        for source in (self.browsing.troubled, *sayings):
            source.connect(widgets.jobs.say)
        widgets.welcome.folder_wanted.connect(self._choose_folder)
        widgets.search.left.connect(widgets.grid.setFocus)
        widgets.inspector.toggled.connect(self.deciding.toggle)
        widgets.inspector.revert_wanted.connect(self.deciding.revert)
        widgets.sort.currentIndexChanged.connect(
            lambda _: self._session.search.set_sort(Sort(widgets.sort.currentData()))
        )
        self.selection.current_changed.connect(self._describe_current)

    def _choose_folder(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        chooser = QFileDialog(self, self.tr("Add folder"), start)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: self.add_folders([Path(path)]))
        chooser.open()

    def _save_search(self) -> None:
        """Where its name is written in sight: else the keys would go to photos."""
        if self.teaching.is_open:
            self.widgets.jobs.say(self.tr("Go back to the photos to name a search."))
        else:
            if self.browsing.query is not None:
                self.widgets.left.show()
            self.saving.save_current()

    def _show_keys(self) -> None:
        self.menus.show_keys()

    def _on_surveyed(self, overview: Overview) -> None:
        self.arranging.show_overview(overview)
        self.widgets.jobs.show_overview(overview)
        self.menus.show_classes(overview.classes)

    def _describe_current(self) -> None:
        """Screen readers read the description of what has the focus when it changes."""
        grid = self.widgets.grid
        index = grid.currentIndex()
        text = index.data(Qt.ItemDataRole.AccessibleTextRole) if index.isValid() else ""
        grid.setAccessibleDescription(str(text))


def _dropped_paths(data: QMimeData) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir()]
