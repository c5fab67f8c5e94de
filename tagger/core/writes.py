"""What waits to be written to files, and what writing does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.rating import NOTHING_PENDING, PendingRating

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.core.photo import Stamp


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """One file whose keywords differ from what was decided.

    Attributes:
        photo_id: the row of this very file; a RAW companion has its own.
        path: absolute.
        stamp: of the file when it was last seen; a file with another stamp was changed since.
        tag_rev: give it back to `store_written`.
        wanted: keyword paths that the file should hold, from general to special.
        ours: keywords that we added to the file earlier, so may take out again.
        base: what the file held when it was last seen.
        left_alone: keys of keywords that stay in the file, or out of it, whatever was decided.
        rating: stars and label that a person gave, when they are not in the file yet.
    """

    photo_id: PhotoId
    path: Path
    stamp: Stamp
    tag_rev: int
    wanted: tuple[tuple[str, ...], ...]
    ours: tuple[str, ...]
    base: tuple[str, ...]
    rating: PendingRating = NOTHING_PENDING
    left_alone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileChange:
    """What writing does to one file, and what takes it back.

    Attributes:
        path: the photo itself or a sidecar, where it was at that moment.
        before_digest, after_digest: of the whole file; None where there is none.
        delta: what turns the one into the other, and back.
    """

    path: Path
    before_digest: str | None
    after_digest: str | None
    delta: bytes
