"""Two to four photos side by side, with the same part of each on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tagger.gui.inspector.loupe import describe_tags
from tagger.gui.inspector.picture_view import PictureView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.previews import Preview
    from tagger.library import PhotoRow

MOST_COMPARED = 4
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -2,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 2,
}


class ComparePane(QFrame):
    """One of the photos."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.photo_id: PhotoId | None = None
        self.picture = PictureView(look, can_zoom=True)
        self._caption = QLabel()
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setWordWrap(True)
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 4)
        column.addWidget(self.picture, 1)
        column.addWidget(self._caption)

    @property
    def caption(self) -> str:
        """Name and tags, as shown."""
        return self._caption.text()

    def show_photo(self, photo: PhotoRow) -> None:
        """Name, stars and tags; the picture follows."""
        self.photo_id = photo.id
        self._caption.setText(describe_tags(photo))
        self.setAccessibleName(self._caption.text())

    def set_current(self, is_current: bool) -> None:
        """Whether keys decide on this one."""
        self.setProperty("current", is_current)
        self.style().unpolish(self)
        self.style().polish(self)


class Compare(QWidget):
    """All panes zoom and move together; keys decide on the one with the frame.

    Signals:
        chosen(): another pane is current.
        left(): back to the grid.
    """

    chosen = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loupe")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Side by side"))
        self.panes = [ComparePane(look, self) for _ in range(MOST_COMPARED)]
        self._count = 0
        self._place = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._hint = QLabel(
            self.tr(
                "Arrows choose · Z or wheel zooms all · 1-9 toggle classes, X rejects, "
                "Ctrl+1 to 5 gives stars · Esc goes back"
            )
        )
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addLayout(self._grid, 1)
        column.addWidget(self._hint)
        for place, pane in enumerate(self.panes):
            pane.picture.viewed.connect(
                lambda zoom, centre, place=place: self._follow(place, zoom, centre)
            )
            pane.picture.clicked.connect(lambda place=place: self._choose(place))
            pane.picture.double_clicked.connect(pane.picture.toggle_zoom)

    @property
    def current(self) -> PhotoId | None:
        """The photo that keys decide on."""
        return self.panes[self._place].photo_id if self._count else None

    @property
    def photo_ids(self) -> list[PhotoId]:
        """The photos side by side."""
        shown = [pane.photo_id for pane in self.panes[: self._count]]
        return [photo for photo in shown if photo is not None]

    def show_photos(self, photos: Sequence[PhotoRow]) -> None:
        """Put these side by side, four at most, the first one current."""
        self._count = min(len(photos), MOST_COMPARED)
        columns = self._count if self._count < MOST_COMPARED else 2
        for place, pane in enumerate(self.panes):
            self._grid.removeWidget(pane)
            pane.setVisible(place < self._count)
            pane.photo_id = None
            pane.picture.show_picture(None)
            pane.picture.follow(1.0, QPointF(0.5, 0.5))
            if place < self._count:
                self._grid.addWidget(pane, place // columns, place % columns)
                pane.show_photo(photos[place])
        self._choose(0)

    def update_photos(self, photos: Sequence[PhotoRow]) -> None:
        """Something was decided on these."""
        rows = {photo.id: photo for photo in photos}
        for pane in self.panes[: self._count]:
            if pane.photo_id in rows:
                pane.show_photo(rows[pane.photo_id])

    def show_preview(self, preview: Preview) -> None:
        """The picture of one of them, rough at first."""
        for pane in self.panes[: self._count]:
            if pane.photo_id == preview.photo_id:
                pane.picture.show_picture(preview.image, preview.problem or "")

    def event(self, event: QEvent) -> bool:
        """Space goes back here, although it opens the loupe elsewhere."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, zoom, go back."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._choose(max(0, min(self._count - 1, self._place + _STEPS[key])))
        elif key in {Qt.Key.Key_Escape, Qt.Key.Key_Space}:
            self.left.emit()
        elif key is Qt.Key.Key_Z:
            self.panes[self._place].picture.toggle_zoom()
        else:
            super().keyPressEvent(event)

    def _choose(self, place: int) -> None:
        self._place = place
        for number, pane in enumerate(self.panes):
            pane.set_current(number == place)
        self.setAccessibleDescription(self.panes[place].caption)
        self.chosen.emit()

    def _follow(self, place: int, zoom: float, centre: QPointF) -> None:
        for number, pane in enumerate(self.panes):
            if number != place:
                pane.picture.follow(zoom, centre)
