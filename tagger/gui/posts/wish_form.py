"""What a post shall be made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.dialogs.fields import with_room
from tagger.gui.text import class_title
from tagger.services.posts.draft import MOST_SLOTS, Quota, Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_OF_A_WEDDING = 20


class WishForm(QWidget):
    """Numbers by class, and what is left out.

    Signals:
        changed(): something else is wished for.
    """

    changed = Signal()

    def __init__(self, classes: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.query = QLineEdit()
        self.query.setPlaceholderText(self.tr("all photos, or a search"))
        self.per_shoot = with_room(QSpinBox())
        self.per_shoot.setRange(0, _MOST_OF_A_WEDDING)
        self.per_shoot.setSpecialValueText(self.tr("any"))
        self.counts = {name: self._make_count(name) for name in classes}
        self.alike = QCheckBox(self.tr("Look-alikes too"))
        self.blurred = QCheckBox(self.tr("Blurred ones too"))
        self.posted = QCheckBox(self.tr("What was posted before too"))
        self._lay_out()
        for line in (self.name, self.query):
            line.textChanged.connect(lambda _: self.changed.emit())

    @property
    def wish(self) -> Wish:
        """What is wished for now."""
        quotas = [
            Quota(name=name, count=box.value()) for name, box in self.counts.items() if box.value()
        ]
        return Wish(
            quotas=tuple(quotas),
            query=self.query.text().strip(),
            per_shoot=self.per_shoot.value() or None,
            allows_alike=self.alike.isChecked(),
            allows_blurred=self.blurred.isChecked(),
            allows_posted=self.posted.isChecked(),
        )

    @property
    def total(self) -> int:
        """How many slides."""
        return sum(box.value() for box in self.counts.values())

    @property
    def is_complete(self) -> bool:
        """Whether a post can be built from it."""
        return bool(self.name.text().strip()) and 0 < self.total <= MOST_SLOTS

    def show_wish(self, name: str, wish: Wish) -> None:
        """Fill the form with what a post was made of."""
        self.name.setText(name)
        self.query.setText(wish.query)
        self.per_shoot.setValue(wish.per_shoot or 0)
        for box in self.counts.values():
            box.setValue(0)
        for quota in wish.quotas:
            if quota.name in self.counts:
                self.counts[quota.name].setValue(quota.count)
        self.alike.setChecked(wish.allows_alike)
        self.blurred.setChecked(wish.allows_blurred)
        self.posted.setChecked(wish.allows_posted)

    def _make_count(self, name: str) -> QSpinBox:
        box = with_room(QSpinBox())
        box.setRange(0, MOST_SLOTS)
        box.setAccessibleName(class_title(name))
        box.valueChanged.connect(lambda _: self.changed.emit())
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("&Name"), self.name)
        form.addRow(self.tr("&From"), self.query)
        form.addRow(self.tr("Of one &wedding"), self.per_shoot)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for number, (name, box) in enumerate(self.counts.items()):
            row, place = number // 2, number % 2 * 2
            label = QLabel(class_title(name))
            label.setBuddy(box)
            grid.addWidget(label, row, place)
            grid.addWidget(box, row, place + 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(form)
        column.addLayout(grid)
        for check in (self.alike, self.blurred, self.posted):
            column.addWidget(check)
