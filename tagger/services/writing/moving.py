"""Where a file of a past run is now: sidecars follow their photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.library import JournalLine


def find_carrier(line: JournalLine) -> Path:
    """The path today of the photo or sidecar that was written then.

    A photo that is gone from the library is looked for where it was.
    """
    path, then, now = line.change.path, line.photo_path, line.photo_now
    if now is None or now == then:
        return path
    if path == then:
        return now
    for old, new in ((then.name, now.name), (then.stem, now.stem)):
        if path.name.startswith(old):
            return now.with_name(new + path.name[len(old) :])
    return now.with_name(path.name)
