"""Painting one cell of the grid: frame, picture, badges."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from tagger.core.photo import FileState
from tagger.core.tag import TagState
from tagger.gui.appearance.look import draw_icon
from tagger.gui.grid.caption import CaptionPainter
from tagger.gui.grid.layout import CAPTION_PX

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.colors import Colors
    from tagger.library import PhotoRow

_PAD_PX = 4
_RADIUS_PX = 6
_BADGE_PX = 20
_CELLS_KEPT = 400
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
_SHADE = QColor(0, 0, 0, 165)
LABEL_COLORS = {
    "Red": "#e2584f",
    "Yellow": "#e5c24a",
    "Green": "#62b35b",
    "Blue": "#4f8fe0",
    "Purple": "#9a68cf",
}
_STATE_BADGES = {
    FileState.PENDING: "pending",
    FileState.FAILED: "warning",
    FileState.CONFLICT: "conflict",
    FileState.READ_ONLY: "warning",
    FileState.OFFLINE: "offline",
}


@dataclass(frozen=True)
class CellState:
    """How a cell stands in the grid at this moment."""

    is_selected: bool
    is_current: bool
    has_focus: bool
    is_hovered: bool
    is_offline: bool


@dataclass(frozen=True)
class CellContent:
    """What a cell shows; without a picture its place stays empty until it comes."""

    photo: PhotoRow | None
    picture: QPixmap | None
    state: CellState

    @property
    def key(self) -> tuple[PhotoRow | None, int, CellState]:
        """Equal for cells that look the same."""
        return self.photo, 0 if self.picture is None else self.picture.cacheKey(), self.state


class CellPainter:
    """Draws cells in one theme and font, each once for as long as it looks the same.

    Each call of Qt's painter hands Python's lock to whatever works behind the window and waits to
    get it back. A cell takes a dozen calls to draw, and one to show.

    Args:
        class_order: names in the person's order, for their colours.
        with_scores: the captions tell how sure the classifier is.
    """

    def __init__(
        self, colors: Colors, font: QFont, class_order: tuple[str, ...], *, with_scores: bool
    ) -> None:
        self._colors = colors
        self._font = QFont(font)
        self._font.setPointSizeF(max(7.5, font.pointSizeF() - 1))
        self._metrics = QFontMetrics(self._font)
        self._caption = CaptionPainter(colors, self._metrics, class_order, with_scores=with_scores)
        self._drawn: OrderedDict[object, QPixmap] = OrderedDict()
        self._latest: OrderedDict[PhotoId, object] = OrderedDict()

    def recall(self, photo_id: PhotoId, size: QSize, ratio: float) -> QPixmap | None:
        """How the photo's cell looked last, when it was of this size."""
        drawn = self._drawn.get(self._latest.get(photo_id))
        fits = drawn is not None and drawn.size() == size * ratio
        return drawn if fits else None

    def draw(self, photo_id: PhotoId, content: CellContent, size: QSize, ratio: float) -> QPixmap:
        """The cell as a picture of `size` device-independent pixels."""
        key = (content.key, size.width(), size.height(), ratio)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = QPixmap(size * ratio)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(QColor(self._colors.canvas))
            painter = QPainter(drawn)
            painter.setRenderHints(_SMOOTH)
            self._paint(painter, QRect(QPoint(0, 0), size), content)
            painter.end()
            self._drawn[key] = drawn
            if len(self._drawn) > _CELLS_KEPT:
                self._drawn.popitem(last=False)
            self._latest[photo_id] = key
            if len(self._latest) > _CELLS_KEPT:
                self._latest.popitem(last=False)
        return drawn

    def _paint(self, painter: QPainter, cell: QRect, content: CellContent) -> None:
        photo, pixmap, state = content.photo, content.picture, content.state
        frame = cell.adjusted(_PAD_PX, _PAD_PX, -_PAD_PX, -CAPTION_PX)
        self._paint_frame(painter, frame, state)
        painter.setFont(self._font)
        if pixmap is not None:
            _paint_picture(painter, frame.adjusted(3, 3, -3, -3), pixmap)
        elif photo is not None and photo.error:
            self._paint_problem(painter, frame)
        if photo is None:
            return
        self._paint_badges(painter, frame, photo, state)
        self._paint_label(painter, frame, photo.label)
        caption = QRect(
            cell.left() + _PAD_PX + 2,
            frame.bottom() + 1,
            cell.width() - 2 * _PAD_PX - 4,
            CAPTION_PX,
        )
        self._caption.paint(painter, caption, photo)
        if state.is_selected or (state.is_current and state.has_focus):
            self._paint_outline(painter, frame, state)

    def _paint_frame(self, painter: QPainter, frame: QRect, state: CellState) -> None:
        ground = self._colors.cell
        if state.is_selected:
            ground = self._colors.accent_soft
        elif state.is_hovered:
            ground = self._colors.hover
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(frame, _RADIUS_PX, _RADIUS_PX)

    def _paint_outline(self, painter: QPainter, frame: QRect, state: CellState) -> None:
        pen = QPen(QColor(self._colors.accent if state.is_selected else self._colors.outline))
        pen.setWidthF(2.5 if state.is_current else 1.5)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(frame).adjusted(1, 1, -1, -1), _RADIUS_PX, _RADIUS_PX)

    def _paint_problem(self, painter: QPainter, frame: QRect) -> None:
        icon = draw_icon("warning", self._colors.faint, 32)
        painter.drawPixmap(frame.center().x() - 16, frame.center().y() - 16, icon)

    def _paint_badges(
        self, painter: QPainter, frame: QRect, photo: PhotoRow, state: CellState
    ) -> None:
        right = frame.right() - 7
        top = frame.top() + 7
        for name, color in self._badges(photo, state):
            _paint_badge(painter, right - _BADGE_PX, top, name, color)
            right -= _BADGE_PX + 4
        if photo.companions:
            self._paint_word(painter, frame.left() + 7, top, "RAW")

    def _badges(self, photo: PhotoRow, state: CellState) -> list[tuple[str, str]]:
        found = []
        if photo.error:
            found.append(("warning", "#f0a49b"))
        if state.is_offline:
            found.append(("offline", "#e8e8e8"))
        elif photo.file_state in _STATE_BADGES:
            found.append((_STATE_BADGES[photo.file_state], "#f2cf8d"))
        if any(tag.state in {TagState.CONFIRMED, TagState.CORRECTED} for tag in photo.tags):
            found.append(("check", "#a9e0b8"))
        return found

    def _paint_label(self, painter: QPainter, frame: QRect, label: str | None) -> None:
        """A bar below the picture in the colour that Lightroom gives to this text."""
        color = LABEL_COLORS.get(label or "")
        if color is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        bar = QRectF(frame.left() + 6, frame.bottom() - 4, frame.width() - 12, 4)
        painter.drawRoundedRect(bar, 2, 2)

    def _paint_word(self, painter: QPainter, left: int, top: int, word: str) -> None:
        width = self._metrics.horizontalAdvance(word) + 12
        box = QRect(left, top, width, _BADGE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_SHADE)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor("#f0f0f0"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)


def _paint_picture(painter: QPainter, place: QRect, pixmap: QPixmap) -> None:
    size = pixmap.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(
        place.left() + (place.width() - size.width()) // 2,
        place.top() + (place.height() - size.height()) // 2,
        size.width(),
        size.height(),
    )
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(QRectF(target), 3, 3)
    painter.setClipPath(path)
    painter.drawPixmap(target, pixmap)
    painter.restore()


def _paint_badge(painter: QPainter, left: int, top: int, name: str, color: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE)
    painter.drawEllipse(left, top, _BADGE_PX, _BADGE_PX)
    painter.drawPixmap(left + 3, top + 3, draw_icon(name, color, 14))
