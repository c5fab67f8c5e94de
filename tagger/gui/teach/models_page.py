"""The classifiers on this machine: use one, go back, hand one out, try a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QFileDialog, QLabel, QTreeWidgetItem

from tagger.gui.teach.findings import describe_answers
from tagger.gui.teach.section import Section, make_button, make_label, make_table
from tagger.gui.teach.wording import measure_title
from tagger.gui.text import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.classifying import Classification
    from tagger.services.models.listing import ListedModel

_MODEL = Qt.ItemDataRole.UserRole
_DROP_PX = 76


class DropPlace(QLabel):
    """Where a picture is dropped to be tried.

    Signals:
        dropped(Path): a file.
    """

    dropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drop")
        self.setAcceptDrops(True)
        self.setWordWrap(True)
        self.setMinimumHeight(_DROP_PX)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(self.tr("Drop a picture here to see what the classifier in use says of it."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Try the first file."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.dropped.emit(Path(files[0]))
            event.acceptProposedAction()


class ModelsPage(Section):
    """One line a classifier.

    Signals:
        comparison_wanted(str): what would it change?
        adopted(str): put it in use.
        exported(str, Path), imported(Path), removed(str): what they say.
        picture_tried(Path): what does the one in use say of this picture?
    """

    comparison_wanted = Signal(str)
    adopted = Signal(str)
    exported = Signal(str, object)
    imported = Signal(object)
    removed = Signal(str)
    picture_tried = Signal(object)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._look = look
        self.lead.setText(
            self.tr(
                "Going back to an older classifier is using it: nothing that you decided changes."
            )
        )
        self.table = make_table(
            self.tr("Classifiers"),
            [
                self.tr("Classifier"),
                self.tr("Made on"),
                self.tr("Learned from"),
                self.tr("On photos it had not learned from"),
            ],
            stretched=3,
        )
        self.compare_button = make_button(
            self.tr("&What would change"), self.tr("Compare it with the one in use.")
        )
        self.use_button = make_button(
            self.tr("&Use"), self.tr("Tag with it from now on. What you decided stays.")
        )
        self.export_button = make_button(
            self.tr("&Export…"), self.tr("Write it as one file, to hand it to somebody.")
        )
        self.import_button = make_button(
            self.tr("&Import…"), self.tr("Take in a classifier from a file.")
        )
        self.remove_button = make_button(
            self.tr("&Remove"), self.tr("Delete it from this computer. Tags stay as they are.")
        )
        self.drop = DropPlace()
        self.try_button = make_button(self.tr("&Try a picture…"), self.tr("Choose a picture."))
        self.answer = make_label("")
        self._connect()
        self._lay_out()
        self._enable()

    @property
    def current(self) -> ListedModel | None:
        """The classifier of the current line."""
        item = self.table.currentItem()
        model: ListedModel | None = None if item is None else item.data(0, _MODEL)
        return model

    def show_models(self, models: Sequence[ListedModel]) -> None:
        """Show these; the same one stays current, at first the one in use."""
        before = self.current
        self.table.clear()
        for model in models:
            item = self._make_item(model)
            self.table.addTopLevelItem(item)
            is_same = before is not None and before.path == model.path
            if is_same or (before is None and model.in_use):
                self.table.setCurrentItem(item)
        self._enable()

    def show_trial(self, trial: Classification) -> None:
        """Say what the classifier said."""
        self.answer.setText(describe_answers(trial))

    def _make_item(self, model: ListedModel) -> QTreeWidgetItem:
        made = "" if model.created_at is None else moment(model.created_at)
        figures = ", ".join(
            f"{measure_title(name)} {value:.2f}" for name, value in model.figures.items()
        )
        photos = "" if model.photos is None else self.tr("%Ln photo(s)", "", model.photos)
        name = self.tr("{name} (in use)") if model.in_use else "{name}"
        item = QTreeWidgetItem([name.format(name=model.name), made, photos, model.error or figures])
        item.setData(0, _MODEL, model)
        item.setToolTip(3, model.error or figures)
        item.setToolTip(0, ", ".join(model.classes))
        if model.in_use:
            item.setForeground(0, QBrush(QColor(self._look.colors.success)))
        if model.error is not None:
            item.setForeground(3, QBrush(QColor(self._look.colors.danger)))
        return item

    def _enable(self) -> None:
        model = self.current
        is_other = model is not None and model.error is None and not model.in_use
        self.compare_button.setEnabled(is_other)
        self.use_button.setEnabled(is_other)
        self.export_button.setEnabled(model is not None and model.error is None)
        self.remove_button.setEnabled(model is not None and not model.in_use and not model.shipped)

    def _connect(self) -> None:
        self.table.currentItemChanged.connect(lambda *_: self._enable())
        self.compare_button.clicked.connect(lambda: self._emit(self.comparison_wanted))
        self.use_button.clicked.connect(lambda: self._emit(self.adopted))
        self.remove_button.clicked.connect(lambda: self._emit(self.removed))
        self.export_button.clicked.connect(self._choose_target)
        self.import_button.clicked.connect(self._choose_source)
        self.try_button.clicked.connect(self._choose_picture)
        self.drop.dropped.connect(self.picture_tried)

    def _lay_out(self) -> None:
        self.column.addWidget(self.table, 1)
        self.add_row(
            self.compare_button,
            self.use_button,
            self.export_button,
            self.import_button,
            self.remove_button,
        )
        self.column.addWidget(self.drop)
        self.add_row(self.try_button)
        self.column.addWidget(self.answer)

    def _emit(self, signal: SignalInstance) -> None:
        if self.current is not None:
            signal.emit(self.current.name)

    def _choose_target(self) -> None:
        model = self.current
        if model is None:
            return
        chooser = QFileDialog(self, self.tr("Export {name}").format(name=model.name))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.selectFile(f"{model.name}.zip")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: self.exported.emit(model.name, Path(path)))
        chooser.open()

    def _choose_source(self) -> None:
        self._choose(self.tr("Import a classifier"), self.tr("Classifiers (*.zip)"), self.imported)

    def _choose_picture(self) -> None:
        self._choose(self.tr("Try a picture"), self.tr("All files (*)"), self.picture_tried)

    def _choose(self, title: str, kinds: str, signal: SignalInstance) -> None:
        chooser = QFileDialog(self, title)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(kinds)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: signal.emit(Path(path)))
        chooser.open()
