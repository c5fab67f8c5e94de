"""Staying: index and tag what arrives in the folders until asked to stop."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from tagger.core.errors import CancelledError
from tagger.files.watch import FolderWatcher
from tagger.services.classifiers import bundle_in_use, register_bundle
from tagger.services.indexing import ScanResult, index_paths, scan_library
from tagger.services.tagging import tag_pending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import FolderId
    from tagger.files.observation import WatchStatus
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

    Arrival = tuple[Path, list[Path]] | str
    """Settled files of one folder, or the reason for a rescan."""

_STOP_CHECK_S = 0.2
_LOOK_S = 0.5
"""How soon a folder that is new in the library is watched."""
_DRIVES_S = 2.0
"""How soon a drive that went away is noticed."""


@dataclass
class Arrivals:
    """What the watcher reported since the last look, merged by folder.

    Attributes:
        paths: settled files by folder.
        rescan_reason: why all folders are to be looked through; empty when that is not needed.
    """

    paths: dict[Path, set[Path]] = field(default_factory=dict)
    rescan_reason: str = ""

    def add(self, arrival: Arrival) -> None:
        """Take in one report."""
        if isinstance(arrival, str):
            self.rescan_reason = arrival
        else:
            root, paths = arrival
            self.paths.setdefault(root, set()).update(paths)

    def __bool__(self) -> bool:
        return bool(self.paths or self.rescan_reason)


def watch_library(
    workspace: Workspace,
    device: str,
    cancel: CancelToken,
    report: Report,
    say: Callable[[str], None],
) -> None:
    """Tag what is there, then what arrives, until `cancel` is set.

    `say` is given one sentence for each thing worth knowing.

    Raises:
        LibraryError: another program works on this library.
        ModelError: no classifier can be loaded.
    """
    queue: SimpleQueue[Arrival] = SimpleQueue()
    bundle = bundle_in_use(workspace.home)
    model_id = register_bundle(workspace, bundle.info)
    classifier = bundle.load(device)
    watcher = FolderWatcher(
        [folder.path for folder in workspace.library.folders()],
        on_settled=lambda root, paths: queue.put((root, paths)),
        on_rescan=lambda _, reason: queue.put(reason),
    )
    said: set[str] = set()
    try:
        with workspace.working(), watcher:
            say("Watching; Ctrl-C ends it.")
            while True:
                arrivals = _next_arrivals(queue, cancel)
                _say_news(watcher.statuses(), said, say)
                index_arrivals(workspace, cancel, report, arrivals=arrivals)
                result = tag_pending(workspace, classifier, model_id, cancel, report)
                if result.tagged or result.failed:
                    say(f"{result.tagged} tagged, {result.failed} failed.")
    except CancelledError:
        say("Stopped watching.")
    finally:
        classifier.close()


def _next_arrivals(queue: SimpleQueue[Arrival], cancel: CancelToken) -> Arrivals:
    """Wait for the next arrival and take everything else that waits behind it."""
    arrivals = Arrivals()
    while not arrivals:
        cancel.raise_if_cancelled()
        for arrival in _drain(queue):
            arrivals.add(arrival)
    return arrivals


def _drain(queue: SimpleQueue[Arrival]) -> Iterator[Arrival]:
    try:
        yield queue.get(timeout=_STOP_CHECK_S)
        while True:
            yield queue.get_nowait()
    except Empty:
        return


def _say_news(statuses: Sequence[WatchStatus], said: set[str], say: Callable[[str], None]) -> None:
    """Say once why a folder is scanned or polled instead of watched."""
    for status in statuses:
        sentence = f"{status.root}: {status.sentence}"
        if status.sentence and sentence not in said:
            said.add(sentence)
            say(sentence)


def index_arrivals(
    workspace: Workspace, cancel: CancelToken, report: Report, *, arrivals: Arrivals
) -> ScanResult:
    """Bring the library in step with what the watcher reported.

    Raises:
        CancelledError: between two photos; what was stored stays stored.
    """
    if arrivals.rescan_reason:
        return scan_library(workspace, cancel, report)
    result = ScanResult()
    for folder in workspace.online_folders():
        paths = arrivals.paths.get(folder.path, set())
        if paths:
            changes = index_paths(workspace, folder, sorted(paths), cancel)
            result.stored += len(changes.photo_ids)
            result.changes |= changes
    return result


def watch_folders(
    workspace: Workspace,
    cancel: CancelToken,
    deliver: Callable[[Arrival], None],
    say: Callable[[str], None],
    tell_drives: Callable[[], None],
) -> None:
    """Tell what arrives in the folders until `cancel` is set, whichever folders there are then.

    `deliver` is called in another thread and should only hand the work on. `say` is given one
    sentence for each folder that can't be watched at once, and why. `tell_drives` is called when
    the drive of a folder went away or is back.
    """
    drives = _Drives(workspace)
    said: set[str] = set()
    watched: set[Path] = set()

    def ask_rescan(root: Path, reason: str) -> None:
        watched.add(root)
        deliver(reason)

    while not cancel.is_cancelled:
        roots = _roots(workspace)
        watcher = FolderWatcher(
            roots,
            on_settled=lambda root, paths: deliver((root, paths)),
            on_rescan=ask_rescan,
        )
        with watcher:
            while not cancel.wait(_LOOK_S) and _roots(workspace) == roots:
                statuses = [status for status in watcher.statuses() if status.root in watched]
                _say_news(statuses, said, say)
                if drives.have_changed():
                    tell_drives()


class _Drives:
    """Which of them are away: a drive that is pulled out tells no watcher."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._away: set[FolderId] = set()
        self._looked_at_s = time.monotonic()

    def have_changed(self) -> bool:
        """Whether another drive is away, or one is back, since the last time that was asked.

        At first, whether one is away: it may have been there a moment before.
        """
        if time.monotonic() - self._looked_at_s < _DRIVES_S:
            return False
        before = self._away
        self._away = {folder.id for folder in self._workspace.offline_folders()}
        self._looked_at_s = time.monotonic()
        return self._away != before


def _roots(workspace: Workspace) -> list[Path]:
    return [folder.path for folder in workspace.library.folders()]
