"""What there is to learn from, how well it goes, and a quick lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QTreeWidgetItem

from tagger.gui.teach.section import Section, make_button, make_label, make_table
from tagger.gui.teach.wording import (
    describe_need,
    describe_news,
    describe_quality,
    figure_text,
    measure_title,
)
from tagger.gui.text import class_title, number

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.lessons.overview import LearnedClass, LessonsOverview

_NEED, _PRECISION, _RECALL = 4, 5, 6
_NUMBERS = (1, 2, 3)


class OverviewPage(Section):
    """One line a class; figures when they are asked for.

    Signals:
        lesson_wanted(): a quick lesson.
        photos_wanted(str): show the photos that were decided on for this class.
    """

    lesson_wanted = Signal()
    photos_wanted = Signal(str)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._look = look
        self.quality = make_label("", "")
        self.figures = make_label("muted")
        self.table = make_table(
            self.tr("Classes and what was decided on them"),
            [
                self.tr("Class"),
                self.tr("Confirmed"),
                self.tr("Corrected"),
                self.tr("Rejected"),
                self.tr("What is missing"),
                self.tr("Tags that are right"),
                self.tr("Photos that are found"),
            ],
            stretched=_NEED,
        )
        self.table.itemActivated.connect(
            lambda item, _: self.photos_wanted.emit(item.data(0, Qt.ItemDataRole.UserRole))
        )
        self.lesson_button = make_button(
            self.tr("&Quick lesson"),
            self.tr("Learn from your decisions in seconds. Nothing changes until you say so."),
            is_primary=True,
        )
        self.figures_button = make_button(
            self.tr("Show &figures"), self.tr("Precision and recall of each class with intervals.")
        )
        self.figures_button.setCheckable(True)
        self.lesson_button.clicked.connect(self.lesson_wanted)
        self.figures_button.toggled.connect(self._show_figures)
        self.column.addWidget(self.quality)
        self.column.addWidget(self.figures)
        self.column.addWidget(self.table, 1)
        self.add_row(self.lesson_button, self.figures_button)
        self._show_figures(False)

    def show_overview(self, overview: LessonsOverview) -> None:
        """Show what is known now; the same class stays current."""
        self.lead.setText(describe_news(overview))
        self.quality.setText(describe_quality(overview))
        lines = [
            f"{measure_title(name)}: {figure_text(figure)}"
            for name, figure in overview.figures.items()
        ]
        if overview.measured_on:
            lines.append(self.tr("Measured {where}.").format(where=overview.measured_on))
        self.figures.setText("\n".join(lines))
        self.lesson_button.setEnabled(overview.can_learn)
        current = self.table.currentItem()
        name: str = "" if current is None else current.data(0, Qt.ItemDataRole.UserRole)
        self.table.clear()
        items = {one.name: self._make_item(one) for one in overview.classes}
        self.table.addTopLevelItems(list(items.values()))
        item = items.get(name) or self.table.topLevelItem(0)
        if item is not None:
            self.table.setCurrentItem(item)

    def _make_item(self, one: LearnedClass) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [
                class_title(one.name),
                *(number(count) for count in (one.confirmed, one.corrected, one.rejected)),
                describe_need(one),
                figure_text(one.precision),
                figure_text(one.recall),
            ]
        )
        item.setData(0, Qt.ItemDataRole.UserRole, one.name)
        for column in _NUMBERS:
            item.setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        color = self._look.colors.success if one.is_trusted else self._look.colors.muted
        item.setForeground(_NEED, QBrush(QColor(color)))
        return item

    def _show_figures(self, is_wanted: bool) -> None:
        self.figures.setVisible(is_wanted)
        for column in (_PRECISION, _RECALL):
            self.table.setColumnHidden(column, not is_wanted)
