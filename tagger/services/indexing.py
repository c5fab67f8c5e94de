"""From files on disk to rows in the library.

A scan walks every folder first and marks what is gone before it stores what is new, so that a photo
that moved, even to another folder, is recognised by its image data and keeps its decisions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.formats import format_of
from tagger.files import FoundFile, ScanProblem, read_stamp, scan_folder
from tagger.services.mounted_drives import (
    find_absent_drives,
    find_absent_links,
    find_unmounted,
)
from tagger.services.neighbours import Neighbours, find_owners, find_renamed
from tagger.services.photo_reading import read_photos
from tagger.services.reporting import Report, Stopwatch
from tagger.services.workspace import AWAY, Workspace
from tagger.services.writing.recovering import recover_writes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.photo import ScannedPhoto, Stamp
    from tagger.library import Folder

_PHOTOS_PER_STORE = 64
"""Few enough that photos appear while they are being found."""

_CHANGED_PER_STORE = 4096
"""More than a shoot has that somebody may have renumbered."""


@dataclass
class ScanResult:
    """What a scan did.

    Attributes:
        found: photos on disk now.
        stored: photos that were new or had changed.
        gone: photos that are no longer where they were.
        problems: sentences on folders that could not be read.
        offline: folders whose drive is away.
    """

    found: int = 0
    stored: int = 0
    gone: int = 0
    problems: list[str] = field(default_factory=list)
    offline: list[Path] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)


@dataclass
class _Walk:
    """One folder as the walk saw it, against what the library knows."""

    folder: Folder
    found: int = 0
    fresh: list[FoundFile] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    problems: list[ScanProblem] = field(default_factory=list)


def scan_library(workspace: Workspace, cancel: CancelToken, report: Report) -> ScanResult:
    """Bring the library in step with every folder that is online.

    Raises:
        CancelledError: between two photos; what was stored stays stored.
    """
    recover_writes(workspace)
    workspace.library.back_up_when_due()
    offline = workspace.offline_folders()
    workspace.library.store_away([folder.id for folder in offline], AWAY)
    result = ScanResult(offline=[folder.path for folder in offline])
    walks = [
        _walk_folder(workspace, folder, cancel, report)
        for folder in workspace.library.folders()
        if folder not in offline
    ]
    for walk in walks:
        result.found += walk.found
        result.gone += len(walk.gone)
        result.problems += [problem.sentence for problem in walk.problems]
        result.changes |= workspace.library.mark_missing(walk.folder.id, walk.gone)
    watch = Stopwatch("Reading new photos", sum(len(walk.fresh) for walk in walks), report)
    for walk in walks:
        for changes, count in _store_fresh(workspace, walk.folder, walk.fresh, cancel):
            result.changes |= changes
            result.stored += count
            watch.advance(count)
    return result


def index_paths(
    workspace: Workspace, folder: Folder, paths: Iterable[Path], cancel: CancelToken
) -> Changes:
    """Bring single files of one folder in step: what a watcher reported.

    A sidecar that came, changed or went has its photos read again.
    """
    known = workspace.library.known_files(folder.id)
    neighbours = Neighbours()
    fresh: dict[str, FoundFile] = {}
    gone: list[str] = []
    sidecars: list[str] = []
    for path in paths:
        rel_path = path.relative_to(folder.path).as_posix()
        if format_of(path) is None:
            sidecars.append(rel_path)
            continue
        try:
            stamp = read_stamp(path)
        except OSError:
            gone += [rel_path] if rel_path in known else []
            continue
        if known.get(rel_path) != stamp:
            fresh[rel_path] = FoundFile(rel_path, stamp, neighbours.stamp_sidecars(path))
    fresh |= find_renamed(folder.path, known, fresh)
    for found in _look_beside(workspace, folder, sidecars, known):
        if found.rel_path not in gone:
            fresh.setdefault(found.rel_path, found)
    changes = workspace.library.mark_missing(folder.id, _sift_gone(workspace, folder, gone))
    for stored, _ in _store_fresh(workspace, folder, list(fresh.values()), cancel):
        changes |= stored
    return changes


def _look_beside(
    workspace: Workspace, folder: Folder, sidecars: list[str], known: dict[str, Stamp]
) -> Iterator[FoundFile]:
    """The known photos whose sidecars are not as they were read or written."""
    owners = find_owners(sidecars, known)
    seen = workspace.library.known_sidecars(folder.id) if owners else {}
    neighbours = Neighbours()
    for name in sorted(owners):  # folder by folder
        stamps = neighbours.stamp_sidecars(folder.path / name)
        if stamps != seen.get(name, ""):
            yield FoundFile(name, known[name], stamps)


def _walk_folder(
    workspace: Workspace, folder: Folder, cancel: CancelToken, report: Report
) -> _Walk:
    known = workspace.library.known_files(folder.id)
    sidecars = workspace.library.known_sidecars(folder.id)
    walk = _Walk(folder)
    watch = Stopwatch("Looking through folders", None, report)
    seen: set[str] = set()
    elsewhere = [other.path for other in workspace.library.folders() if other != folder]
    for item in scan_folder(folder.path, cancel, elsewhere=elsewhere):
        if isinstance(item, ScanProblem):
            walk.problems.append(item)
            continue
        seen.add(item.rel_path)
        watch.advance()
        is_known = known.get(item.rel_path) == item.stamp
        if not is_known or sidecars.get(item.rel_path, "") != item.sidecars:
            walk.fresh.append(item)
    walk.found = len(seen)
    walk.problems += find_absent_drives(workspace.library, folder, seen)
    missed = known.keys() - seen
    walk.problems += find_absent_links(folder, missed)
    unseen = [problem.rel_path for problem in walk.problems if problem.is_unseen]
    walk.gone = [path for path in known if path in missed and not _is_below(path, unseen)]
    return walk


def _is_below(rel_path: str, folders: Iterable[str]) -> bool:
    return any(folder in {"", rel_path} or rel_path.startswith(f"{folder}/") for folder in folders)


def _store_fresh(
    workspace: Workspace, folder: Folder, fresh: list[FoundFile], cancel: CancelToken
) -> Iterator[tuple[Changes, int]]:
    """Read and store in chunks; yields what each chunk changed and how many photos it had.

    Files that have changed go first and together, with a few new ones beside them: photos that were
    renumbered look like edits of each other unless they are seen at once.
    """
    known = workspace.library.known_files(folder.id)
    changed = [found for found in fresh if found.rel_path in known]
    dirs = {PurePosixPath(found.rel_path).parent for found in changed}
    new = [found for found in fresh if found.rel_path not in known]
    beside = [found for found in new if PurePosixPath(found.rel_path).parent in dirs]
    if len(beside) <= _PHOTOS_PER_STORE:
        changed += beside
        new = [found for found in new if PurePosixPath(found.rel_path).parent not in dirs]
    for files, size in ((changed, _CHANGED_PER_STORE), (new, _PHOTOS_PER_STORE)):
        if not files:
            continue
        photos = read_photos(folder.path, files, cancel)
        while chunk := list(islice(photos, size)):
            changes = _release_moved(workspace, chunk)
            yield changes | workspace.library.store_scan(folder.id, chunk), len(chunk)


def _release_moved(workspace: Workspace, photos: Iterable[ScannedPhoto]) -> Changes:
    """Mark as gone what is no longer where the library knows these pictures.

    A watcher may tell where a photo went before it tells where it left, in another folder.
    """
    library, changes = workspace.library, Changes()
    known = library.present_files({one.content_id for one in photos if one.content_id is not None})
    for folder in workspace.online_folders() if known else ():
        left = _sift_gone(workspace, folder, known.get(folder.id, ()))
        changes |= library.mark_missing(folder.id, left)
    return changes


def _sift_gone(workspace: Workspace, folder: Folder, rel_paths: Collection[str]) -> list[str]:
    """Those that are gone for sure: not on a drive that is away, nor in a closed folder."""
    if not rel_paths:
        return []
    away = find_unmounted(workspace.library, folder)
    away |= {problem.rel_path for problem in find_absent_links(folder, rel_paths)}
    return [
        path for path in rel_paths if not _is_below(path, away) and _is_gone(folder.path / path)
    ]


def _is_gone(path: Path) -> bool:
    try:
        read_stamp(path)
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False
