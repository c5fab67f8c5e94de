"""Every picture of an export before it is written, with its crop to be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tagger.core.errors import TaggerError
from tagger.gui.dialogs.crop_view import CropView
from tagger.gui.text import number
from tagger.gui.work.latest import LatestWins
from tagger.services.exporting import ExportPreview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QObject

    from tagger.core.ids import PhotoId
    from tagger.services.exporting import ExportRequest

    Make = Callable[[int, ExportRequest], ExportPreview]

_RESULT_PX = 220


class PreviewPanel(QWidget):
    """The photo with its frame, and beside it the picture that will be written.

    Args:
        count: of the photos.
        make: makes the picture at a place; called in a thread.
        request: how the pictures are made now.

    Signals:
        placed(PhotoId, Window): a person moved the frame; None puts it back.
    """

    placed = Signal(object, object)

    def __init__(
        self, count: int, make: Make, request: Callable[[], ExportRequest], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._count, self._make, self._request = count, make, request
        self._place = 0
        self.photo_id: PhotoId | None = None
        self._worker = LatestWins("export preview", self)
        self._worker.answered.connect(self._show)
        self._worker.failed.connect(self._complain)
        self.crop = CropView()
        self.crop.placed.connect(lambda window: self.placed.emit(self.photo_id, window))
        self.result = QLabel()
        self.result.setFixedSize(_RESULT_PX, _RESULT_PX)
        self.result.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.result.setAccessibleName(self.tr("The picture that will be written"))
        self.caption = QLabel()
        self.caption.setProperty("role", "muted")
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setFixedWidth(_RESULT_PX)
        self.caption.setMinimumHeight(2 * self.caption.fontMetrics().lineSpacing() + 8)
        self.counter = QLabel()
        self.back, self.forth = QPushButton("\u2039"), QPushButton("\u203a")
        self.reset = QPushButton(self.tr("Automatic crop"))
        self._lay_out()
        parent.installEventFilter(self)
        self.refresh()

    def refresh(self) -> None:
        """Make the picture again: how it is made has changed."""
        self.counter.setText(f"{number(self._place + 1)} / {number(self._count)}")
        self.back.setEnabled(self._place > 0)
        self.forth.setEnabled(self._place < self._count - 1)
        place, request = self._place, self._request()
        self._worker.ask(lambda: self._answer(place, request))

    def close_worker(self) -> None:
        """End the thread."""
        self._worker.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A dialog that is hidden for good needs no thread; one that was minimised does."""
        is_hidden = event.type() == QEvent.Type.Hide and not event.spontaneous()
        if is_hidden or event.type() == QEvent.Type.Close:
            self.close_worker()
        return super().eventFilter(watched, event)

    def _answer(self, place: int, request: ExportRequest) -> Iterator[object]:
        yield self._make(place, request)

    def _go(self, step: int) -> None:
        self._place = min(max(self._place + step, 0), self._count - 1)
        self.refresh()

    def _show(self, preview: object) -> None:
        if not isinstance(preview, ExportPreview):
            return
        self.photo_id = preview.photo_id
        self.crop.show_photo(QImage.fromData(preview.whole), preview.window)
        self.reset.setEnabled(preview.window is not None)
        made = QPixmap.fromImage(QImage.fromData(preview.content))
        size_kb = max(1, round(len(preview.content) / 1000))
        self.caption.setText(
            f"{preview.name}\n{made.width()} x {made.height()}, {number(size_kb)} KB"
        )
        ratio = self.devicePixelRatioF()
        scaled = made.scaled(
            self.result.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.result.setPixmap(scaled)

    def _complain(self, error: object) -> None:
        text = str(error) if isinstance(error, TaggerError) else self.tr("No preview.")
        self.crop.show_message(text)
        self.result.clear()
        self.caption.clear()

    def _put_back(self) -> None:
        self.placed.emit(self.photo_id, None)

    def _lay_out(self) -> None:
        self.back.setAccessibleName(self.tr("Previous photo"))
        self.forth.setAccessibleName(self.tr("Next photo"))
        self.back.clicked.connect(lambda: self._go(-1))
        self.forth.clicked.connect(lambda: self._go(1))
        self.reset.clicked.connect(self._put_back)
        for button in (self.back, self.forth, self.reset):
            button.setAutoDefault(False)
        steps = QHBoxLayout()
        for widget in (self.back, self.counter, self.forth):
            steps.addWidget(widget)
        steps.addStretch(1)
        steps.addWidget(self.reset)
        left = QVBoxLayout()
        left.addWidget(self.crop, 1)
        left.addLayout(steps)
        right = QVBoxLayout()
        title = QLabel(self.tr("As it will be written"))
        title.setProperty("role", "muted")
        right.addWidget(title)
        right.addWidget(self.result)
        right.addWidget(self.caption)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addLayout(right)
