"""Which files stand beside a photo, asked for thousands of photos of one folder in a row."""

from __future__ import annotations

import os
import time
import unicodedata
from collections import defaultdict
from contextlib import suppress
from pathlib import Path, PurePath
from threading import Lock
from typing import TYPE_CHECKING

from tagger.files import FoundFile, read_stamp, stamp_sidecars
from tagger.metadata import find_sidecars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagger.core.photo import Stamp

_SIDECAR = ".xmp"
_WRITING_NS = 10 * 10**9
"""A file that was changed so recently may be half-written."""


class Neighbours:
    """Lists each folder once and remembers the newest; safe in threads.

    A folder that can't be listed has no neighbours: what is wrong with it is said by whoever opens
    the photo.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._folder: Path | None = None
        self._is_due = False
        self._listed: set[str] = set()
        self._names: defaultdict[str, list[str]] = defaultdict(list)

    def look_again(self) -> None:
        """List the folder anew before the next answer."""
        with self._lock:
            self._is_due = True

    def names(self, path: Path) -> list[str]:
        """Names beside a photo, its own included, that may concern it."""
        with self._lock:
            if path.parent != self._folder:
                self._folder, self._is_due = path.parent, True
                self._listed, self._names = set(), defaultdict(list)
            if self._is_due:
                self._list(path.parent)
            return list(self._names.get(_key(path.stem), ()))

    def sidecars(self, path: Path) -> tuple[Path, ...]:
        """The XMP sidecars that belong to a photo."""
        return find_sidecars(path, self.names(path))

    def stamp_sidecars(self, path: Path) -> str:
        """The stamps of the sidecars that may belong to a photo, as a scan sees them."""
        return stamp_sidecars(path, self.names(path))

    def _list(self, folder: Path) -> None:
        """Only what came and went since the last listing costs time."""
        try:
            listed = set(os.listdir(folder))  # noqa: PTH208 - a Path for each name doubles the time
        except OSError:
            listed = set()
        for name in self._listed - listed:
            for key in _keys(name):
                self._names[key].remove(name)
        for name in listed - self._listed:
            for key in _keys(name):
                self._names[key].append(name)
        self._listed, self._is_due = listed, False


def find_owners(sidecars: Iterable[str], photos: Iterable[str]) -> list[str]:
    """The photos that sidecars may belong to: `f.xmp` and `f.cr3.xmp` to `f.cr3`.

    All are paths below one folder, with `/`. One look at each photo, however many sidecars.
    """
    bases = {_key(sidecar[: -len(_SIDECAR)]).casefold() for sidecar in sidecars}
    if not bases:
        return []
    return [
        photo
        for photo in photos
        if (name := _key(photo).casefold()) in bases or name.rpartition(".")[0] in bases
    ]


def find_renamed(
    root: Path, known: Mapping[str, Stamp], told: Mapping[str, FoundFile]
) -> dict[str, FoundFile]:
    """Files beside changed ones that have changed as well, and of which a watcher tells later.

    Photos that change names look like edits of each other unless they are seen at once. A file that
    was written just now got no new name: beside it nothing is looked for, and it is left for the
    watcher to tell of when it is whole. All are paths below `root`, with `/`.
    """
    latest_ns = time.time_ns() - _WRITING_NS
    named = (name for name in told if name in known and told[name].stamp.mtime_ns < latest_ns)
    folders = {name.rpartition("/")[0] for name in named}
    neighbours, renamed = Neighbours(), dict[str, FoundFile]()
    for name in known if folders else ():
        if name in told or name.rpartition("/")[0] not in folders:
            continue
        with suppress(OSError):
            stamp = read_stamp(root / name)
            if stamp != known[name] and stamp.mtime_ns < latest_ns:
                renamed[name] = FoundFile(name, stamp, neighbours.stamp_sidecars(root / name))
    return renamed


def _keys(name: str) -> set[str]:
    """What names that may concern each other share: `f` has `f.cr3`, `f.xmp` and `f.cr3.xmp`."""
    stem = name[: -len(_SIDECAR)] if name.lower().endswith(_SIDECAR) else name
    return {_key(stem), _key(PurePath(stem).stem)}


def _key(stem: str) -> str:
    return stem if stem.isascii() else unicodedata.normalize("NFC", stem)
