"""After a crash or an error: which files were written, by looking at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.files import digest_of
from tagger.library import CrashFinding, JournalLine
from tagger.services.writing.moving import find_carrier

if TYPE_CHECKING:
    from collections.abc import Collection

    from tagger.core.ids import PhotoId
    from tagger.services.workspace import Workspace


def recover_writes(workspace: Workspace, photo_ids: Collection[PhotoId] | None = None) -> None:
    """Close what is open in the journal: after a crash all of it, else that of these photos.

    Lines of photos whose drive is away stay open until it is back.
    """
    lines = [
        line
        for line in workspace.library.planned_lines()
        if photo_ids is None or line.photo_id in photo_ids
    ]
    if not lines:
        return
    away = {folder.id for folder in workspace.offline_folders()}
    sorted_lines: dict[str, list[JournalLine]] = {"written": [], "untouched": [], "unclear": []}
    for line in lines:
        if line.folder_id not in away:
            sorted_lines[_judge(line)].append(line)
    workspace.library.settle_lines(
        CrashFinding(**{name: tuple(found) for name, found in sorted_lines.items()})
    )


def _judge(line: JournalLine) -> str:
    now = read_digest(line)
    if now == line.change.after_digest:
        return "written"
    return "untouched" if now == line.change.before_digest else "unclear"


def read_digest(line: JournalLine) -> str | None:
    """The digest of the file as it is now, wherever its photo moved; None where there is none."""
    try:
        return digest_of(find_carrier(line).read_bytes())
    except OSError:
        return None
