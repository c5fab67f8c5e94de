"""Everything the index keeps of one file, read from it and its sidecars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError, UnreadablePhotoError
from tagger.core.photo import Capture, ScannedPhoto
from tagger.files import FoundFile, read_stamp
from tagger.images import DecodePool, read_capture, read_content_id
from tagger.metadata import read_metadata
from tagger.services.neighbours import Neighbours
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tagger.core.cancel import CancelToken


def read_photo(path: Path, found: FoundFile, neighbours: Neighbours) -> ScannedPhoto:
    """Everything the index keeps of one file.

    A file without a readable header is kept too: whether it is a picture is decided when it is
    decoded, by the most tolerant reader.

    Raises:
        UnreadablePhotoError: it can't be opened, or is empty: all empty files look like the same
            picture, and most are about to be filled.
    """
    if not found.stamp.size:
        raise UnreadablePhotoError("The file is empty.")
    try:
        capture = read_capture(path)
    except UnreadablePhotoError:
        capture = Capture()
    metadata = read_metadata(path, sidecars=neighbours.sidecars(path))
    return ScannedPhoto(
        rel_path=found.rel_path,
        stamp=found.stamp,
        sidecars=found.sidecars,
        content_id=read_content_id(path),
        capture=capture,
        keywords=(*metadata.keywords, *("|".join(path) for path in metadata.paths)),
        rating=metadata.rating,
        label=metadata.label,
    )


def read_photo_now(path: Path, root: Path, neighbours: Neighbours) -> ScannedPhoto:
    """One file of the folder `root`, as the next scan would see it.

    Raises:
        PhotoError: it can't be read.
        OSError: it is gone.
    """
    rel_path = path.relative_to(root).as_posix()
    found = FoundFile(rel_path, read_stamp(path), neighbours.stamp_sidecars(path))
    return read_photo(path, found, neighbours)


def read_photos(
    root: Path, files: Iterable[FoundFile], cancel: CancelToken
) -> Iterator[ScannedPhoto]:
    """Read files of the folder `root` in threads; one that can't be read says why.

    Left out is what went away since it was found: that is no fault of the photo, and the next scan
    tells whether it is gone or its drive is away.

    Raises:
        CancelledError: between two photos.
    """
    by_path = {root / found.rel_path: found for found in files}
    neighbours = Neighbours()

    def read(path: Path) -> ScannedPhoto:
        return read_photo(path, by_path[path], neighbours)

    workers = core_count()
    with DecodePool(read, workers=workers) as pool:
        items = ((found, path) for path, found in by_path.items())
        for found, photo in pool.results(items, look_ahead=workers * 4, cancel=cancel):
            if not isinstance(photo, PhotoError):
                yield photo
            elif is_reachable(root / found.rel_path):
                yield _as_failed(found, photo)


def is_reachable(path: Path) -> bool:
    """Whether the file is there. False as well where a drive answers with an error."""
    try:
        read_stamp(path)
    except OSError:
        return False
    return True


def _as_failed(found: FoundFile, error: PhotoError) -> ScannedPhoto:
    return ScannedPhoto(
        found.rel_path,
        found.stamp,
        None,
        Capture(),
        error=str(error),
        sidecars=found.sidecars,
    )
