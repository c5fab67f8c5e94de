"""Rows as the library would give them, for tests of single widgets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.ids import FolderId
from tagger.core.tag import PhotoTag, TagState
from tagger.library import PhotoRow
from tagger.services.listing import Listing, PhotoIds, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPixmap

    from tagger.core.ids import PhotoId

CLASSES = ("bride", "bouquet", "newlyweds", "cake", "dance")


def make_row(photo_id: PhotoId) -> PhotoRow:
    """One photo with one predicted tag, and every third with a confirmed one too."""
    tags = [PhotoTag(CLASSES[photo_id % 5], 0.9, TagState.PREDICTED)]
    if photo_id % 3 == 0:
        tags.append(PhotoTag(CLASSES[(photo_id + 1) % 5], 0.8, TagState.CONFIRMED))
    return PhotoRow(
        id=photo_id,
        path=Path(f"/photos/2026/IMG_{photo_id:07}.jpg"),
        folder_id=FolderId(1),
        taken_at=None,
        camera=None,
        width=6000,
        height=4000,
        rating=None,
        label=None,
        shoot="2026-06-20",
        error=None,
        is_missing=False,
        needs_tags=False,
        tags=tuple(tags),
    )


def make_rows(ids: Sequence[PhotoId]) -> list[PhotoRow]:
    """Rows of these ids."""
    return [make_row(photo_id) for photo_id in ids]


def make_listing(count: int, shoots: int = 1) -> Listing:
    """So many photos in so many shoots of one length."""
    length = -(-count // shoots) if shoots else count
    starts = range(0, count, max(1, length)) if shoots else ()
    sections = tuple(
        Section(start, min(length, count - start), f"Shoot {start}") for start in starts
    )
    return Listing(ids=PhotoIds(np.arange(1, count + 1)), sections=sections)


class NoPictures:
    """A source of pictures that never has one; remembers what was wanted."""

    def __init__(self) -> None:
        self.wanted: list[PhotoId] = []

    def pixmap(self, photo_id: PhotoId) -> QPixmap | None:
        return None

    def want(self, wisher: QObject, photo_ids: Sequence[PhotoId], side_px: int) -> None:
        self.wanted = list(photo_ids)
