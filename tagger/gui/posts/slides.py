"""The slides of a post as small pictures, to be put into order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from tagger.gui.text import class_title

if TYPE_CHECKING:
    from PySide6.QtGui import QDropEvent, QKeyEvent

    from tagger.gui.pictures.thumbnails import Thumbnails
    from tagger.services.posts.draft import Draft, Slot

_SIDE_PX = 150
_PLACE = Qt.ItemDataRole.UserRole
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


class SlideList(QListWidget):
    """Shows a draft; dragging a slide, or Alt with an arrow, puts it elsewhere.

    Signals:
        moved(list): a person moved one; the former places in their new order.
    """

    moved = Signal(object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._draft: Draft | None = None
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(_SIDE_PX, _SIDE_PX))
        self.setGridSize(QSize(_SIDE_PX + 24, _SIDE_PX + 56))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Snap)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setWordWrap(True)
        self.setProperty("role", "slides")
        self.setAccessibleName(self.tr("Slides"))
        self.setToolTip(self.tr("Drag a slide, or press Alt and an arrow, to put it elsewhere."))
        thumbnails.loaded.connect(lambda _: self._show_pictures())

    def show_draft(self, draft: Draft) -> None:
        """Show these slides, the chosen place kept."""
        chosen = self.currentRow()
        self._draft = draft
        self.clear()
        for place, slot in enumerate(draft.slots):
            item = QListWidgetItem(_title(place, slot))
            item.setData(_PLACE, place)
            item.setSizeHint(QSize(_SIDE_PX + 16, _SIDE_PX + 48))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            self.addItem(item)
        self._thumbnails.want(self, draft.photo_ids, _SIDE_PX)
        self._show_pictures()
        if self.count():
            self.setCurrentRow(min(max(chosen, 0), self.count() - 1))

    def dropEvent(self, event: QDropEvent) -> None:
        """Put the dragged slide where it was let go: before the nearest one."""
        source = self.currentRow()
        index = self.indexAt(event.position().toPoint())
        target = index.row() if index.isValid() else self.count() - 1
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.move_slide(source, target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow puts the chosen slide one place on or back."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_slide(self.currentRow(), self.currentRow() + step)
        else:
            super().keyPressEvent(event)

    def move_slide(self, source: int, target: int) -> None:
        """Put one slide at another place."""
        order = list(range(self.count()))
        if 0 <= source < len(order) and 0 <= target < len(order) and source != target:
            order.insert(target, order.pop(source))
            self.setCurrentRow(target)
            self.moved.emit(order)

    def _show_pictures(self) -> None:
        if self._draft is None:
            return
        for place, slot in enumerate(self._draft.slots):
            pixmap = None if slot.photo_id is None else self._thumbnails.pixmap(slot.photo_id)
            item = self.item(place)
            if item is not None:
                item.setIcon(QIcon(pixmap if pixmap is not None else _blank()))


def _blank() -> QPixmap:
    pixmap = QPixmap(_SIDE_PX, _SIDE_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _title(place: int, slot: Slot) -> str:
    title = f"{place + 1}  {class_title(slot.name)}"
    if slot.photo_id is None:
        return title + "\nno photo fits"
    return title + ("\nlocked" if slot.is_locked else "")
