"""One class of one photo: score against threshold, and who says so. A click toggles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tagger.core.tag import Source, TagState
from tagger.gui.appearance.look import draw_icon
from tagger.gui.text import class_title, moment

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QPaintEvent

    from tagger.gui.appearance.look import Look
    from tagger.library import ModelRow
    from tagger.services.inspecting import InspectedClass

_ROW_PX = 35
_BAR_PX = 5
_SCORE_PX = 44
_VERSION_CHARS = 7
_ICONS = {
    TagState.CONFIRMED: "confirm",
    TagState.CORRECTED: "confirm",
    TagState.REJECTED: "reject",
}


class ScoreRow(QAbstractButton):
    """Name, percentage, bar with the threshold as a tick, and a word on where it comes from."""

    def __init__(self, place: int, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._look = look
        self._shown: InspectedClass | None = None
        self._origin = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    @property
    def class_name(self) -> str:
        """The class that is shown; empty before there is one."""
        return "" if self._shown is None else self._shown.name

    @property
    def origin(self) -> str:
        """Where the tag comes from, in words; empty when it does not stand on the photo."""
        return self._origin

    def show_class(self, shown: InspectedClass, model: ModelRow | None) -> None:
        """Show a class of the current photo."""
        self._shown = shown
        self._origin = self._say_origin(shown, model)
        score = self.tr("not scored") if shown.score is None else f"{shown.score:.0%}"
        self.setAccessibleName(f"{class_title(shown.name)}, {score}, {self._origin}".strip(", "))
        sentence = self.tr("Score {score}, counts from {threshold:.0%}. Click to toggle.")
        lines = [sentence.format(score=score, threshold=shown.threshold)]
        if model is not None and shown.score is not None:
            lines.append(self._say_version(model))
        self.setToolTip("\n".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(200, _ROW_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_text(painter, self._shown)
        self._paint_bar(painter, self._shown)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        colors = self._look.colors
        painter.setPen(QPen(QColor(colors.accent), 1.4) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.raised) if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)

    def _paint_text(self, painter: QPainter, shown: InspectedClass) -> None:
        colors = self._look.colors
        self._paint_mark(painter, shown)
        line = QRect(30, 2, self.width() - 38, 20)
        middle = Qt.AlignmentFlag.AlignVCenter
        stands = shown.state is not None and shown.state is not TagState.REJECTED
        font = self.font()
        font.setBold(stands)
        painter.setFont(font)
        painter.setPen(QColor(colors.text if stands else colors.muted))
        title = painter.fontMetrics().elidedText(
            class_title(shown.name), Qt.TextElideMode.ElideRight, line.width() - _SCORE_PX
        )
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, title)
        left = painter.fontMetrics().horizontalAdvance(title) + 8
        if shown.score is not None:
            painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, f"{shown.score:.0%}")
        font.setBold(False)
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        place = line.adjusted(left, 0, -_SCORE_PX, 0)
        text = painter.fontMetrics().elidedText(
            self._origin, Qt.TextElideMode.ElideRight, max(0, place.width())
        )
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_mark(self, painter: QPainter, shown: InspectedClass) -> None:
        """A dot as in the grid; a tick or cross where a person decided."""
        color = self._look.colors.of_class(self._place)
        if shown.state in _ICONS:
            ink = color if shown.state is not TagState.REJECTED else self._look.colors.muted
            painter.drawPixmap(7, 4, draw_icon(_ICONS[shown.state], ink, 16))
            return
        painter.setPen(QPen(QColor(color), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if shown.state is None:
            painter.setOpacity(0.45)
        painter.drawEllipse(QPointF(15, 12), 4.5, 4.5)
        painter.setOpacity(1)

    def _paint_bar(self, painter: QPainter, shown: InspectedClass) -> None:
        colors = self._look.colors
        groove = QRectF(30, 24, self.width() - 38, _BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.hover))
        painter.drawRoundedRect(groove, 2.5, 2.5)
        if shown.score is None:
            return
        filled = QRectF(groove)
        filled.setWidth(max(3.0, groove.width() * shown.score))
        color = QColor(colors.of_class(self._place))
        if shown.score < shown.threshold:
            color.setAlphaF(0.5)
        painter.setBrush(color)
        painter.drawRoundedRect(filled, 2.5, 2.5)
        tick = groove.left() + groove.width() * shown.threshold
        painter.setPen(QPen(QColor(colors.text), 1.4))
        painter.drawLine(QPointF(tick, groove.top() - 3), QPointF(tick, groove.bottom() + 3))

    def _say_version(self, model: ModelRow) -> str:
        words = self.tr("The score is from {model}, version {version}, known since {time}.")
        version = model.fingerprint[:_VERSION_CHARS]
        return words.format(
            model=model.name, version=version, time=moment(model.added_at.astimezone())
        )

    def _say_origin(self, shown: InspectedClass, model: ModelRow | None) -> str:
        if shown.state is None:
            return ""
        if shown.state is TagState.PREDICTED:
            if model is None:
                return self.tr("by the classifier")
            version = model.fingerprint[:_VERSION_CHARS]
            return self.tr("by {model} {version}").format(model=model.name, version=version)
        if shown.source is Source.FILE:
            return self.tr("from the file")
        if shown.state is TagState.REJECTED:
            return self.tr("rejected by you")
        return self.tr("confirmed by you")
