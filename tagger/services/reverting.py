"""Taking an old decision on one photo back, whatever was decided on others since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.library import DecisionRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.ids import PhotoId
    from tagger.core.tag import Verdict
    from tagger.library import HistoryLine, Library


def still_standing(
    lines: Sequence[HistoryLine], history: Sequence[HistoryLine]
) -> list[HistoryLine]:
    """Those of the lines that nothing has replaced: what taking them back would change.

    `history` is of the same photo, the newest first.
    """
    newest: dict[str, HistoryLine] = {}
    for line in history:
        if not line.is_undone:
            newest.setdefault(line.tag, line)
    return [line for line in lines if newest.get(line.tag) == line and line.verdict is not None]


def revert_decisions(library: Library, photo_id: PhotoId, lines: Sequence[HistoryLine]) -> Changes:
    """Let each class stand on the photo as it did before these lines.

    It is a decision of its own, which undo takes back. Lines that were replaced meanwhile, and
    such that are unknown, change nothing.
    """
    history = library.history(photo_id)
    requests = [
        DecisionRequest(photo_id, library.find_tag(line.tag).id, _verdict_before(line, history))
        for line in still_standing(lines, history)
    ]
    if not requests:
        return Changes()
    return library.decide(requests, label="taken back in the history")


def _verdict_before(line: HistoryLine, history: Sequence[HistoryLine]) -> Verdict | None:
    older = history[history.index(line) + 1 :]
    return next((one.verdict for one in older if one.tag == line.tag and not one.is_undone), None)
