"""Everything the index keeps of one file, read from it and its sidecars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import UnreadablePhotoError
from tagger.core.photo import Capture, ScannedPhoto
from tagger.files import FoundFile, read_stamp
from tagger.images import read_capture, read_content_id
from tagger.metadata import read_metadata

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.services.neighbours import Neighbours


def read_photo(path: Path, found: FoundFile, neighbours: Neighbours) -> ScannedPhoto:
    """Everything the index keeps of one file.

    A file without a readable header is kept too: whether it is a picture is decided when it is
    decoded, by the most tolerant reader.
    """
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
