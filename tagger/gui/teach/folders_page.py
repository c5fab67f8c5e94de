"""A new classifier from photos that are sorted into folders, one a class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from tagger.gui.teach.findings import describe_data_set, describe_lesson
from tagger.gui.teach.section import Section, make_button, make_label
from tagger.gui.teach.suspects_view import SuspectsView
from tagger.services.teaching.request import TeachRequest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.lessons.data_sets import DataSet
    from tagger.services.lessons.giving import GivenLesson

_FIELD_PX = 240


class FoldersPage(Section):
    """Choose, clean, teach, look at the result.

    Signals:
        folder_chosen(Path): what lies in it?
        cleaning_wanted(Path): which labels are likely wrong?
        quick_wanted(TeachRequest), full_wanted(TeachRequest): teach.
        estimate_wanted(TeachRequest): how long would a full lesson take?
        report_wanted(str, Path): a page with pictures of a classifier on this data set.
    """

    folder_chosen = Signal(object)
    cleaning_wanted = Signal(object)
    quick_wanted = Signal(object)
    full_wanted = Signal(object)
    estimate_wanted = Signal(object)
    report_wanted = Signal(str, object)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._set: DataSet | None = None
        self._lesson: GivenLesson | None = None
        self.lead.setText(
            self.tr(
                "Sort photos into folders, one a class, and make a classifier of your own of them."
                " It stands beside the others in Models; the one in use stays in use."
            )
        )
        self.choose_button = make_button(
            self.tr("&Choose a folder…"),
            self.tr("With a folder for each class, perhaps in train, validation and test."),
            is_primary=True,
        )
        self.found = make_label("")
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Name of the classifier"))
        self.name.setAccessibleName(self.tr("Name of the classifier"))
        self.name.setMinimumWidth(_FIELD_PX)
        self.exclusive = QCheckBox(self.tr("Each photo shows one &class"))
        self.exclusive.setChecked(True)
        self.views = QCheckBox(self.tr("Measure what si&x looks at a photo gain"))
        self.clean_button = make_button(
            self.tr("&Look for wrong labels"), self.tr("Worst first; the folders stay as they are.")
        )
        self.quick_button = make_button(
            self.tr("&Quick lesson"),
            self.tr("The last layer alone: seconds when all is seen."),
        )
        self.full_button = make_button(
            self.tr("&Full lesson"), self.tr("All layers; goes on in the page Full lesson.")
        )
        self.estimate_button = make_button(
            self.tr("&How long would it take?"), self.tr("A full lesson, from a few steps here.")
        )
        self.report_button = make_button(
            self.tr("&Page with pictures"),
            self.tr("Curves, confusions and the wall of answers, in your browser."),
        )
        self.result = make_label("")
        self.suspects = SuspectsView(look)
        self._connect()
        self._lay_out()
        self._enable()

    @property
    def request(self) -> TeachRequest | None:
        """What a lesson would be; None without a data set."""
        if self._set is None:
            return None
        return TeachRequest(
            folders=self._set.folder,
            exclusive=self.exclusive.isChecked(),
            name=self.name.text().strip() or None,
            has_views=self.views.isChecked(),
        )

    def show_data_set(self, data_set: DataSet) -> None:
        """Say what lies there."""
        self._set, self._lesson = data_set, None
        self.found.setText(describe_data_set(data_set))
        self.name.setText(data_set.folder.name)
        self.result.setText("")
        self.suspects.hide()
        self._enable()

    def show_lesson(self, lesson: GivenLesson) -> None:
        """Say how a lesson went; the next one gets another name."""
        self._lesson = lesson
        self.result.setText(describe_lesson(lesson))
        self.name.clear()
        self._enable()

    def _enable(self) -> None:
        has_set = self._set is not None
        wanted = (self.name, self.exclusive, self.views, self.clean_button, self.quick_button)
        for widget in (*wanted, self.full_button, self.estimate_button):
            widget.setEnabled(has_set)
        self.report_button.setEnabled(has_set and self._lesson is not None)

    def _choose(self) -> None:
        chooser = QFileDialog(self, self.tr("A folder with a folder for each class"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: self.folder_chosen.emit(Path(path)))
        chooser.open()

    def _ask(self, signal: SignalInstance) -> None:
        request = self.request
        if request is not None:
            signal.emit(request)

    def _report(self) -> None:
        if self._set is not None and self._lesson is not None:
            self.report_wanted.emit(self._lesson.name, self._set.folder)

    def _clean(self) -> None:
        if self._set is not None:
            self.cleaning_wanted.emit(self._set.folder)

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.clean_button.clicked.connect(self._clean)
        self.quick_button.clicked.connect(lambda: self._ask(self.quick_wanted))
        self.full_button.clicked.connect(lambda: self._ask(self.full_wanted))
        self.estimate_button.clicked.connect(lambda: self._ask(self.estimate_wanted))
        self.report_button.clicked.connect(self._report)

    def _lay_out(self) -> None:
        self.add_row(self.choose_button)
        self.column.addWidget(self.found)
        self.add_row(self.name, self.exclusive, self.views)
        self.add_row(
            self.clean_button,
            self.quick_button,
            self.full_button,
            self.estimate_button,
            self.report_button,
        )
        self.column.addWidget(self.result)
        self.column.addWidget(self.suspects, 1)
        self.column.addStretch(0)
