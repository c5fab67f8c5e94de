"""A calm bar below the photos: what was just decided may fit these photos too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tagger.core.tag import Verdict
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QKeyEvent

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.services.lookalikes import Lookalikes

THUMBNAIL_PX = 112
_HEIGHT_PX = 104


class LookalikeStrip(QListWidget):
    """Thumbnails in a line, the most similar first, each with a tick.

    Signals:
        confirmed(): Enter.
        left(): Escape.
    """

    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setWrapping(False)
        self.setIconSize(QSize(THUMBNAIL_PX, round(THUMBNAIL_PX * 0.67)))
        # Fixed, for pictures come later than their places.
        self.setGridSize(QSize(THUMBNAIL_PX + 36, _HEIGHT_PX - 20))
        self.setFixedHeight(_HEIGHT_PX)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Similar photos"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter applies, Escape dismisses; arrows and Space are the list's own."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.confirmed.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class OfferBar(QFrame):
    """Asks nothing that has to be answered: going on with the next photo is an answer too.

    Signals:
        applied(Lookalikes, list): the offer and the ticked photos.
        dismissed(): not these.
    """

    applied = Signal(object, object)
    dismissed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer: Lookalikes | None = None
        self._items: dict[PhotoId, QListWidgetItem] = {}
        self.setObjectName("offer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Offer for similar photos"))
        self.strip = LookalikeStrip()
        self._question = QLabel()
        self._question.setProperty("role", "title")
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._hint = QLabel(self.tr("S chooses, Enter applies"))
        self._hint.setToolTip(self.tr("S goes to them, Space ticks, Enter applies, Esc closes."))
        self._hint.setProperty("role", "muted")
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.apply_button = QPushButton()
        self.apply_button.setToolTip(self.tr("Decide the same on the ticked photos, as one step."))
        self.dismiss_button = QPushButton(self.tr("Not these"))
        self.dismiss_button.setToolTip(self.tr("Close this offer. Nothing is changed."))
        look.dress(self.apply_button, "confirm")
        self.apply_button.clicked.connect(self._apply)
        self.dismiss_button.clicked.connect(self._dismiss)
        self.strip.confirmed.connect(self._apply)
        self.strip.left.connect(self._dismiss)
        self.strip.itemChanged.connect(self._count)
        self._lay_out()
        self.hide()

    @property
    def question(self) -> str:
        """What is asked, as shown."""
        return self._question.text()

    @property
    def ticked(self) -> list[PhotoId]:
        """The photos that would be decided."""
        return [
            photo
            for photo, item in self._items.items()
            if item.checkState() is Qt.CheckState.Checked
        ]

    def show_offer(self, offer: Lookalikes) -> None:
        """Show the photos; an offer without photos is none."""
        self._offer = offer
        self._items.clear()
        self.strip.blockSignals(True)
        self.strip.clear()
        for alike in offer.photos:
            item = QListWidgetItem(self.strip)
            ticked = Qt.CheckState.Checked if alike.is_sure else Qt.CheckState.Unchecked
            item.setCheckState(ticked)
            item.setSizeHint(QSize(THUMBNAIL_PX + 30, _HEIGHT_PX - 24))
            words = self.tr("{share:.0%} alike").format(share=alike.similarity)
            item.setToolTip(words)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            self._items[alike.photo_id] = item
        self.strip.blockSignals(False)
        self.strip.setCurrentRow(0)
        self._question.setText(self._ask(offer))
        self._count()
        self.setVisible(bool(offer.photos))

    def show_picture(self, photo_id: PhotoId, image: QImage) -> None:
        """The thumbnail of one of the photos."""
        item = self._items.get(photo_id)
        if item is not None:
            self.strip.blockSignals(True)
            item.setIcon(QIcon(QPixmap.fromImage(image)))
            self.strip.blockSignals(False)

    def close_offer(self) -> None:
        """Show nothing."""
        self._offer = None
        self._items.clear()
        self.strip.clear()
        self.hide()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._question)
        top.addSpacing(10)
        top.addWidget(self._hint, 1)
        top.addWidget(self.apply_button)
        top.addWidget(self.dismiss_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.strip)

    def _ask(self, offer: Lookalikes) -> str:
        if offer.verdict is Verdict.REJECTED:
            words = self.tr("{photos} in this shoot: not {title} either?")
        else:
            words = self.tr("{photos} in this shoot: {title} too?")
        photos = self.tr("%Ln similar photo(s)", "", len(offer.photos))
        return words.format(photos=photos, title=class_title(offer.name))

    def _count(self) -> None:
        count = len(self.ticked)
        self.apply_button.setText(self.tr("Apply to {count}").format(count=count))
        self.apply_button.setEnabled(count > 0)

    def _apply(self) -> None:
        ticked = self.ticked
        if self._offer is not None and ticked:
            self.applied.emit(self._offer, ticked)

    def _dismiss(self) -> None:
        self.close_offer()
        self.dismissed.emit()
