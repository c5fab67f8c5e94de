"""What the classifier in use gets right and wrong here, and what another threshold would buy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QSlider,
    QTabWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.teach.findings import describe_answer, describe_progress_of, describe_threshold
from tagger.gui.teach.matrix import MoveMatrix
from tagger.gui.teach.section import Section, make_button, make_label, make_table
from tagger.gui.teach.wall import PhotoWall, Tile
from tagger.gui.teach.wording import figure_text
from tagger.gui.text import class_title, number

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.thumbnails import Thumbnails
    from tagger.services.lessons.quality import Answer, ClassQuality, QualityReport

_STEPS = 100
_WRONG, _ALL = 1, 2
_MOST_TILES = 500
_SLIDER_PX = 260


class ReportPage(Section):
    """Confusions whose cells open their photos, figures by class, and a threshold to try.

    Signals:
        report_wanted(): measure now.
        opened(Move): show the photos of a cell.
        photo_opened(PhotoId): show this photo of the wall.
    """

    report_wanted = Signal()
    opened = Signal(object)
    photo_opened = Signal(object)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._report: QualityReport | None = None
        self._before: QualityReport | None = None
        self._thumbnails: Thumbnails | None = None
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
        self.comparison = make_label("")
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(self.tr("Which answers to show"))
        self.kinds.addItems(
            [self.tr("Worst answers first"), self.tr("Wrong answers"), self.tr("All by class")]
        )
        self.wall = PhotoWall(look)
        self.wall.setAccessibleName(self.tr("Answers: green for right, red for wrong"))
        self.parts = QTabWidget()
        self.measure_button.clicked.connect(self.report_wanted)
        self.matrix.opened.connect(self.opened)
        self.wall.opened.connect(lambda tile: self.photo_opened.emit(tile.photo_id))
        self.kinds.currentIndexChanged.connect(lambda _: self._show_wall())
        self.choice.currentIndexChanged.connect(lambda _: self._choose())
        self.slider.valueChanged.connect(lambda _: self._show_effect())
        self._lay_out()
        self._show_parts(False)

    def show_report(self, report: QualityReport, thumbnails: Thumbnails) -> None:
        """Show what was measured, and what is other than before."""
        if self._report is not None and self._report.model == report.model:
            self._before = self._report
        self._report = report
        self._thumbnails = thumbnails
        self.comparison.setText(describe_progress_of(self._before, report))
        self._show_wall()
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
        for widget in (self.comparison, self.parts):
            widget.setVisible(is_wanted)

    def _show_wall(self) -> None:
        if self._report is None or self._thumbnails is None:
            return
        answers = list(self._report.answers)
        if self.kinds.currentIndex() == _WRONG:
            answers = [answer for answer in answers if not answer.is_right]
        elif self.kinds.currentIndex() == _ALL:
            answers.sort(key=lambda answer: (answer.name, -answer.score))
        self.wall.show_tiles(
            [make_tile(answer) for answer in answers[:_MOST_TILES]], self._thumbnails
        )

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
        self.column.addWidget(self.comparison)
        self.column.addWidget(self.parts, 1)
        self.column.addStretch(0)
        self._add_part(self.tr("Confusions"), self.legend, self.matrix)
        self._add_part(self.tr("Pictures"), self.kinds, self.wall)
        self._add_part(self.tr("Figures"), self.table, self.choice, self.slider, self.effect)

    def _add_part(self, title: str, *widgets: QWidget) -> None:
        part = QWidget()
        column = QVBoxLayout(part)
        for widget in widgets:
            column.addWidget(widget)
        self.parts.addTab(part, title)


def make_tile(answer: Answer) -> Tile:
    """An answer as a picture of the wall."""
    return Tile(
        answer.photo_id,
        f"{class_title(answer.name)} {answer.score:.0%}",
        answer.is_right,
        answer.score,
        describe_answer(answer),
    )


def _make_item(one: ClassQuality) -> QTreeWidgetItem:
    measured = one.measure(one.threshold)
    texts = [figure_text(measured.precision), figure_text(measured.recall)]
    return QTreeWidgetItem([class_title(one.name), *texts])
