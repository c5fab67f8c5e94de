"""A table of moves, from one tag to another, whose cells open their photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from tagger.gui.text import class_title, number

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.models.comparing import Move

_MOVE = Qt.ItemDataRole.UserRole
_ROW_PX = 34
_FAINTEST, _STRONGEST = 0.18, 0.75


class MoveMatrix(QTableWidget):
    """From the row's tag to the column's; a cell says how many photos.

    Signals:
        opened(Move): Enter or a double click on a cell with photos.
        chosen(Move or None): another cell is current.
    """

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(self.tr("What would change, from the tag of the row to another"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMinimumSectionSize(76)
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.verticalHeader().setMinimumWidth(110)
        self.setCornerButtonEnabled(False)
        self.itemDoubleClicked.connect(lambda _: self._open())
        self.currentItemChanged.connect(lambda *_: self.chosen.emit(self.current_move))

    @property
    def current_move(self) -> Move | None:
        """What the current cell stands for; None for an empty one."""
        item = self.item(self.currentRow(), self.currentColumn())
        move: Move | None = item.data(_MOVE) if item is not None else None
        return move

    def show_moves(self, moves: tuple[Move, ...]) -> None:
        """One row a tag that goes, one column a tag that comes, the fullest cell current."""
        olds = list(dict.fromkeys(move.old for move in moves))
        news = list(dict.fromkeys(move.new for move in moves))
        self.clear()
        self.setRowCount(len(olds))
        self.setColumnCount(len(news))
        self.setVerticalHeaderLabels([self._title(name) for name in olds])
        self.setHorizontalHeaderLabels([self._title(name) for name in news])
        most = max((len(move.photo_ids) for move in moves), default=1)
        for move in moves:
            item = self._make_cell(move, len(move.photo_ids) / most)
            self.setItem(olds.index(move.old), news.index(move.new), item)
        if moves:
            self.setCurrentCell(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def _make_cell(self, move: Move, share: float) -> QTableWidgetItem:
        count = len(move.photo_ids)
        item = QTableWidgetItem(number(count))
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        item.setData(_MOVE, move)
        ground = QColor(self._look.colors.accent)
        ground.setAlphaF(_FAINTEST + (_STRONGEST - _FAINTEST) * share)
        item.setBackground(QBrush(ground))
        words = self.tr("{photos} from {old} to {new}").format(
            photos=self.tr("%Ln photo(s)", "", count),
            old=self._title(move.old).lower(),
            new=self._title(move.new).lower(),
        )
        item.setToolTip(words)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        return item

    def _title(self, name: str | None) -> str:
        return self.tr("No tag") if name is None else class_title(name)

    def _open(self) -> None:
        if self.current_move is not None:
            self.opened.emit(self.current_move)
