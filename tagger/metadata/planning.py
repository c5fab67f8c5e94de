"""From a change of keywords to the bytes of every file that carries them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError, UnreadablePhotoError
from tagger.core.formats import Format, format_of
from tagger.metadata.carriers import is_editable
from tagger.metadata.edits import CarrierEdit
from tagger.metadata.facts import Facts, facts_of_sidecar, merge_facts
from tagger.metadata.photo_editing import edit_photo
from tagger.metadata.reading import facts_of_bytes, merge_carriers, read_photo_facts
from tagger.metadata.resolution import Resolution, resolve_change
from tagger.metadata.sidecar_editing import edit_sidecar, make_sidecar
from tagger.metadata.sidecars import find_sidecars, list_folder, name_sidecar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from tagger.metadata.file_metadata import FileMetadata
    from tagger.metadata.keyword_paths import KeywordChange

_MAX_PHOTO_BYTES = 1 << 30


def plan_edits(
    path: Path,
    change: KeywordChange,
    *,
    now: datetime,
    names_in_folder: Collection[str] | None = None,
) -> tuple[CarrierEdit, ...]:
    """The new bytes of the photo and its sidecars; empty when nothing would change.

    JPEG, PNG and WebP carry keywords themselves, existing sidecars are kept up beside them. All
    other formats, and photos whose own metadata can't be edited without risk, get a sidecar.
    `names_in_folder` spares listing a large folder for every photo in it.
    Raises `MetadataRefusedError` when a file that must change can't be edited without risk,
    `UnreadablePhotoError` when the photo can't be opened.
    """
    names = list_folder(path) if names_in_folder is None else names_in_folder
    data = _read_bytes(path) if _holds_keywords(path) else None
    photo = read_photo_facts(path) if data is None else facts_of_bytes(data)
    sidecars = [_Sidecar.read(sidecar) for sidecar in find_sidecars(path, names)]
    held = merge_carriers(path, photo, [one.facts for one in sidecars])
    resolution = resolve_change(change, held)
    edits, reason = _plan_photo(path, data, photo, resolution, now)
    edits += _plan_sidecars(sidecars, held, resolution, now, is_truth=data is None)
    if not sidecars and (reason is not None or data is None) and resolution.changes(held):
        after = make_sidecar(path.suffix[1:], held, resolution, now)
        edits += (CarrierEdit(name_sidecar(path, names), None, after),)
    return tuple(replace(one, reason=reason) for one in edits)


@dataclass(frozen=True, slots=True)
class _Sidecar:
    path: Path
    data: bytes
    facts: Facts

    @classmethod
    def read(cls, path: Path) -> _Sidecar:
        data = _read_bytes(path)
        return cls(path, data, facts_of_sidecar(data, path.name))


_Edits = tuple[CarrierEdit, ...]


def _plan_sidecars(
    sidecars: Sequence[_Sidecar],
    held: FileMetadata,
    resolution: Resolution,
    now: datetime,
    *,
    is_truth: bool,
) -> _Edits:
    """Edits of the sidecars that exist.

    `is_truth`: they stand for what is embedded in the photo. As long as none speaks of keywords,
    the embedded ones hold, so the first edit has to repeat all that remain.
    """
    is_silent = is_truth and not any(one.facts.has_keywords for one in sidecars)
    must_speak = is_silent and resolution.changes(held)
    edits: _Edits = ()
    for one in sidecars:
        own = resolution if is_silent else resolution.narrowed(merge_facts([one.facts]))
        after = edit_sidecar(one.path.name, one.data, own, now, must_speak=must_speak)
        edits += (CarrierEdit(one.path, one.data, after),) if after is not None else ()
    return edits


def _plan_photo(
    path: Path, data: bytes | None, photo: Facts, resolution: Resolution, now: datetime
) -> tuple[_Edits, str | None]:
    """The edit of the photo itself, or the reason why there can be none."""
    if data is None:
        return (), None
    if not is_editable(data):
        raise MetadataRefusedError(f"{path.name} is not the kind of picture that its name says.")
    own = merge_facts([photo])
    narrowed = resolution.narrowed(own)
    try:
        after = edit_photo(data, narrowed, now, is_due=narrowed.is_adding(own))
    except MetadataRefusedError as error:
        reason = _explain(path, error)
        _refuse_if_stuck(photo, resolution, reason)
        return (), reason
    return (() if after is None else (CarrierEdit(path, data, after),)), None


def _explain(path: Path, error: MetadataRefusedError) -> str:
    sentence = f"{error} The keywords are in a sidecar instead."
    if format_of(path) is Format.JPEG:
        sentence += " Lightroom Classic does not read sidecars of JPEG files."
    return sentence


def _refuse_if_stuck(photo: Facts, resolution: Resolution, reason: str) -> None:
    """A sidecar can add to what a photo holds but not take anything out of it."""
    is_stuck = any(map(resolution.is_gone_name, photo.names)) or any(
        map(resolution.is_gone_path, photo.paths)
    )
    if is_stuck:
        raise MetadataRefusedError(f"The keyword can't be taken out of this photo. {reason}")


def _holds_keywords(path: Path) -> bool:
    fmt = format_of(path)
    return fmt is not None and fmt.holds_keywords


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_PHOTO_BYTES:
            raise MetadataRefusedError(f"{path.name} is larger than 1 GB, so it stays as it is.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadablePhotoError(f"{path.name} can't be opened: {error.strerror}.") from error
