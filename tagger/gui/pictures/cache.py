"""Pixmaps in memory, as many as fit; the ones not looked at for longest go first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPixmap

    from tagger.core.ids import PhotoId

LIMIT_BYTES = 256 << 20


@dataclass(frozen=True)
class CachedPicture:
    """A picture at hand.

    Attributes:
        side_px: the size that was asked for; the picture may be smaller.
        is_borrowed: the camera's small picture, shown until the real one is there.
    """

    pixmap: QPixmap
    side_px: int
    is_borrowed: bool

    @property
    def size_bytes(self) -> int:
        """Memory, at four bytes a pixel."""
        return self.pixmap.width() * self.pixmap.height() * 4


class PixmapCache:
    """Newest pictures by photo. Window's thread only."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._pictures: OrderedDict[PhotoId, CachedPicture] = OrderedDict()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._pictures)

    def get(self, photo_id: PhotoId) -> CachedPicture | None:
        """The picture, which counts as looked at."""
        picture = self._pictures.get(photo_id)
        if picture is not None:
            self._pictures.move_to_end(photo_id)
        return picture

    def put(self, photo_id: PhotoId, picture: CachedPicture) -> None:
        """Keep a picture, and let old ones go."""
        self._drop(photo_id)
        self._pictures[photo_id] = picture
        self.size_bytes += picture.size_bytes
        while self.size_bytes > self._limit_bytes and len(self._pictures) > 1:
            self._drop(next(iter(self._pictures)))

    def forget(self, photo_ids: Iterable[PhotoId]) -> None:
        """These pictures are out of date."""
        for photo_id in photo_ids:
            self._drop(photo_id)

    def _drop(self, photo_id: PhotoId) -> None:
        picture = self._pictures.pop(photo_id, None)
        if picture is not None:
            self.size_bytes -= picture.size_bytes
