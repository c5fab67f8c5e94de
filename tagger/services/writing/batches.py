"""Photos that are written together: few, and none that shares a name."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from tagger.core.formats import format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.core.writes import PendingWrite
    from tagger.services.workspace import Workspace

PAGE = 64
"""Photos that are read from the queue at once."""
_MAX_PHOTOS = 64


def read_queue(workspace: Workspace) -> Iterator[PendingWrite]:
    """The queue in pages. Walks forward by id, so that a photo which fails is met once a run."""
    folder_ids = [folder.id for folder in workspace.online_folders()]
    after: PhotoId | None = None
    while page := workspace.library.next_unwritten(folder_ids, PAGE, after=after):
        yield from page
        after = page[-1].photo_id


def split_batches(queue: Iterable[PendingWrite]) -> Iterator[list[PendingWrite]]:
    """Batches in the order of the queue.

    RAW and JPEG of one name may share a sidecar, so they are never in one batch.
    """
    batch: list[PendingWrite] = []
    taken: set[tuple[str, str]] = set()
    for pending in queue:
        names = _names(pending.path)
        if len(batch) == _MAX_PHOTOS or not names.isdisjoint(taken):
            yield batch
            batch, taken = [], set()
        batch.append(pending)
        taken |= names
    if batch:
        yield batch


def is_spliced(pending: PendingWrite) -> bool:
    """Whether our own code writes into the photo itself: no sidecar and no exiftool."""
    fmt = format_of(pending.path)
    return fmt is not None and fmt.holds_keywords


def has_stems_of(photos: Iterable[PendingWrite], others: Iterable[PendingWrite]) -> bool:
    """Whether any of them may share a sidecar with one of the others."""
    taken = {name for other in others for name in _names(other.path)}
    return any(not _names(photo.path).isdisjoint(taken) for photo in photos)


@lru_cache(maxsize=4 * _MAX_PHOTOS)  # asked for each photo as one of a batch and of its neighbours
def _names(path: Path) -> frozenset[tuple[str, str]]:
    """What its sidecars may be called: `f` and `f.jpg`, in the folder, whatever the case."""
    name, folder = unicodedata.normalize("NFC", path.name.casefold()), str(path.parent)
    return frozenset((folder, one) for one in (name, PurePath(name).stem))
