"""Every photo below a folder, in a stable order, whatever else lies there."""

from __future__ import annotations

import os
import stat
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.files.leftovers import remove_leftover
from tagger.files.names import is_photo_name, is_skipped_folder, is_temporary_name
from tagger.files.sentences import sentence_for
from tagger.files.sidecar_stamps import SidecarStamps
from tagger.files.stamps import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagger.core.cancel import CancelToken
    from tagger.core.photo import Stamp


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A photo, by its suffix; it has not been opened.

    Attributes:
        rel_path: below the scanned root, with `/` on every system; bytes that are not UTF-8 are
            surrogate escapes.
        sidecars: stamps of the sidecars beside it; another text means that one came, changed or
            went.
    """

    rel_path: str
    stamp: Stamp
    sidecars: str = ""


@dataclass(frozen=True, slots=True)
class ScanProblem:
    """A place that the scan could not look into.

    Attributes:
        rel_path: the folder or file; `""` is the root itself.
        sentence: why, for the user.
        is_unseen: photos known at or below `rel_path` may well exist, so none of them may be
            marked missing. False for a link that leads back to a folder seen on its own.
    """

    rel_path: str
    sentence: str
    is_unseen: bool = True


def scan_folder(
    root: Path, cancel: CancelToken, *, below: str = "", elsewhere: Iterable[Path] = ()
) -> Iterator[FoundFile | ScanProblem]:
    """Walk a folder: real folders first, then folders behind symbolic links, each once.

    Hidden files, bins, thumbnail stores and whatever is not a regular file are passed over. What
    a killed process of ours left half-written is removed on the way. When the drive goes away
    during the walk, the last item is a problem with the whole of `below`.

    Args:
        root: what all relative paths are relative to.
        cancel: looked at before each photo.
        below: walk only this folder, a relative path with `/`.
        elsewhere: folders that are scanned on their own; no link into them is followed.

    Raises:
        CancelledError: `cancel` was set; what was yielded before is true.
    """
    return _Scan(root, cancel, elsewhere).walk(below)


class _Scan:
    def __init__(self, root: Path, cancel: CancelToken, elsewhere: Iterable[Path]) -> None:
        self._root = os.fspath(root)
        self._elsewhere = [os.path.realpath(folder) for folder in elsewhere]
        self._cancel = cancel
        self._folders: list[str] = []
        self._links: deque[str] = deque()
        self._seen: set[tuple[int, int]] = set()
        self._is_behind_links = False

    def walk(self, below: str) -> Iterator[FoundFile | ScanProblem]:
        drive = self._identity("")
        self._folders.append(below)
        while self._folders or self._links:
            self._cancel.raise_if_cancelled()
            # Links come last, so that a photo is known by its real folder wherever it has one.
            if self._folders:
                yield from self._list(self._folders.pop())
            else:
                self._is_behind_links = True
                yield from self._follow(self._links.popleft())
        if drive is not None and self._identity("") != drive:
            yield ScanProblem(below, "The drive went away while its photos were being looked for.")

    def _path(self, rel_path: str) -> str:
        return os.path.join(self._root, rel_path) if rel_path else self._root  # noqa: PTH118 - strings: a Path for each of 200,000 files doubles the time

    def _identity(self, rel_path: str) -> tuple[int, int] | None:
        try:
            status = os.stat(self._path(rel_path))  # noqa: PTH116 - as in _path
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _follow(self, rel_path: str) -> Iterator[FoundFile | ScanProblem]:
        if self._leads_upwards(rel_path):
            sentence = "This link leads back to a folder above it; it is passed over."
            yield ScanProblem(rel_path, sentence, is_unseen=False)
        else:
            yield from self._list(rel_path)

    def _leads_upwards(self, rel_path: str) -> bool:
        link = Path(self._path(rel_path))
        return Path(os.path.realpath(link.parent)).is_relative_to(os.path.realpath(link))

    def _leads_elsewhere(self, rel_path: str) -> bool:
        target = Path(os.path.realpath(self._path(rel_path)))
        return any(target.is_relative_to(folder) for folder in self._elsewhere)

    def _list(self, rel_path: str) -> Iterator[FoundFile | ScanProblem]:
        identity = self._identity(rel_path)
        if self._is_behind_links and (identity in self._seen or self._leads_elsewhere(rel_path)):
            return
        if identity is not None:
            self._seen.add(identity)
        try:
            with os.scandir(self._path(rel_path)) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield ScanProblem(rel_path, f"This folder can't be read. {sentence_for(error)}")
            return
        yield from self._sort_out(f"{rel_path}/" if rel_path else "", entries)

    def _sort_out(
        self, prefix: str, entries: list[os.DirEntry[str]]
    ) -> Iterator[FoundFile | ScanProblem]:
        folders: list[str] = []
        sidecars = SidecarStamps(entry.name for entry in entries)
        for entry in entries:
            try:
                found = self._look_at(entry, prefix, folders, sidecars)
            except OSError as error:
                yield ScanProblem(prefix + entry.name, sentence_for(error))
                continue
            if found is not None:
                self._cancel.raise_if_cancelled()
                yield found
        self._folders.extend(reversed(folders))

    def _look_at(
        self,
        entry: os.DirEntry[str],
        prefix: str,
        folders: list[str],
        sidecars: SidecarStamps,
    ) -> FoundFile | None:
        name = entry.name
        if name.startswith("."):
            if is_temporary_name(name):
                remove_leftover(Path(entry.path))
            return None
        is_folder: bool
        if is_photo_name(name):
            status = entry.stat()
            if stat.S_ISREG(status.st_mode):
                return FoundFile(prefix + name, stamp_of(status), sidecars.of(entry.path))
            is_folder = stat.S_ISDIR(status.st_mode)
        else:
            is_folder = entry.is_dir()
        if is_folder and not is_skipped_folder(name):
            (self._links if entry.is_symlink() else folders).append(prefix + name)
        return None
