"""Size and modification time as the file system has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.photo import Stamp

if TYPE_CHECKING:
    import os
    from pathlib import Path


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp within what `stat` returned."""
    return Stamp(status.st_size, status.st_mtime_ns)


def read_stamp(path: Path) -> Stamp:
    """The stamp of the file, or of the file that a link leads to.

    Raises:
        OSError: the file is gone, its drive is away, or a folder above it is closed to us.
    """
    return stamp_of(path.stat())


def stamp_on_disk(path: Path, written: Stamp) -> Stamp:
    """What the next scan will see of a file just written: some network drives set their own time.

    Args:
        path: the file.
        written: the stamp at closing, which counts when the file can't be asked or has already
            got another size from somebody else.
    """
    try:
        stamp = read_stamp(path)
    except OSError:
        return written
    return stamp if stamp.size == written.size else written
