"""Saved searches by name: a click searches, names are written in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemDelegate, QMenu, QTreeWidgetItem

from tagger.gui.panels.fitting_tree import FittingTree
from tagger.services.searching import format_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look
    from tagger.library import SavedSearch

_HINT_PX = 10
_TEXT, _NAME = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_Hint = QAbstractItemDelegate.EndEditHint


class SavedList(FittingTree):
    """The saved searches.

    Signals:
        chosen(str): search for this text.
        named(str, str): keep this text under this name.
        renamed(str, str): the search of the first name is to have the second.
        removed(str): the search of this name is to be forgotten.
    """

    chosen = Signal(str)
    named = Signal(str, str)
    renamed = Signal(str, str)
    removed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Saved searches"))
        self._look = look
        self.hint = self.tr("Ctrl+D keeps a search here")
        self.setAccessibleDescription(self.hint)
        self._searches: Sequence[SavedSearch] = ()
        self._query: Query | None = None
        self._draft: QTreeWidgetItem | None = None
        self._edited: QTreeWidgetItem | None = None
        # Never at once: a name is also left by a click on a line that would be gone then.
        self._rebuilding = QTimer(self, singleShot=True, interval=0)
        self._rebuilding.timeout.connect(self._rebuild)
        self.setRootIsDecorated(False)
        self.picked.connect(self._on_picked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        look.changed.connect(self._rebuild)

    def show_searches(self, searches: Sequence[SavedSearch]) -> None:
        """All of them, by name; a name that is being written stays in place."""
        self._searches = searches
        if self.state() is not self.State.EditingState:
            self._rebuild()

    def show_query(self, query: Query | None) -> None:
        """Mark the one that is being looked for."""
        self._query = query
        text = "" if query is None else format_query(query)
        for item in self.all_items():
            item.setSelected(item.data(0, _TEXT) == text)

    def begin_naming(self, text: str, suggestion: str) -> None:
        """A new line for this search, whose name is to be written; Escape takes it away."""
        self.setCurrentIndex(QModelIndex())  # a name that is being written is kept by it
        self._rebuild()
        self._draft = self._add(suggestion, text)
        self._draft.setData(0, _NAME, "")
        self._edit(self._draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames, Delete removes."""
        item = self.currentItem()
        if item is not None and event.key() == Qt.Key.Key_F2:
            self._edit(item)
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.removed.emit(item.data(0, _NAME))
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: _Hint) -> None:
        """A name was written, with Enter or by going to another line, or is not wanted."""
        super().closeEditor(editor, hint)
        item, self._edited = self._edited, None
        if item is not None:
            self._take_name(item, is_wanted=hint is not _Hint.RevertModelCache)

    def sizeHint(self) -> QSize:
        """Room for the hint where there is nothing else."""
        size = super().sizeHint()
        return size.expandedTo(QSize(0, self.fontMetrics().height() + _HINT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say how the first one comes about."""
        super().paintEvent(event)
        if self.topLevelItemCount():
            return
        painter = QPainter(self.viewport())
        painter.setPen(QColor(self._look.colors.muted))
        place = self.viewport().rect().adjusted(8, 0, 0, 0)
        text = self.fontMetrics().elidedText(self.hint, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _rebuild(self) -> None:
        self._draft = self._edited = None
        current = self.currentItem()
        name = None if current is None else current.data(0, _NAME)
        self.clear()
        for search in self._searches:
            item = self._add(search.name, search.query)
            if search.name == name:
                self.setCurrentItem(item)
        self.show_query(self._query)
        self.updateGeometry()

    def _add(self, name: str, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name])
        item.setIcon(0, self._look.icon("search", self._look.colors.muted))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(0, _TEXT, text)
        item.setData(0, _NAME, name)
        item.setToolTip(0, self.tr("{search}\nF2: rename. Delete: remove.").format(search=text))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{name}: {text}")
        self.addTopLevelItem(item)
        self.updateGeometry()
        return item

    def _edit(self, item: QTreeWidgetItem) -> None:
        self.setCurrentItem(item)
        self.setFocus()
        self._edited = item
        self.editItem(item)

    def _open_menu(self, place: QPoint) -> None:
        item = self.itemAt(place)
        if item is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(self.tr("&Rename"), lambda: self._edit(item))
        rename.setShortcut(QKeySequence(Qt.Key.Key_F2))
        name = item.data(0, _NAME)
        remove = menu.addAction(self.tr("Re&move"), lambda: self.removed.emit(name))
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        menu.popup(self.viewport().mapToGlobal(place))

    def _on_picked(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.data(0, _TEXT))

    def _take_name(self, item: QTreeWidgetItem, *, is_wanted: bool) -> None:
        name, known = item.text(0).strip(), item.data(0, _NAME)
        is_draft, self._draft = item is self._draft, None
        if not is_wanted or name in {"", known}:
            self._rebuilding.start()
            return
        item.setData(0, _NAME, name)
        if is_draft:
            self.named.emit(name, item.data(0, _TEXT))
        else:
            self.renamed.emit(known, name)
