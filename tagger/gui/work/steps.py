"""What the jobs do: in a process beside the window, or in threads of this one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tagger.gui.work.jobs import Steps
from tagger.services.indexing import scan_library
from tagger.services.journal_undo import UndoResult, undo_run
from tagger.services.running import run_tagging
from tagger.services.watching import index_arrivals
from tagger.services.writing.running import write_pending

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.core.cancel import CancelToken
    from tagger.services.backstage import Backstage
    from tagger.services.reporting import Report
    from tagger.services.tagging import TagResult
    from tagger.services.workspace import Workspace

    TagRun = Callable[[Workspace, CancelToken, Report], TagResult]


def tag_on_best_device(workspace: Workspace, cancel: CancelToken, report: Report) -> TagResult:
    """Tag with the classifier in use, on whatever computes fastest here."""
    return run_tagging(workspace, "auto", cancel, report)


def take_back_run(
    workspace: Workspace, cancel: CancelToken, report: Report, *, number: int
) -> UndoResult:
    """Bring the files of a run back to what they were."""
    return undo_run(workspace, number, cancel, report)


def steps_apart(backstage: Backstage, tag: TagRun) -> Steps:
    """Every step in the other process. `tag` is sent by its name: a module must define it."""
    return Steps(
        scan=partial(backstage.run, scan_library),
        index=lambda arrivals: partial(backstage.run, partial(index_arrivals, arrivals=arrivals)),
        tag=partial(backstage.run, tag),
        write=partial(backstage.run, write_pending),
        undo=lambda run: partial(backstage.run, partial(take_back_run, number=run)),
    )


def steps_here(workspace: Workspace, tag: TagRun) -> Steps:
    """Every step in threads of this process."""
    return Steps(
        scan=partial(scan_library, workspace),
        index=lambda arrivals: partial(index_arrivals, workspace, arrivals=arrivals),
        tag=partial(tag, workspace),
        write=partial(write_pending, workspace),
        undo=lambda run: partial(take_back_run, workspace, number=run),
    )
