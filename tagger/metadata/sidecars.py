"""Which XMP sidecar belongs to which photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def find_sidecars(path: Path, names_in_folder: Collection[str] | None = None) -> tuple[Path, ...]:
    """The existing sidecars of a photo, `f.ext.xmp` before `f.xmp`."""
    raise NotImplementedError
