"""Thumbnails for whatever shows photos: a pool of threads, newest request first."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from tagger.core.errors import TaggerError
from tagger.gui.pictures.cache import CachedPicture, PixmapCache
from tagger.gui.pictures.queue import Step, Task, WantedQueue
from tagger.gui.work.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tagger.core.ids import PhotoId
    from tagger.services.picturing import PictureSource, Pixels

_SIDES_PX = (160, 240, 320, 400)
"""Pictures are scaled in the threads to the next of these, so that painting has little to do."""


@dataclass(frozen=True)
class _Loaded:
    photo_id: PhotoId
    side_px: int
    image: QImage | None
    is_borrowed: bool = False


class Thumbnails(QObject):
    """The source of small pictures for the grid, the wall of a report and the slides of a post.

    Signals:
        loaded(set): the photos whose pictures are at hand now.
    """

    loaded = Signal(object)

    def __init__(self, source: PictureSource, workers: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._cache = PixmapCache()
        self._failed: set[PhotoId] = set()
        self._wishes: dict[int, dict[PhotoId, int]] = {}
        self._queue = WantedQueue()
        self._mailbox = Mailbox(self._receive, self)
        self._threads = [
            Thread(target=self._work, name=f"thumbnails-{number}", daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def pixmap(self, photo_id: PhotoId) -> QPixmap | None:
        """The picture if it is at hand."""
        picture = self._cache.get(photo_id)
        return None if picture is None else picture.pixmap

    def want(self, wisher: QObject, photo_ids: Sequence[PhotoId], side_px: int) -> None:
        """Get these and none that it has wanted before, the first ones first.

        Args:
            wisher: who shows them. What others have wanted comes after them.
            photo_ids: those in sight, and a few that may be next.
            side_px: of their cells.
        """
        side_px = next((side for side in _SIDES_PX if side >= side_px), _SIDES_PX[-1])
        if self._wishes.pop(id(wisher), None) is None:
            wisher.destroyed.connect(partial(self._wishes.pop, id(wisher), None))
        self._wishes[id(wisher)] = dict.fromkeys(photo_ids, side_px)
        self._queue.replace(self._list_tasks())

    def _list_tasks(self) -> Iterator[Task]:
        """What is not at hand yet, the newest wish first."""
        sides_px: dict[PhotoId, int] = {}
        for wish in reversed(self._wishes.values()):
            for photo_id, side_px in wish.items():
                sides_px[photo_id] = max(side_px, sides_px.get(photo_id, 0))
        for photo_id, side_px in sides_px.items():
            picture = self._cache.get(photo_id)
            is_borrowed = picture is not None and picture.is_borrowed
            is_too_small = picture is None or picture.side_px < side_px
            if photo_id not in self._failed and (is_borrowed or is_too_small):
                yield Task(photo_id, side_px, Step.SLOW if is_borrowed else Step.QUICK)

    def forget(self, photo_ids: Collection[PhotoId]) -> None:
        """These photos may have other pictures now, or can be read at last."""
        self._cache.forget(photo_ids)
        self._failed.difference_update(photo_ids)

    def retry(self) -> None:
        """Photos that could not be read may be readable now."""
        self._failed.clear()

    def close(self) -> None:
        """End the threads after the pictures they are at. Does not wait."""
        self._mailbox.close()
        self._queue.close()

    def join(self, seconds: float) -> bool:
        """Wait for the threads. Returns whether all have ended."""
        deadline_s = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (task := self._queue.take()) is not None:
            needs_slow_step = False
            try:
                needs_slow_step = self._attempt(task)
            except TaggerError:
                self._mailbox.put(_Loaded(task.photo_id, task.side_px, None))
            except Exception:
                logging.getLogger(__name__).exception("unexpected error over a thumbnail")
                self._mailbox.put(_Loaded(task.photo_id, task.side_px, None))
            self._queue.finish(task, needs_slow_step=needs_slow_step)

    def _attempt(self, task: Task) -> bool:
        """Do one step. Returns whether the photo has to be decoded."""
        file = self._source.find_files([task.photo_id]).get(task.photo_id)
        if file is None:
            return False
        if task.step is Step.SLOW:
            pixels = self._source.make_thumbnail(file, task.side_px)
            self._mailbox.put(_Loaded(task.photo_id, task.side_px, to_image(pixels)))
            return False
        stored = self._source.load_thumbnail(file, task.side_px)
        if stored is not None:
            self._mailbox.put(_Loaded(task.photo_id, task.side_px, to_image(stored)))
            return False
        borrowed = self._source.borrow_thumbnail(file)
        if borrowed is not None:
            image = to_image(borrowed)
            self._mailbox.put(_Loaded(task.photo_id, task.side_px, image, is_borrowed=True))
        return True

    def _receive(self, items: list[object]) -> None:
        arrived: set[PhotoId] = set()
        for item in items:
            assert isinstance(item, _Loaded)
            if item.image is None:
                self._failed.add(item.photo_id)
                continue
            pixmap = QPixmap.fromImage(item.image)
            self._cache.put(item.photo_id, CachedPicture(pixmap, item.side_px, item.is_borrowed))
            arrived.add(item.photo_id)
        if arrived:
            self.loaded.emit(arrived)


def to_image(pixels: Pixels) -> QImage:
    """Qt's own form of a picture, fast to paint; safe in any thread."""
    return QImage(
        pixels.rgb, pixels.width, pixels.height, 3 * pixels.width, QImage.Format.Format_RGB888
    ).convertToFormat(QImage.Format.Format_RGB32)
