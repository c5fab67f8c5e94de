"""Looks for similar photos after each correction, and decides on those that a person ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from tagger.core.errors import PhotoError
from tagger.gui.pictures.thumbnails import to_image
from tagger.gui.review.offer import THUMBNAIL_PX
from tagger.services.lookalikes import Lookalikes, find_lookalikes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage

    from tagger.core.ids import PhotoId
    from tagger.gui.deciding import Corrected, Deciding
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets
    from tagger.library.browsing import PictureFile
    from tagger.services.picturing import PictureSource

    _Answer = Lookalikes | tuple[PhotoId, QImage]


class Offering(QObject):
    """One offer at a time; a new correction replaces it, undo takes it away."""

    def __init__(
        self, session: Session, widgets: Widgets, deciding: Deciding, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._widgets = widgets
        self._deciding = deciding
        self._is_applying = False
        self._bar = widgets.offer
        deciding.corrected.connect(self._on_corrected)
        deciding.taken_back.connect(self._close)
        session.similar.answered.connect(self._on_answered)
        self._bar.applied.connect(self._on_applied)
        self._bar.dismissed.connect(self._give_focus_back)

    def look_at(self) -> None:
        """Move the keys to the offer, if there is one."""
        if self._bar.isVisible():
            self._bar.strip.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_corrected(self, corrected: Corrected) -> None:
        self._close()
        library, source = self._session.workspace.library, self._session.pictures

        def find() -> Iterator[_Answer]:
            ids, name, verdict = corrected.photo_ids, corrected.name, corrected.verdict
            offer = find_lookalikes(library, ids, name, verdict)
            yield offer
            files = source.find_files([alike.photo_id for alike in offer.photos])
            for photo_id, file in files.items():
                image = _read_thumbnail(source, file)
                if image is not None:
                    yield photo_id, image

        self._session.similar.ask(find)

    def _on_answered(self, answer: _Answer) -> None:
        if isinstance(answer, Lookalikes):
            self._bar.show_offer(answer)
        else:
            self._bar.show_picture(*answer)

    def _on_applied(self, offer: Lookalikes, photo_ids: list[PhotoId]) -> None:
        self._close()
        self._deciding.accept(offer, photo_ids)
        self._give_focus_back()

    def _close(self) -> None:
        had_focus = self._bar.strip.hasFocus()
        self._session.similar.ask(lambda: iter(()))
        self._bar.close_offer()
        if had_focus:
            self._give_focus_back()

    def _give_focus_back(self) -> None:
        page = self._widgets.pages.currentWidget()
        if page is not None:
            page.setFocus()


def _read_thumbnail(source: PictureSource, file: PictureFile) -> QImage | None:
    try:
        pixels = source.load_thumbnail(file, THUMBNAIL_PX * 2) or source.make_thumbnail(
            file, THUMBNAIL_PX * 2
        )
    except PhotoError:
        return None
    return to_image(pixels)
