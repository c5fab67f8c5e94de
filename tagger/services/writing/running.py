"""A run of writing: photos in small batches, each prepared and then placed.

Of each batch the journal is stored before the first file is touched, and the outcome after the
last one, each in one transaction. A crash leaves a batch that the journal knows and settles.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from tagger.core.errors import CancelledError, DriveAwayError, PhotoChangedError, PhotoError
from tagger.core.photo import FileState
from tagger.files import is_online, sync_folder
from tagger.library import PlannedPhoto, WrittenFile
from tagger.services.exiftool import exiftool_in_use, explain_absence
from tagger.services.neighbours import Neighbours
from tagger.services.reporting import Report, Stopwatch
from tagger.services.settings import profile_in_use
from tagger.services.workspace import AWAY
from tagger.services.writing.batches import has_stems_of, read_queue, split_batches
from tagger.services.writing.crew import MAX_THREADS, Crew
from tagger.services.writing.helping import estimate_effort, helpers_for
from tagger.services.writing.jobs import Hand, Outcome, Placed
from tagger.services.writing.outcome import describe_written, order_for, state_after
from tagger.services.writing.planning import Way
from tagger.services.writing.readying import Planned, Ready
from tagger.services.writing.recovering import recover_writes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import RunId
    from tagger.core.writes import PendingWrite
    from tagger.library import Folder
    from tagger.services.workspace import Workspace

_ATTEMPTS = 3
_Written = tuple[Ready, WrittenFile | PhotoError | CancelledError]
"""A photo, and what came of it."""


@dataclass
class WriteResult:
    """What a writing run did.

    Attributes:
        written: photos whose files changed.
        unchanged: photos whose files already said so.
        failed: photo and reason, for those that keep waiting.
        conflicts: photo and sentence, where another program decided otherwise than a person here.
        waiting: files that are written when their drive is back.
        run: number of the run in the journal, None when no file changed.
        advice: a sentence about what the settings ask for and this computer lacks, else None.
    """

    written: int = 0
    unchanged: int = 0
    failed: list[tuple[Path, str]] = field(default_factory=list)
    conflicts: list[tuple[Path, str]] = field(default_factory=list)
    waiting: int = 0
    run: RunId | None = None
    advice: str | None = None


def write_pending(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    wait: Callable[[float], object] = time.sleep,
) -> WriteResult:
    """Write every photo whose decisions are newer than its file and whose drive is there.

    `wait` is called with seconds while another program locks a file.

    Raises:
        CancelledError: after the photo that is being written.
    """
    recover_writes(workspace)
    library = workspace.library
    library.adopt_keywords()
    away = [folder.id for folder in workspace.offline_folders()]
    library.store_away(away, AWAY)
    total = library.count_unwritten([folder.id for folder in workspace.online_folders()])
    watch = Stopwatch("Writing keywords", total, report)
    profile = profile_in_use(library)
    batches = split_batches(read_queue(workspace))
    first = next(batches, [])
    with (
        exiftool_in_use(library) as exiftool,
        helpers_for(estimate_effort(total, first), profile) as helpers,
        ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="write") as pool,
    ):
        hand = Hand(Way(Neighbours(), profile, exiftool), lambda: cancel.is_cancelled, wait)
        run = _Run(workspace, Crew(hand, pool, helpers))
        for batch, following in pairwise(chain((first,), batches, ([],))):
            if cancel.is_cancelled:
                break
            watch.advance(run.write(batch, following))
    cancel.raise_if_cancelled()
    run.result.waiting = library.count_unwritten(away)
    run.result.advice = explain_absence(library) if total else None
    return run.result


class _Run:
    """Writes batches; knows what came of them."""

    def __init__(self, workspace: Workspace, crew: Crew) -> None:
        self.result = WriteResult()
        self._workspace = workspace
        self._crew = crew
        self._folders = workspace.online_folders()
        self._away: set[Path] = set()

    def write(self, batch: Sequence[PendingWrite], following: Sequence[PendingWrite]) -> int:
        """Write these photos; helpers begin with the `following` ones. Returns how many they were.

        Those that another program is changing right now are written again.
        """
        rest = batch
        for attempt in range(1, _ATTEMPTS + 1):
            due = [one for one in rest if not self._is_away(one)]
            ready = self._crew.prepare(due, () if has_stems_of(following, batch) else following)
            self._store_journal(ready)
            rest = self._store_outcome(self._place(ready), is_last=attempt == _ATTEMPTS)
            if not rest:
                break
        return len(batch)

    def _store_journal(self, ready: Sequence[Ready]) -> None:
        planned = [
            PlannedPhoto(one.pending.photo_id, one.pending.path, one.changes, one.plan.merge.ours)
            for one in ready
            if one.plan is not None and one.changes
        ]
        if not planned:
            return
        if self.result.run is None:
            self.result.run = self._workspace.library.begin_run()
        self._workspace.library.store_planned(self.result.run, planned)

    def _place(self, ready: Sequence[Ready]) -> list[_Written]:
        planned = [(one, one.plan) for one in ready if one.plan is not None]
        found = self._crew.place([order_for(one, plan) for one, plan in planned])
        placed = [(one, _judge(one, plan, found[one.pending.photo_id])) for one, plan in planned]
        return [*placed, *((one, one.error) for one in ready if one.error is not None)]

    def _store_outcome(self, placed: Sequence[_Written], *, is_last: bool) -> list[PendingWrite]:
        """Returns the photos to try again."""
        for folder in {change.path.parent for one, _ in placed for change in one.changes}:
            sync_folder(folder)
        done = [(one, found) for one, found in placed if isinstance(found, WrittenFile)]
        self._workspace.library.store_written([written for _, written in done])
        for one, _ in done:
            self._count(one)
        open_ones = [one for one, found in placed if not isinstance(found, WrittenFile)]
        if open_ones:
            recover_writes(self._workspace, {one.pending.photo_id for one in open_ones})
        again: list[PendingWrite] = []
        for one, found in placed:
            if isinstance(found, PhotoChangedError) and not is_last:
                again.append(one.pending)
            elif isinstance(found, PhotoError):
                self._fail(one.pending, found)
        return again

    def _count(self, one: Ready) -> None:
        if one.changes:
            self.result.written += 1
        else:
            self.result.unchanged += 1
        if one.plan is None or one.plan.conflict is None:
            return
        self.result.conflicts.append((one.pending.path, one.plan.conflict))
        if one.plan.rating_conflict:
            self._workspace.library.store_write_problem(
                one.pending.photo_id, FileState.CONFLICT, one.plan.rating_conflict
            )

    def _fail(self, pending: PendingWrite, error: PhotoError) -> None:
        state, sentence = state_after(error), str(error)
        folder = self._folder_of(pending)
        if folder is not None and not is_online(folder.path, was_populated=folder.has_photos):
            self._away.add(folder.path)
            state, sentence = FileState.OFFLINE, AWAY
        self._workspace.library.store_write_problem(pending.photo_id, state, sentence)
        self.result.failed.append((pending.path, sentence))

    def _is_away(self, pending: PendingWrite) -> bool:
        folder = self._folder_of(pending)
        return folder is not None and folder.path in self._away

    def _folder_of(self, pending: PendingWrite) -> Folder | None:
        return next((one for one in self._folders if pending.path.is_relative_to(one.path)), None)


def _judge(
    ready: Ready, plan: Planned, outcome: Outcome
) -> WrittenFile | PhotoError | CancelledError:
    if isinstance(outcome, Placed):
        with suppress(OSError):
            return describe_written(ready, plan, outcome)
    return outcome if isinstance(outcome, PhotoError | CancelledError) else DriveAwayError(AWAY)
