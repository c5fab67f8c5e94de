"""The strip: hours from left to right, in each stretch the colours of what was likely there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from tagger.gui.panels.filter_row import choice_of_keys
from tagger.gui.ribbon.colour_column import Part, stack_parts, strongest
from tagger.gui.ribbon.drawing import HEIGHT_PX, band_of, box_of, draw_ribbon
from tagger.gui.ribbon.hours import span_of
from tagger.gui.text import class_title
from tagger.services.ribbon import Ribbon

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QPaintEvent, QPixmap, QResizeEvent

    from tagger.gui.appearance.look import Look


class RibbonStrip(QWidget):
    """Drag selects the photos of a stretch, a click on a colour filters by its class.

    A drag with Ctrl filters by the time. By keys: left and right move the mark, with Shift they
    stretch it, Space selects its photos, Ctrl+Space filters by its time, and Enter by the strongest
    class there.

    Signals:
        stretch_chosen(list): the photos of the marked time, the earliest first.
        time_chosen(TakenDuring): only photos of the marked time are wanted.
        class_chosen(str, Choice): a colour was clicked.
    """

    stretch_chosen = Signal(object)
    time_chosen = Signal(object)
    class_chosen = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._ribbon = Ribbon("")
        self._drawn: QPixmap | None = None
        self._anchor = self._cursor = 0
        self._pressed_at: QPointF | None = None
        self._is_dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Hours of the shoot"))
        look.changed.connect(self._draw_again)
        self.hide()

    @property
    def ribbon(self) -> Ribbon:
        """What is shown."""
        return self._ribbon

    @property
    def marked(self) -> range:
        """The stretches under the mark."""
        return range(min(self._anchor, self._cursor), max(self._anchor, self._cursor) + 1)

    def show_ribbon(self, ribbon: Ribbon) -> None:
        """Show a shoot; one without hours takes no place. The mark stays in the same shoot."""
        if ribbon.shoot != self._ribbon.shoot:
            self._anchor = self._cursor = 0
        self._ribbon = ribbon
        self._draw_again()
        self.setVisible(bool(ribbon.stretches))
        self._describe()

    def sizeHint(self) -> QSize:
        """Band and hours."""
        return QSize(400, HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other boxes."""
        super().resizeEvent(event)
        self._draw_again()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show what was drawn, and the mark over it."""
        if self._drawn is None:
            ratio = self.devicePixelRatioF()
            self._drawn = draw_ribbon(
                self._ribbon, self.size(), ratio, self.font(), self._look.colors
            )
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        if self.hasFocus() or self._is_dragging:
            painter.setPen(QPen(QColor(self._look.colors.text), 1.5))
            marked = self.marked
            painter.drawRect(self._box(marked.start).united(self._box(marked.stop - 1)))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or the begin of a drag."""
        if event.button() is Qt.MouseButton.LeftButton and self._ribbon.stretches:
            self._pressed_at = event.position()
            self._anchor = self._cursor = self._stretch_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or tell what is under the pointer."""
        if not self._ribbon.stretches:
            return
        if self._pressed_at is None:
            number = self._stretch_at(event.position())
            QToolTip.showText(event.globalPosition().toPoint(), self._words(number), self)
            return
        moved = (event.position() - self._pressed_at).manhattanLength()
        self._is_dragging |= moved >= QApplication.startDragDistance()
        if self._is_dragging:
            self._cursor = self._stretch_at(event.position())
            self._describe()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag selects, a click filters."""
        if self._pressed_at is None:
            return
        was_dragging, self._is_dragging, self._pressed_at = self._is_dragging, False, None
        if was_dragging:
            self._choose_marked(event.modifiers())
        else:
            self._filter_at(event.position())
        self._describe()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark, select, filter."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps:
            is_stretching = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move(steps[key], is_stretching=is_stretching)
        elif key is Qt.Key.Key_Space:
            self._choose_marked(event.modifiers())
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._ribbon.stretches:
            place = strongest(self._ribbon.stretches[self._cursor].shares)
            if place is not None:
                self.class_chosen.emit(self._ribbon.classes[place], choice_of_keys())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Space and Enter are the strip's own, not those of the photos."""
        if event.type() == event.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if event.key() in own:
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the mark."""
        super().focusInEvent(event)
        self._describe()

    def _draw_again(self) -> None:
        self._drawn = None
        self.update()

    def _band(self) -> QRectF:
        return band_of(self.width())

    def _box(self, number: int) -> QRectF:
        return box_of(number, len(self._ribbon.stretches), self.width())

    def _parts(self, number: int) -> list[Part]:
        return stack_parts(self._ribbon.stretches[number].shares, self._box(number))

    def _stretch_at(self, point: QPointF) -> int:
        band = self._band()
        count = len(self._ribbon.stretches)
        return max(0, min(count - 1, int((point.x() - band.left()) / band.width() * count)))

    def _filter_at(self, point: QPointF) -> None:
        for part in self._parts(self._cursor):
            if part.box.top() <= point.y() <= part.box.bottom():
                self.class_chosen.emit(self._ribbon.classes[part.place], choice_of_keys())
                return

    def _move(self, step: int, *, is_stretching: bool) -> None:
        """To the next stretch with photos."""
        number = self._cursor + step
        while 0 <= number < len(self._ribbon.stretches):
            if self._ribbon.stretches[number].photo_ids:
                self._cursor = number
                break
            number += step
        if not is_stretching:
            self._anchor = self._cursor
        self._describe()

    def _choose_marked(self, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ControlModifier and self._ribbon.stretches:
            self.time_chosen.emit(span_of(self._ribbon.stretches, self.marked))
            return
        stretches = self._ribbon.stretches[self.marked.start : self.marked.stop]
        photos = [photo for stretch in stretches for photo in stretch.photo_ids]
        if photos:
            self.stretch_chosen.emit(photos)

    def _words(self, number: int) -> str:
        stretch = self._ribbon.stretches[number]
        named = zip(stretch.shares, self._ribbon.classes, strict=True)
        likely = sorted(((share, name) for share, name in named if share), reverse=True)
        times = self.tr("{start} to {end}").format(
            start=f"{stretch.start:%H:%M}", end=f"{stretch.end:%H:%M}"
        )
        photos = self.tr("%Ln photo(s)", "", len(stretch.photo_ids))
        return ", ".join(
            [times, photos, *(f"{class_title(name)} {share:.0%}" for share, name in likely[:3])]
        )

    def _describe(self) -> None:
        if self._ribbon.stretches:
            ends = {self.marked.start: None, self.marked.stop - 1: None}
            self.setAccessibleDescription("; ".join(self._words(number) for number in ends))
        self.update()
