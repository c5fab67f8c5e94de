"""What the grid asks of whatever gives it pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPixmap

    from tagger.core.ids import PhotoId


class Pictures(Protocol):
    """Where the grid gets its pictures: at once, or later when they are ready."""

    def pixmap(self, photo_id: PhotoId) -> QPixmap | None:
        """The picture if it is at hand."""
        ...

    def want(self, wisher: QObject, photo_ids: Sequence[PhotoId], side_px: int) -> None:
        """Get these and none that the same one has wanted before, the first ones first."""
        ...
