"""Large pictures of one photo at a time, and of its neighbours before they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.errors import PhotoError
from tagger.gui.pictures.thumbnails import to_image
from tagger.gui.work.latest import LatestWins

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from PySide6.QtGui import QImage

    from tagger.core.ids import PhotoId
    from tagger.library.browsing import PictureFile
    from tagger.services.picturing import PictureSource

_KEPT = 6
_THUMBNAIL_PX = 400


@dataclass(frozen=True)
class Preview:
    """A picture for a closer look.

    Attributes:
        image: None where the photo can't be read; `problem` says why.
        is_final: no sharper one follows.
    """

    photo_id: PhotoId
    image: QImage | None
    is_final: bool
    problem: str | None = None


class Previews(QObject):
    """One thread; the newest request wins.

    Signals:
        ready(Preview): of the photo that was asked for last; a rough one may come first.
    """

    ready = Signal(object)

    def __init__(self, name: str, source: PictureSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._lock = Lock()
        self._kept: OrderedDict[tuple[PhotoId, int], QImage] = OrderedDict()
        self._worker = LatestWins(name, self)
        self._worker.answered.connect(self._tell)

    def show(self, photo_id: PhotoId, side_px: int, neighbours: Sequence[PhotoId] = ()) -> None:
        """Get the picture of one photo, then decode its neighbours ahead."""
        kept = self._recall(photo_id, side_px)
        if kept is not None:
            self.ready.emit(Preview(photo_id, kept, is_final=True))
        wanted = [*([photo_id] if kept is None else []), *neighbours]
        self._worker.ask(lambda: self._read({photo_id}, wanted, side_px))

    def show_all(self, photo_ids: Sequence[PhotoId], side_px: int) -> None:
        """Get the pictures of a few photos that are looked at together."""
        kept = {photo: self._recall(photo, side_px) for photo in photo_ids}
        for photo, image in kept.items():
            if image is not None:
                self.ready.emit(Preview(photo, image, is_final=True))
        wanted = [photo for photo, image in kept.items() if image is None]
        self._worker.ask(lambda: self._read(set(wanted), wanted, side_px))

    def forget(self, photo_ids: Collection[PhotoId]) -> None:
        """These photos may have other pictures now."""
        with self._lock:
            for key in [key for key in self._kept if key[0] in photo_ids]:
                del self._kept[key]

    def close(self) -> None:
        """End the thread. Does not wait."""
        self._worker.close()

    def join(self, seconds: float) -> bool:
        """Wait for the thread. Returns whether it has ended."""
        return self._worker.join(seconds)

    def _tell(self, preview: Preview | None) -> None:
        if preview is not None:
            self.ready.emit(preview)

    def _read(
        self, shown: Collection[PhotoId], wanted: Sequence[PhotoId], side_px: int
    ) -> Iterator[Preview | None]:
        files = self._source.find_files(wanted)
        missing = [
            photo_id
            for photo_id in wanted
            if photo_id in files and self._recall(photo_id, side_px) is None
        ]
        for photo_id in missing:
            if photo_id in shown:
                yield self._read_rough(photo_id, files[photo_id])
        for photo_id in missing:
            preview = self._read_sharp(photo_id, files[photo_id], side_px)
            # None: ahead of time, but a place for the thread to notice a newer request.
            yield preview if photo_id in shown else None

    def _read_rough(self, photo_id: PhotoId, file: PictureFile) -> Preview | None:
        thumbnail = self._source.load_thumbnail(file, _THUMBNAIL_PX)
        return None if thumbnail is None else Preview(photo_id, to_image(thumbnail), is_final=False)

    def _read_sharp(self, photo_id: PhotoId, file: PictureFile, side_px: int) -> Preview:
        try:
            image = to_image(self._source.read_picture(file, side_px))
        except PhotoError as error:
            return Preview(photo_id, None, is_final=True, problem=str(error))
        with self._lock:
            self._kept[photo_id, side_px] = image
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return Preview(photo_id, image, is_final=True)

    def _recall(self, photo_id: PhotoId, side_px: int) -> QImage | None:
        with self._lock:
            image = self._kept.get((photo_id, side_px))
            if image is not None:
                self._kept.move_to_end((photo_id, side_px))
            return image
