"""After a crash or an error: which files were written, by looking at them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.files import digest_of
from tagger.library import CrashFinding, JournalLine
from tagger.services.photo_reading import read_photo_now
from tagger.services.writing.moving import find_carrier

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    found: dict[str, list[JournalLine]] = {"written": [], "untouched": [], "unclear": []}
    undone: dict[PhotoId, list[JournalLine]] = defaultdict(list)
    for line in lines:
        if line.folder_id in away:
            continue
        verdict = _judge(line)
        if line.undoes is not None and verdict != "untouched":
            undone[line.photo_id].append(line)
        else:
            found[verdict].append(line)
    finding = CrashFinding(**{verdict: tuple(lines) for verdict, lines in found.items()})
    workspace.library.settle_lines(finding)
    for photo_lines in undone.values():
        settle_undone(workspace, photo_lines)


def settle_undone(workspace: Workspace, lines: Sequence[JournalLine]) -> None:
    """Bring the library in step with a photo whose files were taken back.

    Safe to repeat: the lines are closed by the last step.
    """
    line, library = lines[0], workspace.library
    library.replace_ours(line.photo_id, line.ours_after)
    root = next((one.path for one in library.folders() if one.id == line.folder_id), None)
    if root is not None and line.photo_now is not None:
        try:
            library.store_scan(line.folder_id, [read_photo_now(line.photo_now, root)])
        except (PhotoError, OSError):
            return  # the line stays open; the next scan that reaches the photo closes it
    library.store_undone(line)


def read_digest(line: JournalLine) -> str | None:
    """The digest of the file as it is now, wherever its photo moved; None where there is none."""
    try:
        return digest_of(find_carrier(line).read_bytes())
    except OSError:
        return None


def _judge(line: JournalLine) -> str:
    now = read_digest(line)
    if now == line.change.after_digest:
        return "written"
    return "untouched" if now == line.change.before_digest else "unclear"
