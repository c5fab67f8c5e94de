"""From a change of keywords to the bytes of every file that carries them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError, UnreadablePhotoError
from tagger.core.formats import Format, format_of
from tagger.metadata.carriers import is_editable
from tagger.metadata.edits import CarrierEdit
from tagger.metadata.facts import Facts, facts_of_sidecar
from tagger.metadata.photo_editing import edit_photo
from tagger.metadata.reading import merge_carriers, read_photo_facts
from tagger.metadata.resolution import Resolution, resolve_change
from tagger.metadata.sidecar_editing import edit_sidecar, make_sidecar
from tagger.metadata.sidecars import find_sidecars, list_folder, name_sidecar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
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
    photo = read_photo_facts(path)
    old = {sidecar: _read_bytes(sidecar) for sidecar in find_sidecars(path, names)}
    facts = [facts_of_sidecar(data, sidecar.name) for sidecar, data in old.items()]
    held = merge_carriers(path, photo, facts)
    resolution = resolve_change(change, held)
    is_silent = not _holds_keywords(path) and not any(one.has_keywords for one in facts)
    must_speak = is_silent and resolution.changes(held)
    own, reason = _plan_photo(path, resolution, now)
    if reason is not None:
        _refuse_if_stuck(photo, resolution, reason)
    edits = [*own, *_plan_sidecars(old, resolution, now, must_speak=must_speak)]
    if not old and (reason is not None or not _holds_keywords(path)):
        target = name_sidecar(path, names)
        edits.extend(_plan_new_sidecar(target, path, held, resolution, now))
    return tuple(replace(one, reason=reason) for one in edits)


def _plan_sidecars(
    old: Mapping[Path, bytes], resolution: Resolution, now: datetime, *, must_speak: bool
) -> list[CarrierEdit]:
    """Edits of the sidecars that exist."""
    edits = []
    for sidecar, data in old.items():
        after = edit_sidecar(sidecar.name, data, resolution, now, must_speak=must_speak)
        edits.extend([CarrierEdit(sidecar, data, after)] if after is not None else [])
    return edits


def _plan_photo(
    path: Path, resolution: Resolution, now: datetime
) -> tuple[tuple[CarrierEdit, ...], str | None]:
    """The edit of the photo itself, or the reason why there can be none."""
    if not _holds_keywords(path):
        return (), None
    before = _read_bytes(path)
    if not is_editable(before):
        raise MetadataRefusedError(f"{path.name} is not the kind of picture that its name says.")
    try:
        after = edit_photo(before, resolution, now)
    except MetadataRefusedError as error:
        return (), _explain(path, error)
    return (() if after is None else (CarrierEdit(path, before, after),)), None


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


def _plan_new_sidecar(
    target: Path, path: Path, held: FileMetadata, resolution: Resolution, now: datetime
) -> list[CarrierEdit]:
    if not resolution.changes(held):
        return []
    after = make_sidecar(path.suffix[1:], held, resolution, now)
    return [CarrierEdit(target, None, after)]


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
