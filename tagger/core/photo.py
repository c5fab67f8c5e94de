"""A photo as the index knows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tagger.core.ids import ContentId


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size in bytes and modification time: equal stamps mean an unchanged file."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Capture:
    """What the camera wrote.

    Attributes:
        taken_at: the camera's clock, without time zone (cameras rarely know it).
        camera: maker and model, `Canon EOS R6`.
        width, height: pixels as displayed, after orientation.
        orientation: Exif value 1..8.
    """

    taken_at: datetime | None = None
    camera: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int = 1


@dataclass(frozen=True, slots=True)
class ScannedPhoto:
    """One file as the scan found it, ready for the index.

    Attributes:
        rel_path: path below the library folder, with `/` on every system; names that are not
            UTF-8 carry surrogate escapes.
        content_id: None when the file could not be read; `error` then says why.
        keywords: flat keywords and full paths (`Wedding|Bouquet`) the file holds now.
        rating: -1 (rejected) to 5, None where the file has none.
        sidecars: stamps of its sidecars; another text means that one came, changed or went.
    """

    rel_path: str
    stamp: Stamp
    content_id: ContentId | None
    capture: Capture
    keywords: tuple[str, ...] = ()
    rating: int | None = None
    label: str | None = None
    error: str | None = None
    sidecars: str = ""


class FileState(StrEnum):
    """How a photo's file stands to its tags."""

    IN_STEP = "in-step"
    PENDING = "pending"
    """Something waits to be written."""
    FAILED = "failed"
    CONFLICT = "conflict"
    """Another program changed the file in a way that can't be merged."""
    READ_ONLY = "read-only"
    OFFLINE = "offline"
    """The drive with the file is away."""
