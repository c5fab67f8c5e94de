"""Staying: index and tag what arrives in the folders until asked to stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from tagger.core.errors import CancelledError
from tagger.files import FolderWatcher
from tagger.services.classifiers import bundle_in_use, register_bundle
from tagger.services.indexing import index_paths, scan_library
from tagger.services.tagging import tag_pending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

    _Arrival = tuple[Path, list[Path]] | str
    """Settled files of one folder, or the reason for a rescan."""

_STOP_CHECK_S = 0.2


@dataclass
class _Arrivals:
    """What the watcher reported since the last look, merged by folder."""

    paths: dict[Path, set[Path]] = field(default_factory=dict)
    rescan_reason: str = ""

    def add(self, arrival: _Arrival) -> None:
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
    queue: SimpleQueue[_Arrival] = SimpleQueue()
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
                _say_news(watcher, said, say)
                _index_arrivals(workspace, arrivals, cancel, report)
                result = tag_pending(workspace, classifier, model_id, cancel, report)
                if result.tagged or result.failed:
                    say(f"{result.tagged} tagged, {result.failed} failed.")
    except CancelledError:
        say("Stopped watching.")
    finally:
        classifier.close()


def _next_arrivals(queue: SimpleQueue[_Arrival], cancel: CancelToken) -> _Arrivals:
    """Wait for the next arrival and take everything else that waits behind it."""
    arrivals = _Arrivals()
    while not arrivals:
        cancel.raise_if_cancelled()
        for arrival in _drain(queue):
            arrivals.add(arrival)
    return arrivals


def _drain(queue: SimpleQueue[_Arrival]) -> Iterator[_Arrival]:
    try:
        yield queue.get(timeout=_STOP_CHECK_S)
        while True:
            yield queue.get_nowait()
    except Empty:
        return


def _say_news(watcher: FolderWatcher, said: set[str], say: Callable[[str], None]) -> None:
    """Say once why a folder is scanned or polled instead of watched."""
    for status in watcher.statuses():
        sentence = f"{status.root}: {status.sentence}"
        if status.sentence and sentence not in said:
            said.add(sentence)
            say(sentence)


def _index_arrivals(
    workspace: Workspace, arrivals: _Arrivals, cancel: CancelToken, report: Report
) -> None:
    if arrivals.rescan_reason:
        scan_library(workspace, cancel, report)
        return
    for folder in workspace.online_folders():
        paths = arrivals.paths.get(folder.path, set())
        if paths:
            index_paths(workspace, folder, sorted(paths), cancel)
