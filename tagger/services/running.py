"""Everything in one go: look for photos, tag them and, when asked to, write keywords."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.services.classifiers import bundle_in_use, register_bundle
from tagger.services.indexing import ScanResult, scan_library
from tagger.services.rescoring import Scorer, rescore_waiting
from tagger.services.settings import wanted_device
from tagger.services.summarising import RunFigures, Summary, remember_run, summarise
from tagger.services.tagging import TagResult, count_pending, tag_pending
from tagger.services.writing.running import WriteResult, write_pending

if TYPE_CHECKING:
    from tagger.core.cancel import CancelToken
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class RunResult:
    """What each step did; `write` is None when it was not asked for."""

    scan: ScanResult
    tag: TagResult
    write: WriteResult | None
    summary: Summary


def run_all(
    workspace: Workspace, device: str, cancel: CancelToken, report: Report, *, write: bool
) -> RunResult:
    """Scan, tag and perhaps write, as the only worker on this library.

    Raises:
        CancelledError: at the next safe point; what is finished stays.
        LibraryError: another program works on this library.
        ModelError: no classifier can be loaded. What was indexed stays.
    """
    with workspace.working():
        scan = scan_library(workspace, cancel, report)
        tag = run_tagging(workspace, device, cancel, report)
        written = write_pending(workspace, cancel, report) if write else None
    summary = replace(
        summarise(workspace),
        seconds=round(tag.seconds, 3),
        photos_per_second=round(tag.photos_per_second, 2),
    )
    return RunResult(scan, tag, written, summary)


def run_tagging(
    workspace: Workspace, device: str, cancel: CancelToken, report: Report
) -> TagResult:
    """Load the classifier and tag what waits. Where nothing waits, nothing is loaded."""
    bundle = bundle_in_use(workspace.home)
    model_id = register_bundle(workspace, bundle.info)
    if not count_pending(workspace):
        return TagResult()
    classifier = bundle.load(wanted_device(workspace.library, device))
    try:
        scorer = Scorer(classifier.info, classifier.score_features)
        rescore_waiting(workspace.library, scorer, model_id, cancel, report)
        result = tag_pending(workspace, classifier, model_id, cancel, report)
    finally:
        classifier.close()
    remember_run(
        workspace,
        RunFigures(
            seconds=round(result.seconds, 3),
            photos_per_second=round(result.photos_per_second, 2),
            device=classifier.device,
            model=classifier.info.name,
        ),
    )
    return result
