"""What could not be read or written: photo, reason, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.dialogs.buttons import keep_enter_from_buttons
from tagger.gui.dialogs.lists import make_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ProblemList(QDialog):
    """One line a file.

    Signals:
        retry_wanted(): read everything again that could not be read.
    """

    retry_wanted = Signal()

    def __init__(self, problems: Sequence[tuple[Path, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Problems"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 420)
        headings = [self.tr("Photo"), self.tr("What is wrong, and what to do")]
        self.list = make_list(self.tr("Photos with problems"), headings, [240])
        for path, sentence in problems:
            item = QTreeWidgetItem([path.name, sentence])
            item.setToolTip(0, str(path))
            item.setToolTip(1, sentence)
            self.list.addTopLevelItem(item)
        note = QLabel(
            self.tr("Everything else goes on. These photos stay as they are.")
            if problems
            else self.tr("Every photo could be read and written.")
        )
        note.setProperty("role", "muted")
        retry = QPushButton(self.tr("Try all again"))
        retry.clicked.connect(self._on_retry_clicked)
        retry.setEnabled(bool(problems))
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(note, 1)
        buttons.addWidget(retry)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(self.list)
        column.addLayout(buttons)
        keep_enter_from_buttons(self)

    def _on_retry_clicked(self) -> None:
        self.retry_wanted.emit()
        self.close()
