"""After a crash or an error: which files were written, by looking at them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.files import digest_of_file
from tagger.library import CrashFinding, JournalLine
from tagger.services.neighbours import Neighbours
from tagger.services.photo_reading import read_photo_now
from tagger.services.writing.moving import find_carrier

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from tagger.core.ids import FolderId, PhotoId
    from tagger.core.photo import ScannedPhoto
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
    settle_undone(workspace, [photo_lines[0] for photo_lines in undone.values()])


def settle_undone(workspace: Workspace, lines: Sequence[JournalLine]) -> None:
    """Bring the library in step with photos whose files were taken back; one line a photo.

    Safe to repeat: the lines are closed by the last step.
    """
    if not lines:
        return
    library, neighbours = workspace.library, Neighbours()
    library.replace_ours({line.photo_id: line.ours_after for line in lines})
    library.follow_pictures([line.photo_id for line in lines])
    roots = {folder.id: folder.path for folder in library.folders()}
    read: dict[FolderId, list[ScannedPhoto]] = defaultdict(list)
    settled = []
    for line in lines:
        root = roots.get(line.folder_id)
        try:
            if root is not None and line.photo_now is not None:
                read[line.folder_id].append(read_photo_now(line.photo_now, root, neighbours))
        except (PhotoError, OSError):
            continue  # the line stays open; the next scan that reaches the photo closes it
        settled.append(line)
    for folder_id, photos in read.items():
        library.store_scan(folder_id, photos)
    library.store_undone(settled)


def read_digest(line: JournalLine) -> str | None:
    """The digest of the file as it is now, wherever its photo moved; None where there is none."""
    return digest_on_disk(find_carrier(line))


def digest_on_disk(path: Path) -> str | None:
    """The digest of a file as it is now; None where there is none."""
    try:
        return digest_of_file(path)
    except OSError:
        return None


def _judge(line: JournalLine) -> str:
    now = read_digest(line)
    if now == line.change.after_digest:
        return "written"
    return "untouched" if now == line.change.before_digest else "unclear"
