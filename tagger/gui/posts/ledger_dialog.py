"""What was posted where and when, for the person to look at, add to and mend."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from tagger.gui.dialogs.asking import AskingDialog
from tagger.gui.dialogs.lists import make_list
from tagger.gui.posts.note_dialog import NoteDialog
from tagger.services.posts.ledger import COLUMNS, PLATFORMS, Place, ShownPhoto
from tagger.services.posts.ledger_tasks import (
    LedgerPage,
    NotePlan,
    import_past,
    note_photos,
    plan_note,
    read_page,
    remove_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.ids import PhotoId
    from tagger.gui.session import Session

_LINE = Qt.ItemDataRole.UserRole
_MOST_LINES = 2_000
"""Lines that are made at once; the sentence above counts all."""


class LedgerDialog(AskingDialog):
    """Stays beside the window, whose selection can be noted here.

    Signals:
        photos_wanted(list): show these photos in the grid.
        note_wanted(): note what is selected in the grid.
    """

    photos_wanted = Signal(object)
    note_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, "ledger", parent)
        self._usual = Place(PLATFORMS[0])
        self.setWindowTitle(self.tr("What was posted"))
        self.message.setText(self.tr("Reading…"))
        self.lines = self._make_list()
        self.note_button = QPushButton(self.tr("&Note the selected photos…"))
        self.table_button = QPushButton(self.tr("Import a &table…"))
        self.folder_button = QPushButton(self.tr("Import a &folder…"))
        self.show_button = QPushButton(self.tr("&Show in the grid"))
        self.remove_button = QPushButton(self.tr("&Remove from this list"))
        self._lay_out()
        self._connect()
        self._on_selection_changed()
        self.resize(940, 520)
        self.ask_here(read_page)

    @property
    def selected(self) -> list[ShownPhoto]:
        """The chosen lines."""
        return [item.data(0, _LINE) for item in self.lines.selectedItems()]

    def note(self, photos: Sequence[PhotoId]) -> None:
        """Ask where these photos were posted, and note it."""
        if photos:
            self.ask_here(partial(plan_note, photos=photos))
        else:
            self.message.setText(self.tr("Select photos in the grid first, then note them here."))

    def show_answer(self, answer: object) -> None:
        """The ledger anew, or what there is to know before photos are noted."""
        if isinstance(answer, NotePlan):
            if any(one.isVisible() for one in self.findChildren(NoteDialog)):
                return  # the button was pressed twice
            dialog = NoteDialog(len(answer.photos), answer.usual, answer.repeats, self)
            dialog.chosen.connect(
                lambda place: self.ask_here(partial(note_photos, photos=answer.photos, place=place))
            )
            dialog.open()
        elif isinstance(answer, LedgerPage):
            self._show_page(answer)

    def _show_page(self, page: LedgerPage) -> None:
        self._usual = page.usual
        self.lines.clear()
        self.lines.addTopLevelItems([_make_line(one) for one in page.shown[:_MOST_LINES]])
        count = len(page.shown)
        text = self.tr("%Ln photo(s) noted, the newest first.", "", count) if count else self._hint
        if page.unmatched:
            more = self.tr("No photo of the library fits: {names}.")
            text += " " + more.format(names=", ".join(page.unmatched[:5]))
            rest = len(page.unmatched) - 5
            if rest > 0:
                text += " " + self.tr("And %Ln more.", "", rest)
        self.message.setText(text)

    @property
    def _hint(self) -> str:
        words = self.tr(
            "Nothing is noted yet. Note what is selected in the grid, or import past posts: a table"
            " with the columns {columns}, or a folder of exported pictures."
        )
        return words.format(columns=", ".join(COLUMNS))

    def _import(self, *, is_folder: bool) -> None:
        """Ask for what the pictures themselves do not say, then for the place they lie."""
        dialog = NoteDialog(0, self._usual, (), self)
        dialog.chosen.connect(lambda usual: self._choose_source(usual, is_folder=is_folder))
        dialog.open()

    def _choose_source(self, usual: Place, *, is_folder: bool) -> None:
        chooser = QFileDialog(self, self.tr("Past posts"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if is_folder:
            chooser.setFileMode(QFileDialog.FileMode.Directory)
            chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
            chooser.setNameFilter(self.tr("Tables (*.csv *.txt)"))
        chooser.fileSelected.connect(lambda path: self.import_from(Path(path), usual))
        chooser.open()

    def import_from(self, source: Path, usual: Place) -> None:
        """Note past posts; `usual` is what the source does not say."""
        self.message.setText(self.tr("Looking for the photos…"))
        self.ask(partial(import_past, source=source, usual=usual))

    def _show(self) -> None:
        self.photos_wanted.emit([shown.post.photo_id for shown in self.selected])

    def _on_selection_changed(self) -> None:
        for button in (self.show_button, self.remove_button):
            button.setEnabled(bool(self.lines.selectedItems()))

    def _connect(self) -> None:
        self.lines.itemSelectionChanged.connect(self._on_selection_changed)
        self.lines.itemActivated.connect(self._show)
        self.note_button.clicked.connect(self.note_wanted)
        self.table_button.clicked.connect(lambda: self._import(is_folder=False))
        self.folder_button.clicked.connect(lambda: self._import(is_folder=True))
        self.show_button.clicked.connect(self._show)
        self.remove_button.clicked.connect(
            lambda: self.ask_here(partial(remove_lines, shown=self.selected))
        )

    def _make_list(self) -> QTreeWidget:
        headings = [
            self.tr("Day"),
            self.tr("Photo"),
            self.tr("Platform"),
            self.tr("Account"),
            self.tr("Caption"),
        ]
        tree = make_list(self.tr("What was posted"), headings, [130, 220, 110, 130])
        tree.setAllColumnsShowFocus(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        return tree

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        for button in (self.note_button, self.table_button, self.folder_button):
            above.addWidget(button)
        above.addStretch(1)
        self.stack([above, self.message, self.lines], [self.show_button, self.remove_button])


def _make_line(shown: ShownPhoto) -> QTreeWidgetItem:
    post = shown.post
    day = QDate(post.posted_on.year, post.posted_on.month, post.posted_on.day)
    caption = post.caption.partition("\n")[0]
    words = [QLocale().toString(day, "d MMMM yyyy"), shown.path.name, post.platform, post.account]
    item = QTreeWidgetItem([*words, caption])
    item.setData(0, _LINE, shown)
    item.setToolTip(1, str(shown.path))
    item.setToolTip(4, post.caption)
    return item
