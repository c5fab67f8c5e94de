"""The history of a photo: a line a step, each with a button that takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.gui.appearance.look import Look
    from tagger.gui.inspector.history_text import HistoryStep

_MOST = 12


class HistoryRow(QWidget):
    """One step, reused for other photos."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step: HistoryStep | None = None
        self.text = QLabel()
        self.text.setProperty("role", "muted")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QToolButton()
        self.button.setToolTip(self.tr("Take this back on this photo"))
        look.dress(self.button, "undo")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def show_step(self, step: HistoryStep) -> None:
        """Show what was done."""
        self.step = step
        self.text.setText(step.text)
        self.button.setVisible(bool(step.lines))
        words = self.tr("Take back: {step}")
        self.button.setAccessibleName(words.format(step=step.text.replace("\n", ", ")))


class HistoryList(QWidget):
    """The newest steps.

    Signals:
        revert_wanted(tuple[HistoryLine, ...]): take these decisions back.
    """

    revert_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.rows: list[HistoryRow] = []
        self._earlier = QLabel()
        self._earlier.setProperty("role", "muted")
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._column)
        column.addWidget(self._earlier)

    def show_steps(self, steps: Sequence[HistoryStep]) -> None:
        """Show the newest of them, and say how many are older."""
        shown = steps[:_MOST]
        while len(self.rows) < len(shown):
            self._add_row()
        for row, step in zip(self.rows, shown, strict=False):
            row.show_step(step)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(shown))
        self._earlier.setText(self.tr("and %Ln earlier", "", len(steps) - len(shown)))
        self._earlier.setVisible(len(steps) > len(shown))

    def _add_row(self) -> None:
        row = HistoryRow(self._look)
        row.button.clicked.connect(lambda: self._on_clicked(row))
        self._column.addWidget(row)
        self.rows.append(row)

    def _on_clicked(self, row: HistoryRow) -> None:
        if row.step is not None:
            self.revert_wanted.emit(row.step.lines)
