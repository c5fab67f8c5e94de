"""Drives below a folder of the library: one that goes away leaves an empty folder behind."""

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
    """Places below the folder where a drive was and is no more, and where nothing lies instead.

    Photos known there are as little gone as those of a library folder whose drive is away. `found`
    are the photos that were seen, below the folder; from their places it is noted where drives are.
    """
    dirs = {parent.as_posix() for path in found for parent in PurePosixPath(path).parents}
    known = library.mounted_dirs(folder.id)
    mounted = find_mounts(folder.path, (dirs | known) - {"."})
    away = {path for path in known - mounted if not _holds_any(folder.path, path, found)}
    if mounted | away != known:
        library.store_mounted_dirs(folder.id, mounted | away)
    return [
        ScanProblem(path, f"The drive at {folder.path / path} is away; its photos are kept.")
        for path in sorted(away)
    ]


def find_absent_links(folder: Folder, missed: Iterable[str]) -> list[ScanProblem]:
    """Links below the folder that lead to a drive that is away; `missed` are photos not seen."""
    dirs = {parent.as_posix() for path in missed for parent in PurePosixPath(path).parents}
    links = sorted(path for path in dirs - {"."} if _is_absent_link(folder.path / path))
    return [
        ScanProblem(path, f"The drive that {folder.path / path} leads to is away; its photos stay.")
        for path in links
    ]


def _is_absent_link(path: Path) -> bool:
    return os.path.islink(path) and not is_online(path)  # noqa: PTH114 - Path.is_symlink raises in closed folders


def _holds_any(root: Path, place: str, found: Collection[str]) -> bool:
    """Whether a photo lies there now: the drive may have gone after photos were seen on it."""
    return any(path.startswith(f"{place}/") and os.path.exists(root / path) for path in found)  # noqa: PTH110 - Path.exists raises where a drive fails


def find_unmounted(library: Library, folder: Folder) -> set[str]:
    """Places below the folder where a drive was when it was last looked through, and is not now."""
    known = library.mounted_dirs(folder.id)
    return known - find_mounts(folder.path, known)
