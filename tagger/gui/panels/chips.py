"""The search as chips: each a condition that one click takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from tagger.gui.query_text import query_title
from tagger.services.facets import query_parts

if TYPE_CHECKING:
    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look

_LONGEST = 44


class ChipBar(QWidget):
    """Chips, and how many photos they leave.

    Signals:
        dropped(int): the chip at this place was clicked.
        cleared(): all of them are to go.
    """

    dropped = Signal(int)
    cleared = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._chips: list[QPushButton] = []
        self._count = QLabel(self)
        self._count.setProperty("role", "muted")
        self._clear = QPushButton(self.tr("Clear all"), self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._clear.clicked.connect(self.cleared)
        self._clear.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 12, 2)
        self._row.setSpacing(6)
        self._row.addWidget(self._count)
        self._row.addStretch(1)
        self._row.addWidget(self._clear)

    @property
    def texts(self) -> list[str]:
        """What the chips say."""
        return [chip.text().replace("&&", "&") for chip in self._chips]

    def show_query(self, query: Query | None, count: int) -> None:
        """A chip for each condition that has to hold."""
        chips = [self._make_chip(query_title(part)) for part in query_parts(query)]
        for place, chip in enumerate(chips):
            chip.clicked.connect(lambda _=False, place=place: self.dropped.emit(place))
        self._show(chips, count)

    def show_picked(self, count: int) -> None:
        """One chip: these photos were picked, whatever was looked for before."""
        chip = self._make_chip(self.tr("Chosen photos"))
        chip.clicked.connect(self.cleared)
        self._show([chip], count)

    def _show(self, chips: list[QPushButton], count: int) -> None:
        for chip in self._chips:
            chip.deleteLater()
        self._chips = chips
        for place, chip in enumerate(chips):
            self._row.insertWidget(place, chip)
        self._clear.setVisible(bool(chips))
        self._count.setText(self.tr("%Ln photo(s)", "", count))

    def _make_chip(self, title: str) -> QPushButton:
        short = title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
        chip = QPushButton(short.replace("&", "&&"), self)
        chip.setProperty("role", "chip")
        chip.setIcon(self._look.icon("close"))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.setAccessibleName(self.tr("Remove condition {condition}").format(condition=title))
        chip.setToolTip(self.tr("{condition}\nClick to remove").format(condition=title))
        return chip
