"""Taking an old decision on one photo back, whatever was decided on others since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.keywords import class_key
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


def newest_standing(history: Sequence[HistoryLine], name: str | None = None) -> list[HistoryLine]:
    """What was decided last on a photo and still counts; of one class where it is named.

    `history` is of one photo, the newest first.
    """
    standing = still_standing(history, history)
    if name is not None:
        standing = [line for line in standing if class_key(line.tag) == class_key(name)]
    return [line for line in standing if line.decided_at == standing[0].decided_at]


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
