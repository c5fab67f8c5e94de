"""What other programs show of the current photo, from the bytes of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tagger.services.interop import InteropReport, explain_interop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.metadata.programs import ProgramView


class ProgramTable(QDialog):
    """One line a program, and a sentence on each thing in which they differ."""

    def __init__(self, report: InteropReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = report.path.name
        self.setWindowTitle(self.tr("What other programs show of {name}").format(name=name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 440)
        self.table = QTreeWidget()
        self.table.setAccessibleName(self.windowTitle())
        self.table.setHeaderLabels(
            [self.tr("Program"), self.tr("Keywords"), self.tr("Stars"), self.tr("Label")]
        )
        self.table.setRootIsDecorated(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for view in report.programs:
            item = QTreeWidgetItem(self._describe(view))
            item.setToolTip(0, view.note)
            item.setToolTip(1, "\n".join(view.keywords))
            self.table.addTopLevelItem(item)
        for column, width_px in enumerate((200, 380, 80)):
            self.table.setColumnWidth(column, width_px)
        advice = () if report.advice is None else (report.advice,)
        sentences = (*report.problems, *report.disagreements, *advice)
        self.verdict = QLabel("\n".join(sentences) or self.tr("All that read this photo agree."))
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        rows = QVBoxLayout(self)
        rows.addWidget(self.table, 1)
        rows.addWidget(self.verdict)
        rows.addWidget(buttons)

    def _describe(self, view: ProgramView) -> list[str]:
        if view.is_blind:
            return [view.program, self.tr("Reads nothing of such a file"), "", ""]
        keywords = ", ".join(view.keywords) or self.tr("No keywords")
        stars = "★" * max(0, view.rating or 0) if view.shows_stars else "-"
        label = (view.label or "") if view.shows_label else "-"
        return [view.program, keywords, stars, label]


class Programs(QObject):
    """Reads the files of the current photo when somebody wants to know.

    Signals:
        said(str): why nothing is shown.
    """

    said = Signal(str)

    def __init__(self, session: Session, selection: Selection, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._selection = selection
        self._window = window
        session.programs.answered.connect(self._show)
        session.programs.failed.connect(lambda error: self.said.emit(str(error)))

    def explain(self) -> None:
        """Look at the current photo as other programs do."""
        photo_id = self._selection.current
        if photo_id is None:
            self.said.emit(self.tr("Select a photo first."))
            return
        library = self._session.workspace.library

        def read() -> Iterator[InteropReport]:
            for row in library.photo_rows([photo_id]):
                yield explain_interop(row.path)

        self._session.programs.ask(read)

    def _show(self, report: InteropReport) -> None:
        ProgramTable(report, self._window).show()
