"""What the classifier in use gets right and wrong here, and what another threshold would buy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QSlider, QTreeWidgetItem

from tagger.gui.teach.matrix import MoveMatrix
from tagger.gui.teach.section import Section, make_button, make_label, make_table
from tagger.gui.teach.wording import describe_threshold, figure_text
from tagger.gui.text import class_title, number

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.lessons.quality import ClassQuality, QualityReport

_STEPS = 100
_SLIDER_PX = 260


class ReportPage(Section):
    """Confusions whose cells open their photos, figures by class, and a threshold to try.

    Signals:
        report_wanted(): measure now.
        opened(Move): show the photos of a cell.
    """

    report_wanted = Signal()
    opened = Signal(object)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._report: QualityReport | None = None
        self.lead.setText(
            self.tr("Holds the classifier in use against your decisions on photos it never saw.")
        )
        self.measure_button = make_button(
            self.tr("&Measure now"),
            self.tr("From stored features: no photo is read."),
            is_primary=True,
        )
        self.matrix = MoveMatrix(look)
        self.matrix.setAccessibleName(self.tr("From what you said to what the classifier says"))
        self.legend = make_label(
            "muted",
            self.tr("Rows: what you said. Columns: what the classifier says. Enter opens a cell."),
        )
        self.table = make_table(
            self.tr("Figures of each class"),
            [
                self.tr("Class"),
                self.tr("Tags that are right (precision)"),
                self.tr("Photos that are found (recall)"),
            ],
            stretched=2,
        )
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Class to try a threshold on"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setFixedWidth(_SLIDER_PX)
        self.slider.setAccessibleName(self.tr("Threshold to try"))
        self.effect = make_label("")
        self.measure_button.clicked.connect(self.report_wanted)
        self.matrix.opened.connect(self.opened)
        self.choice.currentIndexChanged.connect(lambda _: self._choose())
        self.slider.valueChanged.connect(lambda _: self._show_effect())
        self._lay_out()
        self._show_parts(False)

    def show_report(self, report: QualityReport) -> None:
        """Show what was measured."""
        self._report = report
        photos = self.tr("%Ln photo(s)", "", report.photos)
        words = self.tr("{model} on {photos} that you decided on and that it never saw.")
        if report.learned:
            words += " " + self.tr("{count} more are left out: it has learned from them.")
        if not report.photos:
            words = self.tr("There are no decided photos that the classifier has not learned from.")
        self.lead.setText(
            words.format(model=report.model, photos=photos, count=number(report.learned))
        )
        self.matrix.show_moves(report.cells)
        self.table.clear()
        self.choice.clear()
        for one in report.classes:
            self.table.addTopLevelItem(_make_item(one))
            self.choice.addItem(class_title(one.name), one)
        self._show_parts(bool(report.classes))

    def _show_parts(self, is_wanted: bool) -> None:
        figures = (self.table, self.choice, self.slider, self.effect)
        for widget in (self.legend, self.matrix, *figures):
            widget.setVisible(is_wanted)

    def _choose(self) -> None:
        one: ClassQuality | None = self.choice.currentData()
        if one is not None:
            self.slider.setValue(round(one.threshold * _STEPS))
            self._show_effect()

    def _show_effect(self) -> None:
        one: ClassQuality | None = self.choice.currentData()
        if one is not None:
            threshold = self.slider.value() / _STEPS
            self.effect.setText(describe_threshold(threshold, one.measure(threshold)))

    def _lay_out(self) -> None:
        self.add_row(self.measure_button)
        self.column.addWidget(self.legend)
        self.column.addWidget(self.matrix, 1)
        self.column.addWidget(self.table, 1)
        self.add_row(self.choice, self.slider)
        self.column.addWidget(self.effect)
        self.column.addStretch(0)


def _make_item(one: ClassQuality) -> QTreeWidgetItem:
    measured = one.measure(one.threshold)
    texts = [figure_text(measured.precision), figure_text(measured.recall)]
    return QTreeWidgetItem([class_title(one.name), *texts])
