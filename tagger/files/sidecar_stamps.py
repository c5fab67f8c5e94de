"""Whether the sidecars beside a photo are the ones that were read, told without opening them."""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.files.names import is_sidecar_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SUFFIX_LENGTH = len(".xmp")


class SidecarStamps:
    """The sidecars of one folder by the photos that they may belong to.

    `f.xmp` and `f.cr3.xmp` may belong to `f.cr3`; to which of several photos `f.xmp` does belong
    is told only by reading it, so its stamp counts for all of them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for name in names:
            if is_sidecar_name(name):
                self._by_stem[_same(name[:-_SUFFIX_LENGTH])].append(name)

    def of(self, path: str) -> str:
        """The stamps of a photo's sidecars as one text; empty without any."""
        if not self._by_stem:
            return ""
        folder, name = os.path.split(path)
        same = _same(name)
        full, short = self._by_stem.get(same, ()), self._by_stem.get(_stem_of(same), ())
        return ",".join(
            kind + _stamp_text(folder, sidecar)
            for kind, names in (("f", full), ("s", short))
            for sidecar in sorted(names)
        )


def stamp_sidecars(path: Path, names_in_folder: Iterable[str]) -> str:
    """The same text for one photo, from the names of the files beside it."""
    return SidecarStamps(names_in_folder).of(os.fspath(path))


def _stamp_text(folder: str, name: str) -> str:
    try:
        status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - as in scan.py
    except OSError:
        return "-"
    return f"{status.st_size}-{status.st_mtime_ns}"


def _stem_of(name: str) -> str:
    return name.rpartition(".")[0] or name


def _same(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFC", name)
