"""What the classifier in use says of a picture that need not be in the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.images import decode_photo
from tagger.services.classifiers import bundle_in_use
from tagger.services.classifying import Classification, classify_photo
from tagger.services.reporting import Stopwatch
from tagger.services.settings import wanted_device

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


def try_picture(
    workspace: Workspace, cancel: CancelToken, report: Report, *, path: Path
) -> Classification:
    """Every class with its score.

    Raises:
        PhotoError: it can't be read, or takes too long.
        ModelError: the classifier in use is damaged or missing.
        CancelledError: somebody asked for a stop.
    """
    watch = Stopwatch("Looking at the picture", 1, report)
    bundle = bundle_in_use(workspace.home)
    # A picture that can't be read is told at once, not after the seconds that loading takes.
    decode_photo(path, short_side_px=bundle.info.transform.resize_px)
    classifier = bundle.load(wanted_device(workspace.library, "auto"))
    try:
        cancel.raise_if_cancelled()
        watch.advance()
        return classify_photo(classifier, path)
    finally:
        classifier.close()
