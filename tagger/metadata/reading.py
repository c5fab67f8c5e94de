"""What a photo holds, from all its carriers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.core.errors import UnreadablePhotoError
from tagger.core.formats import format_of
from tagger.metadata.carriers import read_blocks
from tagger.metadata.facts import Facts, facts_of_photo, facts_of_sidecar, merge_facts
from tagger.metadata.sidecars import find_sidecars
from tagger.metadata.source import MAX_BLOCK_BYTES, Source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tagger.metadata.edits import CarrierEdit
    from tagger.metadata.file_metadata import FileMetadata


def read_metadata(path: Path, *, sidecars: Sequence[Path] = ()) -> FileMetadata:
    """Keywords, rating and label of the photo.

    The file and its sidecars count together. Where keywords can't go into the file (RAW, TIFF,
    HEIC) a sidecar that speaks of keywords stands for those embedded in it, as in Lightroom and
    digiKam; without that nothing could ever be taken away.
    Bad metadata becomes a sentence in `problems`; `UnreadablePhotoError` only when the photo
    itself can't be opened.
    """
    return _read(path, sidecars, {})


def keywords_after(
    path: Path, edits: Sequence[CarrierEdit], names_in_folder: Collection[str] | None = None
) -> FileMetadata:
    """What `read_metadata` will say of the photo and its sidecars once `edits` are in place.

    `names_in_folder` spares listing the folder again.
    """
    planned = {edit.path: edit.after for edit in edits}
    new = [one for one in planned if one != path]
    sidecars = list(dict.fromkeys([*find_sidecars(path, names_in_folder), *new]))
    return _read(path, sidecars, planned)


def read_photo_facts(path: Path) -> Facts:
    """What the photo itself says; `UnreadablePhotoError` when it can't be opened."""
    try:
        with path.open("rb") as file:
            return facts_of_photo(read_blocks(Source(file)))
    except OSError as error:
        raise UnreadablePhotoError(f"{path.name} can't be opened: {error.strerror}.") from error


def facts_of_bytes(data: bytes) -> Facts:
    """What the photo says whose bytes these are."""
    return facts_of_photo(read_blocks(Source.of_bytes(data)))


def merge_carriers(path: Path, photo: Facts, sidecars: Sequence[Facts]) -> FileMetadata:
    """One answer from the photo and its sidecars."""
    fmt = format_of(path)
    if fmt is not None and fmt.holds_keywords:
        # Cameras write "no stars" into every photo, which says nothing against a sidecar.
        speaking = replace(photo, rating=photo.rating or None, label=photo.label or None)
        return merge_facts([speaking, *sidecars, Facts(rating=photo.rating)])
    if any(one.has_keywords for one in sidecars):
        photo = Facts(rating=photo.rating, label=photo.label, problems=photo.problems)
    return merge_facts([*sidecars, photo])


def _read(path: Path, sidecars: Sequence[Path], planned: Mapping[Path, bytes]) -> FileMetadata:
    photo = facts_of_bytes(planned[path]) if path in planned else read_photo_facts(path)
    others = [_read_sidecar(sidecar, planned) for sidecar in sidecars]
    return merge_carriers(path, photo, others)


def _read_sidecar(path: Path, planned: Mapping[Path, bytes]) -> Facts:
    if path in planned:
        return facts_of_sidecar(planned[path], path.name)
    try:
        with path.open("rb") as file:
            return facts_of_sidecar(file.read(MAX_BLOCK_BYTES + 1), path.name)
    except OSError as error:
        return Facts(problems=(f"{path.name} can't be opened: {error.strerror}.",))
