"""What stands below a photo: its tags, or its name while it has none, and its stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPen

from tagger.core.tag import TagState
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics, QPainter

    from tagger.core.tag import PhotoTag
    from tagger.gui.appearance.colors import Colors
    from tagger.library import PhotoRow

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_DOT_PX = 13
_GAP_PX = 10
_MORE_PX = 22


class CaptionPainter:
    """Draws captions in one theme, with the font that the painter has.

    Args:
        metrics: of that font.
        class_order: names in the person's order, for their colours.
        with_scores: tell of each tag how sure the classifier is.
    """

    def __init__(
        self,
        colors: Colors,
        metrics: QFontMetrics,
        class_order: tuple[str, ...],
        *,
        with_scores: bool,
    ) -> None:
        self._colors = colors
        self._metrics = metrics
        self._order = {name: place for place, name in enumerate(class_order)}
        self._with_scores = with_scores

    def paint(self, painter: QPainter, box: QRect, photo: PhotoRow) -> None:
        """As many tags as fit, and how many more there are."""
        shown = [tag for tag in photo.tags if tag.state is not TagState.REJECTED]
        right = self._paint_rating(painter, box, photo)
        if not shown:
            painter.setPen(QColor(self._colors.faint))
            text = self._metrics.elidedText(
                photo.path.name, Qt.TextElideMode.ElideMiddle, right - box.left()
            )
            painter.drawText(box, _MIDDLE, text)
            return
        left = box.left()
        for place, tag in enumerate(shown):
            rest = len(shown) - place
            end = right if rest == 1 else right - _MORE_PX
            if place and left + self._width(tag) > end:
                painter.setPen(QColor(self._colors.muted))
                painter.drawText(left, box.top(), _MORE_PX, box.height(), _MIDDLE, f"+{rest}")
                return
            left = self._paint_tag(painter, QRect(left, box.top(), right - left, box.height()), tag)

    def _width(self, tag: PhotoTag) -> int:
        text = class_title(tag.name) + self._score(tag)
        return _DOT_PX + self._metrics.horizontalAdvance(text)

    def _paint_tag(self, painter: QPainter, box: QRect, tag: PhotoTag) -> int:
        """A dot, full when a person decided, and the name. Returns where the next one begins."""
        color = QColor(self._colors.of_class(self._order.get(tag.name, 0)))
        centre = QPointF(box.left() + 5, box.center().y() + 1)
        painter.setPen(QPen(color, 1.6))
        painter.setBrush(color if tag.state is not TagState.PREDICTED else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 3.7, 3.7)
        score = self._score(tag)
        room = box.width() - _DOT_PX - 3 - self._metrics.horizontalAdvance(score)
        title = class_title(tag.name)
        text = self._metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(self._colors.text))
        place = box.adjusted(_DOT_PX, 0, 0, 0)
        painter.drawText(place, _MIDDLE, text)
        place.translate(self._metrics.horizontalAdvance(text), 0)
        if score:
            painter.setPen(QColor(self._colors.muted))
            painter.drawText(place, _MIDDLE, score)
        return place.left() + self._metrics.horizontalAdvance(score) + _GAP_PX

    def _score(self, tag: PhotoTag) -> str:
        return f" {tag.score:.0%}" if self._with_scores and tag.score is not None else ""

    def _paint_rating(self, painter: QPainter, box: QRect, photo: PhotoRow) -> int:
        """Stars at the right end. Returns how far the rest of the caption may reach."""
        if not photo.rating or photo.rating < 0:
            return box.right()
        text = "★" * photo.rating
        painter.setPen(QColor(self._colors.warning))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return box.right() - self._metrics.horizontalAdvance(text) - 6
