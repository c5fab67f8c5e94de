"""The classes: their order and keys, and how sure a tag has to be."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from tagger.gui.settings.page import Page
from tagger.gui.text import class_title
from tagger.services.preferences import color_class, order_classes, promise_precision

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.preferences import ClassPreference, Preferences
    from tagger.services.workspace import Workspace

_NAME, _COLOR = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_CLASS, _KEY, _KEYWORD, _RIGHT, _PROMISE = range(5)
_ARROW = " › "  # noqa: RUF001  as paths of keywords are shown


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
                self.tr("Tags right"),
                self.tr("95 % right"),
            ]
        )
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_KEYWORD, QHeaderView.ResizeMode.Stretch)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.itemDoubleClicked.connect(self._edit)
        self.list.currentItemChanged.connect(self._enable)
        self.up_button = QPushButton(self.tr("Move &up"))
        self.down_button = QPushButton(self.tr("Move &down"))
        self.up_button.clicked.connect(lambda: self._move(-1))
        self.down_button.clicked.connect(lambda: self._move(1))
        self.keyword_button = QPushButton(self.tr("&Keyword…"))
        self.color_button = QPushButton(self.tr("&Colour…"))
        self.theme_button = QPushButton(self.tr("&Usual colour"))
        self.keyword_button.clicked.connect(lambda: self._edit(self.list.currentItem(), _KEYWORD))
        self.color_button.clicked.connect(self._choose_color)
        self.theme_button.clicked.connect(lambda: self.color_current(None))
        self.column.addWidget(self.list, 1)
        self.add_buttons(
            self.up_button,
            self.down_button,
            self.keyword_button,
            self.color_button,
            self.theme_button,
        )
        self._enable()

    def show_preferences(self, preferences: Preferences) -> None:
        """Show the classes as they are; the same one stays selected, and what is typed stays."""
        if self.list.state() is self.list.State.EditingState:
            return  # read again after that is done
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
        self._enable()

    def color_current(self, color: str | None) -> None:
        """Give the selected class this colour, `#rrggbb`; None for the theme's."""
        item = self.list.currentItem()
        if item is not None:
            self.wanted.emit(partial(color_class, name=item.data(_CLASS, _NAME), color=color))

    def _choose_color(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        now = self._look.colors.of_class(self.list.indexOfTopLevelItem(item))
        chooser = QColorDialog(QColor(now), self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.colorSelected.connect(lambda color: self.color_current(color.name()))
        chooser.open()

    def _enable(self) -> None:
        item = self.list.currentItem()
        for button in (self.up_button, self.down_button, self.keyword_button, self.color_button):
            button.setEnabled(item is not None)
        self.theme_button.setEnabled(item is not None and bool(item.data(_CLASS, _COLOR)))

    def _edit(self, item: QTreeWidgetItem | None, column: int) -> None:
        if item is not None and column == _KEYWORD:
            self.list.editItem(item, _KEYWORD)

    def _make_item(self, place: int, entry: ClassPreference) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [
                class_title(entry.name),
                str(place + 1) if place < 9 else "",
                _ARROW.join(entry.keyword_path),
                "-" if entry.right is None else f"{entry.right[0]:.0%}",
                "" if entry.can_promise else self.tr("too few photos"),
            ]
        )
        item.setData(_CLASS, _NAME, entry.name)
        item.setData(_CLASS, _COLOR, entry.color or "")
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setToolTip(_RIGHT, self._explain(entry))
        shown = self._look.colors.with_class_colors([entry.color or ""])
        own = shown.of_class(0) if entry.color else self._look.colors.of_class(place)
        item.setIcon(_CLASS, _dot(own))
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

    def _explain(self, entry: ClassPreference) -> str:
        words = self.tr("Photos get the tag from a score of {score:.2f}.")
        sentences = [words.format(score=entry.threshold)]
        if entry.right is not None:
            value, low, high = entry.right
            words = self.tr(
                "On photos that the classifier had not seen, {value:.0%} of these tags were right"
                " (95 % sure: {low:.0%} to {high:.0%})."
            )
            sentences.append(words.format(value=value, low=low, high=high))
        return " ".join(sentences)

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if self._is_filling or column not in {_KEYWORD, _PROMISE}:
            return
        if column == _KEYWORD:
            path = [part.strip() for part in re.split(r"[›|]", item.text(_KEYWORD))]  # noqa: RUF001
            self.wanted.emit(
                partial(_choose_keyword, name=item.data(_CLASS, _NAME), path=tuple(path))
            )
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


def _choose_keyword(workspace: Workspace, name: str, path: tuple[str, ...]) -> None:
    workspace.library.choose_keyword(name, path)


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
