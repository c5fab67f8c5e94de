"""What goes into the journal of writing and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tagger.core.ids import FolderId, PhotoId, RunId
    from tagger.core.writes import FileChange


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """A photo whose files are about to be written.

    Attributes:
        path: of the photo.
        ours: keywords in its files that are ours once they are written.
    """

    photo_id: PhotoId
    path: Path
    changes: tuple[FileChange, ...]
    ours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A file that was written, or was about to be when the program ended.

    Attributes:
        photo_path: where its photo was then.
        photo_now: where the photo is; None when it is gone from the library.
        ours_before, ours_after: keywords in the photo's files that are ours.
        since_line: the newest decision when the file was about to be written.
        undoes: the run that the line's run took back.
    """

    id: int
    run_id: RunId
    photo_id: PhotoId
    folder_id: FolderId
    change: FileChange
    photo_path: Path
    photo_now: Path | None
    ours_before: tuple[str, ...]
    ours_after: tuple[str, ...]
    since_line: int
    undoes: RunId | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of writing.

    Attributes:
        undoes: the run that it took back, None for one that wrote keywords.
        photos: whose files it wrote.
        size_bytes: what the journal keeps of it.
    """

    id: RunId
    started_at: datetime
    undoes: RunId | None
    photos: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CrashFinding:
    """What became of the files that were about to be written when the program ended.

    Attributes:
        written: they hold what was planned.
        untouched: they hold what they held before.
        unclear: another program changed them, before or after.
    """

    written: tuple[JournalLine, ...] = ()
    untouched: tuple[JournalLine, ...] = ()
    unclear: tuple[JournalLine, ...] = ()
