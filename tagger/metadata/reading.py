"""What a photo holds, from all its carriers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.metadata.edits import CarrierEdit
    from tagger.metadata.file_metadata import FileMetadata


def read_metadata(path: Path, *, sidecars: Sequence[Path] = ()) -> FileMetadata:
    """Keywords, rating and label of the photo.

    Bad metadata becomes a sentence in `problems`; `UnreadablePhotoError` only when the photo
    itself can't be opened.
    """
    raise NotImplementedError


def keywords_after(path: Path, edits: Sequence[CarrierEdit]) -> FileMetadata:
    """What `read_metadata` will say of the photo and its sidecars once `edits` are in place."""
    raise NotImplementedError
