"""Drives in a folder of the library: one that goes away leaves its mount point behind."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tagger.files import ScanProblem
from tagger.files.drives import find_mounts, is_online

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from tagger.library import Folder, Library


def find_absent_drives(
    library: Library, folder: Folder, found: Collection[str]
) -> list[ScanProblem]:
    """Places in the folder where a drive was and is no more, and where nothing lies instead.

    Photos known there are as little gone as those of a library folder whose drive is away. `found`
    are the photos that were seen, below the folder; from their places it is noted where drives are.
    """
    known = library.mounted_dirs(folder.id)
    mounted = find_mounts(folder.path, _list_dirs(found) | known)
    away = {path for path in known - mounted if not _holds_any(folder.path, path, found)}
    if mounted | away != known:
        library.store_mounted_dirs(folder.id, mounted | away)
    return [
        ScanProblem(path, f"The drive at {folder.path / path} is away; its photos are kept.")
        for path in sorted(away)
    ]


def find_absent_links(folder: Folder, missed: Iterable[str]) -> list[ScanProblem]:
    """Links below the folder that lead to a drive that is away; `missed` are photos not seen."""
    links = sorted(path for path in _list_dirs(missed) if _is_absent_link(folder.path / path))
    return [
        ScanProblem(path, f"The drive that {folder.path / path} leads to is away; its photos stay.")
        for path in links
    ]


def _list_dirs(paths: Iterable[str]) -> set[str]:
    """Every folder above these; `""` is the folder of the library itself."""
    nearest = {PurePosixPath(folder) for folder in {path.rpartition("/")[0] for path in paths}}
    dirs = nearest.union(*(folder.parents for folder in nearest))
    return {"" if folder == PurePosixPath() else folder.as_posix() for folder in dirs}


def _is_absent_link(path: Path) -> bool:
    return os.path.islink(path) and not is_online(path)  # noqa: PTH114 - Path.is_symlink raises in closed folders


def _holds_any(root: Path, place: str, found: Collection[str]) -> bool:
    """Whether a photo lies there now: the drive may have gone after photos were seen on it."""
    start = place and f"{place}/"
    return any(path.startswith(start) and os.path.exists(root / path) for path in found)  # noqa: PTH110 - Path.exists raises where a drive fails


def find_unmounted(library: Library, folder: Folder) -> set[str]:
    """Places in the folder where a drive was when it was last looked through, and is not now."""
    known = library.mounted_dirs(folder.id)
    return known - find_mounts(folder.path, known)
