"""From a change of keywords, stars or label to the bytes of every file that carries them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.core.formats import Format, format_of
from tagger.core.rating import RatingChange
from tagger.metadata.carriers import is_editable
from tagger.metadata.edits import CarrierEdit
from tagger.metadata.facts import Facts, merge_facts
from tagger.metadata.keyword_paths import KeywordChange, name_key
from tagger.metadata.photo_editing import edit_photo
from tagger.metadata.photo_files import PhotoFiles, SidecarFile
from tagger.metadata.profiles import LIGHTROOM, Profile
from tagger.metadata.resolution import Resolution, resolve_change
from tagger.metadata.sidecar_editing import edit_sidecar, make_sidecar
from tagger.metadata.sidecars import list_folder, name_sidecar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from tagger.metadata.carriers import PhotoFile
    from tagger.metadata.exiftool import Exiftool
    from tagger.metadata.file_metadata import FileMetadata

_LEFT_ALONE = "Photos are left as they are by your settings, which ask for sidecars only."


def plan_edits(
    path: Path,
    change: KeywordChange,
    *,
    now: datetime,
    names_in_folder: Collection[str] | None = None,
    profile: Profile = LIGHTROOM,
    exiftool: Exiftool | None = None,
) -> tuple[CarrierEdit, ...]:
    """The new bytes of the photo and its sidecars; empty when nothing would change.

    JPEG, PNG and WebP carry keywords themselves, existing sidecars are kept up beside them. All
    other formats, and photos whose own metadata can't be edited without risk, get a sidecar; so do
    all where the profile leaves photos as they are.
    `names_in_folder` spares listing a large folder for every photo in it. With `exiftool` TIFF,
    DNG, HEIC and AVIF carry them as well where it can write them.
    Raises `MetadataRefusedError` when a file that must change can't be edited without risk,
    `UnreadablePhotoError` when the photo can't be opened.
    """
    names = list_folder(path) if names_in_folder is None else names_in_folder
    return plan_files(PhotoFiles.read(path, names, exiftool), change, now=now, profile=profile)


def plan_files(
    photo: PhotoFiles, change: KeywordChange, *, now: datetime, profile: Profile = LIGHTROOM
) -> tuple[CarrierEdit, ...]:
    """The same for a photo that was read already. Raises like `plan_edits`."""
    resolution = resolve_change(change, photo.held, profile.makes)
    return _plan(photo, resolution, now, profile)


def plan_agreement(
    path: Path, *, now: datetime, profile: Profile = LIGHTROOM, exiftool: Exiftool | None = None
) -> tuple[CarrierEdit, ...]:
    """The new bytes with which every program shows the same; empty when they do so already.

    Every list in the photo and its sidecars gets what any of them holds; nothing is taken out.
    Raises like `plan_edits`.
    """
    photo = PhotoFiles.read(path, list_folder(path), exiftool)
    everything = photo.everything
    in_paths = {name_key(name) for path in everything.paths for name in path}
    flat = ((name,) for name in everything.keywords if name_key(name) not in in_paths)
    rating = RatingChange(everything.rating, everything.label)
    change = KeywordChange(add=(*everything.paths, *flat), rating=rating)
    resolution = replace(resolve_change(change, everything, profile.makes), is_complete=True)
    return _plan(photo, resolution, now, profile)


def _plan(
    photo: PhotoFiles, resolution: Resolution, now: datetime, profile: Profile
) -> tuple[CarrierEdit, ...]:
    path, held, sidecars = photo.path, photo.held, photo.sidecars
    edits, reason = _plan_photo(photo, resolution, now, profile)
    is_truth = photo.is_hidden_by_sidecars
    if is_truth:
        embedded = RatingChange(photo.facts.rating, photo.facts.label)
        resolution = replace(resolution, embedded=embedded)
    edits += _plan_sidecars(sidecars, held, resolution, now, is_truth=is_truth)
    is_new = resolution.changes(held) or resolution.rates(held)
    if not sidecars and (reason is not None or photo.data is None) and is_new:
        after = make_sidecar(path.suffix[1:], held, resolution, now)
        has_full_name = profile.has_full_names
        sidecar = name_sidecar(path, photo.names, has_full_name=has_full_name)
        edits += (CarrierEdit(sidecar, None, after),)
    return tuple(replace(one, reason=reason, rating=resolution.rating) for one in edits)


_Edits = tuple[CarrierEdit, ...]


def _plan_sidecars(
    sidecars: Sequence[SidecarFile],
    held: FileMetadata,
    resolution: Resolution,
    now: datetime,
    *,
    is_truth: bool,
) -> _Edits:
    """Edits of the sidecars that exist.

    `is_truth`: they stand for what is embedded in the photo. As long as none speaks of keywords,
    the embedded ones hold, so the first edit has to repeat all that remain.
    With the first keyword that a silent one gets it gets all, wherever they are: programs that find
    a list in a sidecar look for no other.
    """
    is_silent = is_truth and not any(one.facts.has_keywords for one in sidecars)
    must_speak = is_silent and resolution.changes(held)
    edits: _Edits = ()
    for one in sidecars:
        gets_all = resolution.is_complete or not one.facts.has_keywords
        own = resolution if gets_all else resolution.narrowed(merge_facts([one.facts]))
        after = edit_sidecar(one.path.name, one.data, own, now, must_speak=must_speak)
        edits += (CarrierEdit(one.path, one.data, after),) if after is not None else ()
    return edits


def _plan_photo(
    photo: PhotoFiles, resolution: Resolution, now: datetime, profile: Profile
) -> tuple[_Edits, str | None]:
    """The edit of the photo itself, or the reason why there can be none."""
    path, data = photo.path, photo.data
    if data is None:
        return (), None
    if not (is_editable(data) or photo.is_hidden_by_sidecars):
        raise MetadataRefusedError(f"{path.name} is not the kind of picture that its name says.")
    if not profile.is_in_file:
        _refuse_if_stuck(photo.facts, resolution, _LEFT_ALONE)
        return (), _LEFT_ALONE
    own = merge_facts([photo.facts]) if photo.sidecars else photo.held
    narrowed = resolution if resolution.is_complete else resolution.narrowed(own)
    is_due = resolution.is_complete or narrowed.is_adding(own)
    try:
        new = edit_photo(_require_opened(photo), narrowed, now, is_due=is_due)
        if new is None:
            return (), None
        edit = CarrierEdit(path, data, new, rating=resolution.rating, opened=photo.opened)
        if photo.is_hidden_by_sidecars:
            edit.verify(new)  # a sidecar does as well
    except MetadataRefusedError as error:
        reason = _explain(path, error)
        if not photo.is_hidden_by_sidecars:
            _refuse_if_stuck(photo.facts, resolution, reason)
        return (), reason
    return (edit,), None


def _require_opened(photo: PhotoFiles) -> PhotoFile:
    if photo.opened is None:
        raise photo.refusal or MetadataRefusedError("The photo can't be edited.")
    return photo.opened


def _explain(path: Path, error: MetadataRefusedError) -> str:
    sentence = f"{error} The keywords are in a sidecar instead."
    if format_of(path) is Format.JPEG:
        sentence += " Lightroom Classic does not read sidecars of JPEG files."
    return sentence


def _refuse_if_stuck(photo: Facts, resolution: Resolution, reason: str) -> None:
    """A sidecar can add to what a photo holds but not take anything out of it or change it."""
    is_stuck = any(map(resolution.is_gone_name, photo.names)) or any(
        map(resolution.is_gone_path, photo.paths)
    )
    own, new = photo, resolution.rating
    if (own.rating and new.rating not in {None, own.rating}) or (
        own.label and new.label not in {None, own.label}
    ):
        raise MetadataRefusedError(f"Stars and label of this photo can't be changed. {reason}")
    if is_stuck:
        raise MetadataRefusedError(f"The keyword can't be taken out of this photo. {reason}")
