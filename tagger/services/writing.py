"""From decisions in the library to keywords in the photos' own metadata.

Per photo: read, merge, write beside it, verify, replace, read again, then store the revision that
was planned. A photo that can't be written keeps its decisions and says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoChangedError, PhotoError, WriteFailedError
from tagger.core.keywords import keyword_key
from tagger.core.photo import FileState
from tagger.files import create_file, read_stamp, replace_file
from tagger.metadata import KeywordChange, plan_edits, read_metadata
from tagger.services.neighbours import Neighbours
from tagger.services.reporting import Report, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.library import Library, PendingWrite
    from tagger.metadata import CarrierEdit
    from tagger.services.workspace import Workspace

_PAGE = 64


@dataclass(frozen=True)
class PlannedWrite:
    """What would change in the metadata of one photo.

    Attributes:
        path: the photo.
        carriers: the files that would be written: the photo itself or its sidecars.
        add, remove: keywords as people see them, `Wedding|Bouquet`.
        problem: why it can't be written, else None.
    """

    path: Path
    carriers: tuple[Path, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]
    problem: str | None = None


@dataclass
class WriteResult:
    """What a writing run did.

    Attributes:
        written: photos whose files changed.
        unchanged: photos whose files already said so.
        failed: photo and reason, for those that keep waiting.
    """

    written: int = 0
    unchanged: int = 0
    failed: list[tuple[Path, str]] = field(default_factory=list)


def plan_writes(workspace: Workspace, cancel: CancelToken) -> Iterator[PlannedWrite]:
    """What writing would do, photo by photo; no file is touched."""
    for pending in _pending(workspace, workspace.library.preview_unwritten):
        cancel.raise_if_cancelled()
        yield _describe(pending)


def write_pending(workspace: Workspace, cancel: CancelToken, report: Report) -> WriteResult:
    """Write every photo whose decisions are newer than its file and whose drive is there.

    Raises:
        CancelledError: between two photos.
    """
    library = workspace.library
    folder_ids = [folder.id for folder in workspace.online_folders()]
    watch = Stopwatch("Writing keywords", library.count_unwritten(folder_ids), report)
    result = WriteResult()
    for pending in _pending(workspace, library.next_unwritten):
        cancel.raise_if_cancelled()
        try:
            if _write_photo(library, pending):
                result.written += 1
            else:
                result.unchanged += 1
        except PhotoError as error:
            library.store_write_problem(pending.photo_id, _state_after(error), str(error))
            result.failed.append((pending.path, str(error)))
        watch.advance()
    return result


def _pending(
    workspace: Workspace, read_page: Callable[..., list[PendingWrite]]
) -> Iterator[PendingWrite]:
    """The queue in pages. Walks forward by id, so that a photo which fails is met once a run."""
    folder_ids = [folder.id for folder in workspace.online_folders()]
    after: PhotoId | None = None
    while page := read_page(folder_ids, _PAGE, after=after):
        yield from page
        after = page[-1].photo_id


def _change(pending: PendingWrite) -> KeywordChange:
    """Add what is wanted; remove only what we once added ourselves."""
    wanted = {keyword_key("|".join(path)) for path in pending.wanted}
    return KeywordChange(
        add=pending.wanted,
        remove=tuple(
            tuple(keyword.split("|"))
            for keyword in pending.ours
            if keyword_key(keyword) not in wanted
        ),
    )


def _plan(pending: PendingWrite) -> tuple[CarrierEdit, ...]:
    return plan_edits(pending.path, _change(pending), now=datetime.now().astimezone())


def _describe(pending: PendingWrite) -> PlannedWrite:
    change = _change(pending)
    problem: str | None = None
    carriers: tuple[Path, ...] = ()
    try:
        carriers = tuple(edit.path for edit in _plan(pending))
    except PhotoError as error:
        problem = str(error)
    return PlannedWrite(
        path=pending.path,
        carriers=carriers,
        add=tuple("|".join(path) for path in change.add),
        remove=tuple("|".join(path) for path in change.remove),
        problem=problem,
    )


def _write_photo(library: Library, pending: PendingWrite) -> bool:
    """Write one photo's carriers. Returns whether any file changed."""
    held_before = {keyword_key(keyword) for keyword in _keywords_in(pending.path)}
    edits = _plan(pending)
    for edit in edits:
        _write_carrier(edit)
    library.store_written(
        pending.photo_id,
        tag_rev=pending.tag_rev,
        stamp=read_stamp(pending.path),
        keywords_in_file=_keywords_in(pending.path),
        ours=_ours_after(pending, held_before),
    )
    return bool(edits)


def _keywords_in(path: Path) -> tuple[str, ...]:
    """Flat keywords and full paths, as the library keeps them."""
    metadata = read_metadata(path, sidecars=Neighbours().sidecars(path))
    return (*metadata.keywords, *("|".join(names) for names in metadata.paths))


def _ours_after(pending: PendingWrite, held_before: set[str]) -> tuple[str, ...]:
    """What may be taken out again later: only what the file did not already have from others."""
    earlier = {keyword_key(keyword) for keyword in pending.ours}
    return tuple(
        "|".join(path)
        for path in pending.wanted
        if keyword_key("|".join(path)) in earlier
        or not held_before & {keyword_key(path[-1]), keyword_key("|".join(path))}
    )


def _write_carrier(edit: CarrierEdit) -> None:
    if edit.before is None:
        create_file(edit.path, edit.after)
        return
    try:
        stamp = read_stamp(edit.path)
        current = edit.path.read_bytes()
    except OSError as error:
        raise WriteFailedError("The file can't be reached any more; try again.") from error
    if current != edit.before:
        raise PhotoChangedError("Another program changed this file just now; try again.")

    def verify(temporary: Path) -> None:
        edit.verify(temporary.read_bytes())

    replace_file(edit.path, edit.after, expected=stamp, verify=verify)


def _state_after(error: PhotoError) -> FileState:
    return FileState.CONFLICT if isinstance(error, PhotoChangedError) else FileState.FAILED
