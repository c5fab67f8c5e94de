"""The loupe: one photo as large as the window, with its tags below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from tagger.core.tag import TagState
from tagger.gui.inspector.picture_view import PictureView
from tagger.gui.text import class_title, translate

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.previews import Preview
    from tagger.library import PhotoRow

LOUPE_PX = 2560
_NUMBERS = frozenset("123456789")
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
"""Over a heat map: to the class before or after, for not every class has a number."""

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
        heat_wanted(int): show where the network looked for the class at this place.
        heat_stepped(int): the same for the class before (-1) or after (1) the one shown.
        heat_unwanted(): the plain picture again.
    """

    moved = Signal(int)
    left = Signal()
    heat_wanted = Signal(int)
    heat_stepped = Signal(int)
    heat_unwanted = Signal()

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
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._is_hot = False
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self._caption, self._hint):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.picture, 1)
        column.addWidget(self._caption)
        column.addWidget(self._hint)
        self.show_heat(None, "")

    @property
    def is_hot(self) -> bool:
        """Whether a heat map is shown or on its way."""
        return self._is_hot

    @property
    def hint(self) -> str:
        """The line at the foot, as shown."""
        return self._hint.text()

    def begin_heat(self) -> None:
        """A map is on its way."""
        self._is_hot = True
        self._hint.setText(self.tr("Asking the network where it looks…"))

    def show_heat(self, heat: QImage | None, words: str) -> None:
        """Lay a map over the picture, with words on what it shows; None takes it away."""
        self.picture.show_heat(heat)
        if not words:
            self._is_hot = False
            words = self.tr(
                "Space goes back · arrows move on · Z or wheel zooms · 1-9 toggle classes · "
                "H shows what the network looked at"
            )
        self._hint.setText(words)

    @property
    def caption(self) -> str:
        """Name and tags, as shown."""
        return self._caption.text()

    def show_photo(self, photo: PhotoRow) -> None:
        """Name and tags of the current photo; the picture of another one goes, its own follows."""
        if photo.id != self._photo_id:
            self._photo_id = photo.id
            self.picture.show_picture(None)
            self.picture.fit()
        self._caption.setText(describe_tags(photo))
        self.setAccessibleDescription(self._caption.text())

    def show_preview(self, preview: Preview) -> None:
        """The picture, rough at first."""
        self.picture.show_picture(preview.image, preview.problem or "")

    def event(self, event: QEvent) -> bool:
        """Over a heat map the numbers choose a class to look at, and decide nothing."""
        if (
            self._is_hot
            and event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.text() in _NUMBERS or event.key() == Qt.Key.Key_Escape)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move on, zoom, go back."""
        key = Qt.Key(event.key())
        if self._is_hot and event.text() in _NUMBERS:
            self.heat_wanted.emit(int(event.text()) - 1)
            return
        if self._is_hot and key in _STEPS:
            self.heat_stepped.emit(_STEPS[key])
        elif self._is_hot and key is Qt.Key.Key_Escape:
            self.heat_unwanted.emit()
        elif key in _MOVES:
            self.moved.emit(_MOVES[key])
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_Space}:
            if not event.isAutoRepeat():  # the Space that opened it may be held down still
                self.left.emit()
        elif key is Qt.Key.Key_Z:
            self.picture.toggle_zoom()
        else:
            super().keyPressEvent(event)


def describe_tags(photo: PhotoRow) -> str:
    """Name, stars and tags; a tick where a person decided."""
    titles = [
        class_title(tag.name) + ("" if tag.state is TagState.PREDICTED else " ✓")
        for tag in photo.tags
        if tag.state is not TagState.REJECTED
    ]
    stars = "   " + "★" * photo.rating if photo.rating and photo.rating > 0 else ""
    tags = "   ".join(titles) or translate("no tags")
    return f"{photo.path.name}{stars}   —   {tags}"
