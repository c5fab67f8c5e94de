"""Which files stand beside a photo, asked for thousands of photos of one folder in a row."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from pathlib import Path, PurePath
from threading import Lock

from tagger.files import stamp_sidecars
from tagger.metadata import find_sidecars

_SIDECAR = ".xmp"


class Neighbours:
    """Lists each folder once and remembers the newest; safe in threads.

    A folder that can't be listed has no neighbours: what is wrong with it is said by whoever opens
    the photo.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._folder: Path | None = None
        self._names: dict[str, list[str]] = {}

    def names(self, path: Path) -> list[str]:
        """Names beside a photo, its own included, that may concern it."""
        with self._lock:
            if path.parent != self._folder:
                self._folder, self._names = path.parent, _names_by_stem(path.parent)
            return self._names.get(_key(path.stem), [])

    def sidecars(self, path: Path) -> tuple[Path, ...]:
        """The XMP sidecars that belong to a photo."""
        return find_sidecars(path, self.names(path))

    def stamp_sidecars(self, path: Path) -> str:
        """The stamps of the sidecars that may belong to a photo, as a scan sees them."""
        return stamp_sidecars(path, self.names(path))


def _names_by_stem(folder: Path) -> dict[str, list[str]]:
    """Names that may concern each other: `f` has `f.cr3`, `f.xmp` and `f.cr3.xmp`."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    try:
        listing = os.listdir(folder)  # noqa: PTH208 - a Path for each name doubles the time
    except OSError:
        return names
    for name in listing:
        stem = name[: -len(_SIDECAR)] if name.lower().endswith(_SIDECAR) else name
        for key in {_key(stem), _key(PurePath(stem).stem)}:
            names[key].append(name)
    return names


def _key(stem: str) -> str:
    return stem if stem.isascii() else unicodedata.normalize("NFC", stem)
