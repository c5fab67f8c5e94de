"""What another classifier would change: a matrix of moves, and whether to adopt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QTreeWidgetItem,
)

from tagger.gui.teach.matrix import MoveMatrix
from tagger.gui.teach.section import Section, make_button, make_label, make_table
from tagger.gui.teach.wording import describe_change, describe_move, describe_safety
from tagger.gui.text import class_title, number

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidget, QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.lessons.proposing import ClassComparison, Proposal
    from tagger.services.models.comparing import Move

_MOST_CLASSES_HIGH = 9
_ROW_PX = 34


class ChangesPage(Section):
    """Adopt, adopt by cell, or not at all.

    Signals:
        adopted(str): put the classifier of this name in use.
        declined(): keep the one in use.
        opened(Move): show the photos of this cell.
        decided(Move, bool): a person says that the cell is right, or wrong.
    """

    adopted = Signal(str)
    declined = Signal()
    opened = Signal(object)
    decided = Signal(object, bool)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._look = look
        self._proposal: Proposal | None = None
        self.safety = make_label("title")
        self.notes = make_label("muted")
        self.matrix = MoveMatrix(look)
        self.legend = make_label(
            "muted",
            self.tr("Rows: the tag of now. Columns: the tag of the new one. Enter opens a cell."),
        )
        self.cell = make_label("")
        self.figures = self._make_figures()
        self.adopt_button = make_button(
            self.tr("&Use the new classifier"),
            self.tr("All photos get its tags; what you decided stays. Models leads back."),
            is_primary=True,
        )
        self.decline_button = make_button(
            self.tr("&Keep the one in use"), self.tr("The new one stays in Models, unused.")
        )
        self.open_button = make_button(
            self.tr("&Show these photos"), self.tr("Open the photos of the cell. Key: Enter")
        )
        self.right_button = make_button(
            self.tr("These are &right"), self.tr("Confirm the new tags of this cell, as one step.")
        )
        self.wrong_button = make_button(
            self.tr("These are &wrong"), self.tr("Keep the old tags of this cell, as one step.")
        )
        self.figures_button = make_button(
            self.tr("Show &figures"), self.tr("Both classifiers on the same photos, by class.")
        )
        self.figures_button.setCheckable(True)
        self._connect()
        self._lay_out()
        self.show_proposal(None)

    @property
    def proposal(self) -> Proposal | None:
        """What is shown."""
        return self._proposal

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Show what a classifier would change; None for nothing."""
        self._proposal = proposal
        for widget in (self.safety, self.legend, self.matrix, self.cell, *self._buttons()):
            widget.setVisible(proposal is not None)
        self.notes.setVisible(False)
        self.figures.setVisible(proposal is not None and self.figures_button.isChecked())
        if proposal is None:
            self.lead.setText(
                self.tr("Nothing waits for you. What a lesson would change is shown here after it.")
            )
            return
        self.lead.setText(describe_change(proposal))
        self.safety.setText(describe_safety(proposal))
        self._show_notes(proposal)
        self.matrix.show_moves(proposal.difference.cells)
        for widget in (self.legend, self.matrix):
            widget.setVisible(bool(proposal.difference.cells))
        self._show_figures(proposal.classes)
        self._show_cell(self.matrix.current_move)
        self.adopt_button.setProperty("role", "primary" if proposal.is_safe else "")
        self.adopt_button.style().polish(self.adopt_button)

    def _show_notes(self, proposal: Proposal) -> None:
        notes = [] if proposal.lesson is None else list(proposal.lesson.warnings)
        if proposal.difference.unknown:
            photos = self.tr("%Ln photo(s)", "", proposal.difference.unknown)
            notes.append(self.tr("{photos} can't be compared.").format(photos=photos))
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))

    def _show_cell(self, move: Move | None) -> None:
        for button in (self.open_button, self.right_button, self.wrong_button):
            button.setEnabled(move is not None)
        self.cell.setText("" if move is None else describe_move(move))

    def _show_figures(self, classes: tuple[ClassComparison, ...]) -> None:
        self.figures.clear()
        for one in classes:
            values = ["-" if value is None else f"{value:.2f}" for value in (one.before, one.after)]
            item = QTreeWidgetItem([class_title(one.name), *values, number(one.photos)])
            if one.is_loss:
                item.setForeground(2, QBrush(QColor(self._look.colors.danger)))
            self.figures.addTopLevelItem(item)

    def _make_figures(self) -> QTreeWidget:
        table = make_table(
            self.tr("F1 of each class"),
            [
                self.tr("Class"),
                self.tr("F1 in use"),
                self.tr("F1 of the new one"),
                self.tr("Photos"),
            ],
            stretched=0,
        )
        table.setMaximumHeight(_ROW_PX * _MOST_CLASSES_HIGH)
        return table

    def _buttons(self) -> tuple[QWidget, ...]:
        return (
            self.adopt_button,
            self.decline_button,
            self.open_button,
            self.right_button,
            self.wrong_button,
            self.figures_button,
        )

    def _connect(self) -> None:
        self.matrix.chosen.connect(self._show_cell)
        self.matrix.opened.connect(self.opened)
        self.open_button.clicked.connect(lambda: self.opened.emit(self.matrix.current_move))
        self.right_button.clicked.connect(lambda: self._decide(True))
        self.wrong_button.clicked.connect(lambda: self._decide(False))
        self.adopt_button.clicked.connect(self._adopt)
        self.decline_button.clicked.connect(self.declined)
        self.figures_button.toggled.connect(self.figures.setVisible)

    def _lay_out(self) -> None:
        self.column.addWidget(self.safety)
        self.column.addWidget(self.notes)
        self.column.addWidget(self.legend)
        self.column.addWidget(self.matrix, 1)
        self.column.addWidget(self.cell)
        self.add_row(self.open_button, self.right_button, self.wrong_button)
        self.column.addWidget(self.figures)
        self.column.addStretch(0)
        self.add_row(self.adopt_button, self.decline_button, self.figures_button)

    def _adopt(self) -> None:
        if self._proposal is not None:
            self.adopted.emit(self._proposal.name)

    def _decide(self, is_right: bool) -> None:
        move = self.matrix.current_move
        if move is not None:
            self.decided.emit(move, is_right)
