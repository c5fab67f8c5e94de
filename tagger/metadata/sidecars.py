"""Which XMP sidecar belongs to which photo.

`f.cr2.xmp` (darktable, digiKam, Immich) names its photo. `f.xmp` (Adobe, Capture One) belongs to
the RAW of that name; beside several photos `photoshop:SidecarForExtension` decides.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.errors import UnreadablePhotoError
from tagger.core.formats import Format, format_of
from tagger.metadata.source import MAX_BLOCK_BYTES
from tagger.metadata.xmp_properties import read_packet

if TYPE_CHECKING:
    from collections.abc import Collection

_SUFFIX = ".xmp"


def find_sidecars(path: Path, names_in_folder: Collection[str] | None = None) -> tuple[Path, ...]:
    """The existing sidecars of a photo, `f.ext.xmp` before `f.xmp`.

    `names_in_folder` spares listing the folder again. A `f.xmp` that may belong to several
    photos and does not say to which belongs to none, and so does one for a photo that is gone.
    """
    names = list_folder(path) if names_in_folder is None else names_in_folder
    photo = _same(path.name)
    stem = _same(path.stem)
    sidecars = [name for name in names if name.lower().endswith(_SUFFIX)]
    full = [name for name in sidecars if _same(name[: -len(_SUFFIX)]) == photo]
    short = [name for name in sidecars if _same(name[: -len(_SUFFIX)]) == stem and stem != photo]
    rivals = _find_rivals(path, names) if short else []
    owned = [
        name
        for name in short
        if not _is_of_photo(name, names) and _is_owner(path, rivals, path.parent / name)
    ]
    return tuple(path.parent / name for name in (*sorted(full), *sorted(owned)))


def name_sidecar(
    path: Path, names_in_folder: Collection[str], *, has_full_name: bool = False
) -> Path:
    """Where a new sidecar goes: `f.xmp` beside a RAW that has the name alone, else `f.ext.xmp`.

    Lightroom and Capture One read `f.xmp` beside RAW files; beside all others no program
    prefers it, and a second photo of the same name would share it by accident.
    """
    if format_of(path) is Format.RAW and not has_full_name:
        rivals = [name for name in _find_rivals(path, names_in_folder) if _is_raw(name)]
        short = _same(path.stem + _SUFFIX)
        is_free = all(_same(name).lower() != short.lower() for name in names_in_folder)
        if is_free and not rivals and not _is_of_photo(short, names_in_folder):
            return path.with_suffix(_SUFFIX)
    return path.with_name(path.name + _SUFFIX)


def list_folder(path: Path) -> list[str]:
    """Names of the files beside a photo; `UnreadablePhotoError` when the folder is gone."""
    try:
        return [entry.name for entry in path.parent.iterdir()]
    except OSError as error:
        raise UnreadablePhotoError(f"The folder {path.parent} can't be read.") from error


def _same(name: str) -> str:
    """Names that differ in Unicode form alone are one name (macOS decomposes them)."""
    return unicodedata.normalize("NFC", name)


def _find_rivals(path: Path, names: Collection[str]) -> list[str]:
    """Other photos with the same name before the suffix."""
    stem = _same(path.stem)
    return [
        name
        for name in names
        if _same(name) != _same(path.name)
        and _same(Path(name).stem) == stem
        and format_of(Path(name)) is not None
    ]


def _is_of_photo(sidecar: str, names: Collection[str]) -> bool:
    """Whether it is the `f.ext.xmp` of a photo: `a.cr2.xmp` is none of `a.cr2.jpg`'s."""
    stem = _same(sidecar[: -len(_SUFFIX)])
    return format_of(Path(stem)) is not None and any(_same(name) == stem for name in names)


def _is_raw(name: str) -> bool:
    return format_of(Path(name)) is Format.RAW


def _is_owner(path: Path, rivals: list[str], sidecar: Path) -> bool:
    """Whether a `f.xmp` is this photo's and no rival's.

    What the sidecar says counts where a photo of that type is there. A RAW that was converted
    (CR2 to DNG) keeps its sidecar; any other photo never takes over one of a photo that is gone.
    """
    extension = (_read_extension(sidecar) or "").lower()
    if extension == path.suffix[1:].lower():
        return True
    if extension in {Path(name).suffix[1:].lower() for name in rivals}:
        return False
    if _is_raw(path.name):
        return not any(map(_is_raw, rivals))
    return not rivals and not extension


def _read_extension(sidecar: Path) -> str | None:
    try:
        with sidecar.open("rb") as file:
            data = file.read(MAX_BLOCK_BYTES + 1)
    except OSError:
        return None
    return read_packet(data)[0].extension
