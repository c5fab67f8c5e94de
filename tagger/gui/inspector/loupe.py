"""The loupe: one photo as large as the window, with its tags below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tagger.core.tag import TagState
from tagger.gui.inspector.picture_view import PictureView
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.previews import Preview
    from tagger.library import PhotoRow

LOUPE_PX = 2560
_MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageDown: 1,
}


class Loupe(QWidget):
    """Full picture with zoom and pan.

    Signals:
        moved(int): so many photos on.
        left(): back to the grid.
    """

    moved = Signal(int)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._photo_id: PhotoId | None = None
        self.setObjectName("loupe")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Closer look"))
        self.picture = PictureView(look, can_zoom=True)
        self.picture.double_clicked.connect(self.picture.toggle_zoom)
        self._caption = QLabel()
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint = QLabel(
            self.tr("Space goes back · arrows move on · Z or wheel zooms · 1-9 toggle classes")
        )
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.picture, 1)
        column.addWidget(self._caption)
        column.addWidget(self._hint)

    @property
    def caption(self) -> str:
        """Name and tags, as shown."""
        return self._caption.text()

    def show_photo(self, photo: PhotoRow) -> None:
        """Name and tags of the current photo; the picture follows."""
        if photo.id != self._photo_id:
            self._photo_id = photo.id
            self.picture.fit()
        titles = [
            class_title(tag.name) + ("" if tag.state is TagState.PREDICTED else " ✓")
            for tag in photo.tags
            if tag.state is not TagState.REJECTED
        ]
        tags = "   ".join(titles) or self.tr("no tags")
        self._caption.setText(f"{photo.path.name}   —   {tags}")
        self.setAccessibleDescription(self._caption.text())

    def show_preview(self, preview: Preview) -> None:
        """The picture, rough at first."""
        self.picture.show_picture(preview.image, preview.problem or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move on, zoom, go back."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.moved.emit(_MOVES[key])
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_Space}:
            self.left.emit()
        elif key is Qt.Key.Key_Z:
            self.picture.toggle_zoom()
        else:
            super().keyPressEvent(event)
