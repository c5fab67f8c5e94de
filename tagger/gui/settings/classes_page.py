"""The classes: their order and keys, and how sure a tag has to be."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem

from tagger.gui.settings.page import Page
from tagger.gui.text import class_title
from tagger.services.preferences import order_classes, promise_precision

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.preferences import ClassPreference, Preferences

_NAME = Qt.ItemDataRole.UserRole
_CLASS, _KEY, _KEYWORD, _FROM, _PROMISE = range(5)


class ClassesPage(Page):
    """One line a class, in the person's order."""

    def __init__(self, title: str, lead: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, lead, parent)
        self._look = look
        self._is_filling = False
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Classes"))
        self.list.setHeaderLabels(
            [
                self.tr("Class"),
                self.tr("Key"),
                self.tr("Keyword in files"),
                self.tr("Tag from"),
                self.tr("95 % right"),
            ]
        )
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_KEYWORD, QHeaderView.ResizeMode.Stretch)
        self.list.itemChanged.connect(self._on_item_changed)
        self.up_button = QPushButton(self.tr("Move &up"))
        self.down_button = QPushButton(self.tr("Move &down"))
        self.up_button.clicked.connect(lambda: self._move(-1))
        self.down_button.clicked.connect(lambda: self._move(1))
        self.column.addWidget(self.list, 1)
        self.add_buttons(self.up_button, self.down_button)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show the classes as they are; the same one stays selected."""
        current = self.list.currentItem()
        name = None if current is None else current.data(_CLASS, _NAME)
        self._is_filling = True
        self.list.clear()
        for place, entry in enumerate(preferences.classes):
            item = self._make_item(place, entry)
            self.list.addTopLevelItem(item)
            if entry.name == name:
                self.list.setCurrentItem(item)
        self._is_filling = False

    def _make_item(self, place: int, entry: ClassPreference) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [
                class_title(entry.name),
                str(place + 1) if place < 9 else "",
                " › ".join(entry.keyword_path),  # noqa: RUF001  as paths of keywords are shown
                f"{entry.threshold:.2f}",
                "" if entry.can_promise else self.tr("too few photos"),
            ]
        )
        item.setData(_CLASS, _NAME, entry.name)
        item.setIcon(_CLASS, _dot(self._look.colors.of_class(place)))
        if entry.can_promise:
            state = Qt.CheckState.Checked if entry.is_precise else Qt.CheckState.Unchecked
            item.setCheckState(_PROMISE, state)
            item.setToolTip(
                _PROMISE, self.tr("Tag only from the score where 95 % of the answers were right.")
            )
        else:
            item.setForeground(_PROMISE, QBrush(QColor(self._look.colors.muted)))
            item.setToolTip(
                _PROMISE,
                self.tr("The classifier has seen too few photos of this class to promise that."),
            )
        return item

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if self._is_filling or column != _PROMISE:
            return
        is_wanted = item.checkState(_PROMISE) is Qt.CheckState.Checked
        name = item.data(_CLASS, _NAME)
        self.wanted.emit(partial(promise_precision, name=name, is_wanted=is_wanted))

    def _move(self, step: int) -> None:
        current = self.list.currentItem()
        place = -1 if current is None else self.list.indexOfTopLevelItem(current)
        items = [self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount())]
        names = [item.data(_CLASS, _NAME) for item in items if item is not None]
        if place >= 0 and 0 <= place + step < len(names):
            names.insert(place + step, names.pop(place))
            self.wanted.emit(partial(order_classes, names=names))


def _dot(color: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(7, 7, 18, 18)
    painter.end()
    return QIcon(pixmap)
