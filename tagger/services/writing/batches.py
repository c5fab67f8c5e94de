"""Photos that are written side by side: few, not too large, and none that shares a name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagger.library import PendingWrite

_MAX_PHOTOS = 32
_MAX_BYTES = 48 << 20
"""A photo in work is held about three times in memory."""


def split_batches(queue: Iterable[PendingWrite]) -> Iterator[list[PendingWrite]]:
    """Batches in the order of the queue; a single photo may be larger than the limit.

    RAW and JPEG of one name may share a sidecar, so they are never in one batch.
    """
    batch: list[PendingWrite] = []
    stems: set[tuple[str, str]] = set()
    size = 0
    for pending in queue:
        stem = _stem(pending)
        if batch and (
            len(batch) >= _MAX_PHOTOS or size + pending.stamp.size > _MAX_BYTES or stem in stems
        ):
            yield batch
            batch, stems, size = [], set(), 0
        batch.append(pending)
        stems.add(stem)
        size += pending.stamp.size
    if batch:
        yield batch


def has_stems_of(photos: Iterable[PendingWrite], others: Iterable[PendingWrite]) -> bool:
    """Whether any of them may share a sidecar with one of the others."""
    return not set(map(_stem, photos)).isdisjoint(map(_stem, others))


def _stem(pending: PendingWrite) -> tuple[str, str]:
    name = unicodedata.normalize("NFC", pending.path.name.casefold())
    return str(pending.path.parent), name.partition(".")[0]
