"""Teaching in the grid's place: a list of pages, the page, and what is being done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.teach.changes_page import ChangesPage
from tagger.gui.teach.classes_page import ClassesPage
from tagger.gui.teach.clean_page import CleanPage
from tagger.gui.teach.folders_page import FoldersPage
from tagger.gui.teach.full_page import FullPage
from tagger.gui.teach.models_page import ModelsPage
from tagger.gui.teach.overview_page import OverviewPage
from tagger.gui.teach.report_page import ReportPage
from tagger.gui.teach.section import make_label

if TYPE_CHECKING:
    from tagger.core.progress import Progress
    from tagger.gui.appearance.look import Look
    from tagger.gui.teach.section import Section

_LIST_PX, _ROW_PX, _BAR_PX = 170, 34, 220


class TeachPage(QWidget):
    """All pages of teaching.

    Signals:
        left(): Escape, back to the photos.
        stop_wanted(): stop what is being done.
    """

    left = Signal()
    stop_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Teaching"))
        self.overview = OverviewPage(self.tr("Overview"), look)
        self.changes = ChangesPage(self.tr("What would change"), look)
        self.full = FullPage(self.tr("Full lesson"), look)
        self.models = ModelsPage(self.tr("Models"), look)
        self.classes = ClassesPage(self.tr("Classes"), look)
        self.folders = FoldersPage(self.tr("From folders"), look)
        self.clean = CleanPage(self.tr("Clean"), look)
        self.report = ReportPage(self.tr("Report"), look)
        self.sections: tuple[Section, ...] = (
            self.overview,
            self.changes,
            self.full,
            self.models,
            self.folders,
            self.classes,
            self.clean,
            self.report,
        )
        self._task = make_label("muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR_PX)
        self._bar.setAccessibleName(self.tr("Progress"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.setToolTip(self.tr("Stop. The classifier in use stays in use."))
        self.stop_button.clicked.connect(self.stop_wanted)
        self._message = make_label("error")
        self._lay_out()
        self.show_idle()
        self.say("")

    @property
    def message(self) -> str:
        """What went wrong, as shown."""
        return self._message.text()

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return not self._bar.isHidden()

    def open_section(self, section: Section) -> None:
        """Show this page."""
        self.list.setCurrentRow(self.sections.index(section))

    def show_progress(self, words: str, progress: Progress | None = None) -> None:
        """Something is being done."""
        has_total = progress is not None and progress.total is not None
        self._bar.setRange(0, (progress.total or 1) if progress is not None and has_total else 0)
        self._bar.setValue(progress.done if progress is not None else 0)
        self._task.setText(words)
        for widget in (self._bar, self._task, self.stop_button):
            widget.show()

    def show_idle(self) -> None:
        """Nothing is being done."""
        for widget in (self._bar, self._task, self.stop_button):
            widget.hide()

    def say(self, sentence: str) -> None:
        """What went wrong; empty takes it away."""
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def event(self, event: QEvent) -> bool:
        """Keys that decide on photos elsewhere do nothing here, where no photo is shown."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and _is_for_photos(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the photos."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        stack = QStackedWidget()
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName(self.tr("Pages of teaching"))
        self.list.setFixedWidth(_LIST_PX)
        for section in self.sections:
            stack.addWidget(section)
            item = QListWidgetItem(section.title)
            item.setSizeHint(QSize(0, _ROW_PX))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        self.setFocusProxy(self.list)
        work = QHBoxLayout()
        work.setContentsMargins(28, 0, 28, 12)
        work.setSpacing(10)
        work.addWidget(self._bar)
        work.addWidget(self._task, 1)
        work.addWidget(self.stop_button)
        self._message.setContentsMargins(28, 0, 28, 12)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(stack, 1)
        right.addLayout(work)
        right.addWidget(self._message)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(right, 1)


def _is_for_photos(event: QKeyEvent) -> bool:
    key, modifiers = event.key(), event.modifiers()
    has_modifier = bool(modifiers & (_CTRL | Qt.KeyboardModifier.AltModifier))
    if has_modifier:
        is_digit = Qt.Key.Key_0 <= key <= Qt.Key.Key_9
        return is_digit or (key == Qt.Key.Key_A and bool(modifiers & _CTRL))
    return key not in _FOR_WINDOW


_CTRL = Qt.KeyboardModifier.ControlModifier
_FOR_WINDOW = {
    Qt.Key.Key_Question,
    Qt.Key.Key_F1,
    Qt.Key.Key_F5,
}
