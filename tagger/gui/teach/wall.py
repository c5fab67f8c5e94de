"""Photos as a wall: a green or red frame for a right or wrong answer, a bar for how sure it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPixmap, QShowEvent

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.thumbnails import Thumbnails

_SIDE_PX, _FRAME_PX, _BAR_PX, _TEXT_PX = 132, 3, 7, 22
_TILE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Tile:
    """One picture.

    Attributes:
        caption: below it.
        is_right: frame and bar are green, else red; None has neither.
        share: how long the bar is, 0..1.
        words: all of it for screen readers and as hint.
    """

    photo_id: PhotoId
    caption: str
    is_right: bool | None = None
    share: float = 0.0
    words: str = ""


class PhotoWall(QListWidget):
    """As many pictures as it is given; only those in sight are loaded.

    Signals:
        opened(Tile): Enter or a double click.
    """

    opened = Signal(object)

    def __init__(
        self, look: Look, *, is_strip: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._thumbnails: Thumbnails | None = None
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWrapping(not is_strip)
        self.setItemDelegate(_TilePainter(look, self))
        self.setGridSize(QSize(_SIDE_PX + 12, _SIDE_PX + _TEXT_PX + _BAR_PX + 14))
        if is_strip:
            self.setFixedHeight(self.gridSize().height() + 24)
        self.itemDoubleClicked.connect(lambda _: self._open())
        self.verticalScrollBar().valueChanged.connect(lambda _: self._want_shown())
        self.horizontalScrollBar().valueChanged.connect(lambda _: self._want_shown())

    def show_tiles(self, tiles: Sequence[Tile], thumbnails: Thumbnails) -> None:
        """Show these in place of what was shown."""
        if self._thumbnails is None:
            thumbnails.loaded.connect(lambda _: self.viewport().update())
        self._thumbnails = thumbnails
        self.clear()
        for tile in tiles:
            item = QListWidgetItem()
            item.setData(_TILE, tile)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, tile.words or tile.caption)
            item.setToolTip(tile.words or tile.caption)
            self.addItem(item)
        self._want_shown()

    def picture(self, photo_id: PhotoId) -> QPixmap | None:
        """The picture if it is at hand."""
        return None if self._thumbnails is None else self._thumbnails.pixmap(photo_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """What is in sight is loaded."""
        super().showEvent(event)
        self._want_shown()

    def _open(self) -> None:
        item = self.currentItem()
        if item is not None:
            self.opened.emit(item.data(_TILE))

    def _want_shown(self) -> None:
        if self._thumbnails is None or not self.isVisible():
            return
        area = self.viewport().rect()
        shown = [
            self.item(row).data(_TILE).photo_id
            for row in range(self.count())
            if self.visualItemRect(self.item(row)).intersects(area)
        ]
        self._thumbnails.want(self, shown, _SIDE_PX)


class _TilePainter(QStyledItemDelegate):
    """Draws one tile."""

    def __init__(self, look: Look, wall: PhotoWall) -> None:
        super().__init__(wall)
        self._look = look
        self._wall = wall

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Frame, picture, bar, caption."""
        tile: Tile = index.data(_TILE)
        area: QRect = option.rect
        state = option.state
        square = QRect(area.x() + 6, area.y() + 4, _SIDE_PX, _SIDE_PX)
        painter.save()
        self._draw_picture(painter, square, tile)
        if tile.is_right is not None:
            self._draw_judgement(painter, square, tile)
        words = QRect(square.x(), square.bottom() + _BAR_PX + 5, _SIDE_PX, _TEXT_PX)
        is_current = bool(state & QStyle.StateFlag.State_Selected)
        self._draw_caption(painter, words, tile, is_current=is_current)
        painter.restore()

    def _draw_picture(self, painter: QPainter, square: QRect, tile: Tile) -> None:
        painter.fillRect(square, QColor(self._look.colors.cell))
        pixmap = self._wall.picture(tile.photo_id)
        if pixmap is not None:
            size = pixmap.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(square.topLeft(), size)
            place.moveCenter(square.center())
            painter.drawPixmap(place, pixmap)

    def _draw_judgement(self, painter: QPainter, square: QRect, tile: Tile) -> None:
        colors = self._look.colors
        color = QColor(colors.success if tile.is_right else colors.danger)
        painter.setPen(QPen(color, _FRAME_PX))
        painter.drawRect(square.adjusted(1, 1, -1, -1))
        bar = QRect(square.x(), square.bottom() + 3, _SIDE_PX, _BAR_PX)
        painter.fillRect(bar, QColor(colors.hover))
        painter.fillRect(QRect(bar.topLeft(), QSize(round(_SIDE_PX * tile.share), _BAR_PX)), color)

    def _draw_caption(
        self, painter: QPainter, words: QRect, tile: Tile, *, is_current: bool
    ) -> None:
        colors = self._look.colors
        if is_current:
            painter.fillRect(words, QColor(colors.accent_soft))
        painter.setPen(QColor(colors.text if is_current else colors.muted))
        text = painter.fontMetrics().elidedText(
            tile.caption, Qt.TextElideMode.ElideRight, words.width() - 4
        )
        painter.drawText(words.adjusted(2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
