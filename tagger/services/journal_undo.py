"""Taking a run of writing back: every file that nobody changed since, byte for byte.

It is a run of its own, noted in the journal like any other, so that it can be taken back too.
"""

from __future__ import annotations

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from tagger.core.errors import CancelledError, PhotoError, WriteFailedError
from tagger.core.ids import RunId
from tagger.files import digest_of, make_delta, revert_delta, sync_folder, write_error_for
from tagger.library import FileChange, PlannedPhoto
from tagger.services.journal import find_lines
from tagger.services.journal_steps import LaterSteps
from tagger.services.neighbours import Neighbours
from tagger.services.reporting import Report, Stopwatch
from tagger.services.settings import profile_in_use
from tagger.services.writing.crew import MAX_THREADS, Crew
from tagger.services.writing.jobs import Hand, Placing
from tagger.services.writing.moving import find_carrier
from tagger.services.writing.planning import Way
from tagger.services.writing.recovering import digest_on_disk, recover_writes, settle_undone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.library import JournalLine
    from tagger.services.workspace import Workspace

_PHOTOS_AT_ONCE = 64


@dataclass
class UndoResult:
    """What undoing a run did; the fields are the JSON of `undo-run`.

    Attributes:
        run: number of the undoing in the journal, None when no file changed.
        restored: photos whose files are as they were before the run.
        already: photos whose files were so without it.
        kept: file and reason, for those that stay as they are.
    """

    run: int | None = None
    restored: int = 0
    already: int = 0
    kept: list[tuple[Path, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Photo:
    """A photo with the files that go back; `is_whole`: no file of it stays as it is."""

    lines: tuple[JournalLine, ...]
    changes: tuple[FileChange, ...]
    is_whole: bool

    @property
    def path(self) -> Path:
        """Where it is, or was."""
        return self.lines[0].photo_now or self.lines[0].photo_path

    def order(self) -> Placing:
        """What is to be placed."""
        size = sum(_count_bytes(one.path) for one in self.changes)
        return Placing(self.lines[0].photo_id, self.path, self.changes, (), size)


def undo_run(workspace: Workspace, number: int, cancel: CancelToken, report: Report) -> UndoResult:
    """Bring every file of a run back to what it was before, where nobody changed it since.

    The picture itself was never touched. Sidecars that the run made go again. Tags stay as they
    were decided, stars and labels are again what the files say; the photos do not wait for writing
    until a person decides on them again or asks for it (`Library.write_again`).

    Raises:
        WrongUseError: the journal knows no such run.
        CancelledError: between two photos; what is restored stays.
    """
    recover_writes(workspace)
    lines = find_lines(workspace, number)
    by_photo: dict[PhotoId, list[JournalLine]] = defaultdict(list)
    for line in reversed(lines):
        by_photo[line.photo_id].append(line)
    watch = Stopwatch("Taking back", len(by_photo), report)
    photos = iter(by_photo.values())
    way = Way(Neighbours(), profile_in_use(workspace.library))
    with ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="undo") as pool:
        crew = Crew(Hand(way, lambda: cancel.is_cancelled, time.sleep), pool)
        undoing = _Undoing(workspace, RunId(number), crew)
        while chunk := list(islice(photos, _PHOTOS_AT_ONCE)):
            cancel.raise_if_cancelled()
            undoing.take_back(chunk)
            watch.advance(len(chunk))
    cancel.raise_if_cancelled()
    return undoing.result


class _Undoing:
    """One undoing; knows what came of it."""

    def __init__(self, workspace: Workspace, undoes: RunId, crew: Crew) -> None:
        self.result = UndoResult()
        self._crew = crew
        self._workspace = workspace
        self._undoes = undoes
        self._later = LaterSteps(workspace.library, undoes)
        self._run: RunId | None = None
        self._away = {folder.id for folder in workspace.offline_folders()}

    def take_back(self, photos: Iterable[Sequence[JournalLine]]) -> None:
        """Note in the journal, then restore, then bring the library in step."""
        ready = [photo for photo in map(self._prepare, photos) if photo.changes]
        if not ready:
            return
        self._store_journal(ready)
        placed = self._crew.place([photo.order() for photo in ready])
        for folder in {one.path.parent for photo in ready for one in photo.changes}:
            sync_folder(folder)
        done = []
        for photo in ready:
            outcome = placed[photo.lines[0].photo_id]
            if isinstance(outcome, PhotoError):
                self.result.kept.append((_find_kept(photo), str(outcome)))
            elif not isinstance(outcome, CancelledError):
                done.append(photo)
        planned = {line.photo_id: line for line in self._workspace.library.planned_lines()}
        settle_undone(self._workspace, [planned[photo.lines[0].photo_id] for photo in done])
        self.result.restored += len(done)
        recover_writes(self._workspace, {photo.lines[0].photo_id for photo in ready})

    def _prepare(self, lines: Sequence[JournalLine]) -> _Photo:
        kept_so_far = len(self.result.kept)
        changes = tuple(self._restorable(lines))
        is_whole = len(self.result.kept) == kept_so_far
        if not changes and is_whole:
            self.result.already += 1
        return _Photo(tuple(lines), changes, is_whole)

    def _restorable(self, lines: Sequence[JournalLine]) -> Iterator[FileChange]:
        for line in lines:
            path = find_carrier(line)
            try:
                found = self._restore(line, path)
            except PhotoError as error:
                self.result.kept.append((path, str(error)))
            else:
                if found is not None:
                    yield found

    def _restore(self, line: JournalLine, path: Path) -> FileChange | None:
        """What brings one file back; None where it is as it was."""
        if line.photo_now is None:
            raise WriteFailedError("The photo is no longer in the library; it stays as it is.")
        if line.folder_id in self._away:
            raise WriteFailedError("The drive is away; connect it and undo the run again.")
        now = _read(path)
        digest = None if now is None else digest_of(now)
        if digest == line.change.before_digest:
            return None
        if digest != line.change.after_digest:
            raise WriteFailedError(self._explain(digest, line))
        then = revert_delta(now or b"", line.change.delta)
        before_digest = line.change.before_digest
        if digest_of(then) != (before_digest or digest_of()):
            raise WriteFailedError("The journal does not fit this file, so it stays as it is.")
        return FileChange(path, digest, before_digest, make_delta(now or b"", then))

    def _explain(self, digest: str | None, line: JournalLine) -> str:
        if digest is None:
            return "The file is no longer there."
        run = self._later.find_run_to_undo(line, digest)
        if run is not None:
            return f"Run {run} wrote this file since; undo that run first."
        return "Another program changed this file since; it stays as it is."

    def _store_journal(self, photos: Sequence[_Photo]) -> None:
        library = self._workspace.library
        if self._run is None:
            self._run = library.begin_run(undoes=self._undoes)
            self.result.run = int(self._run)
        planned = [
            PlannedPhoto(
                photo_id=photo.lines[0].photo_id,
                path=photo.path,
                changes=photo.changes,
                ours=self._ours_after(photo),
            )
            for photo in photos
        ]
        library.store_planned(self._run, planned)

    def _ours_after(self, photo: _Photo) -> tuple[str, ...]:
        """A file that stays as it is may hold what we wrote, which then stays ours."""
        line = photo.lines[0]
        kept = () if photo.is_whole else self._workspace.library.our_keywords(line.photo_id)
        return tuple(dict.fromkeys((*line.ours_before, *kept)))


def _count_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _find_kept(photo: _Photo) -> Path:
    """The file of it that could not be brought back."""
    states = ((change.path, change.after_digest) for change in photo.changes)
    return next((path for path, wanted in states if digest_on_disk(path) != wanted), photo.path)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise write_error_for(error) from error
