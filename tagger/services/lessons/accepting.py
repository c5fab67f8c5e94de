"""A person's word on a cell of what would change: right or wrong, on all of its photos at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.keywords import class_key
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest
from tagger.services.correcting import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.core.changes import Changes
    from tagger.core.tag import Tag
    from tagger.library import Library, PhotoRow
    from tagger.services.models.comparing import Move


@dataclass(frozen=True)
class Acceptance:
    """What came of it.

    Attributes:
        decided, kept: photos that were decided on, and photos on which a person had said the
            opposite since the cell was made: that stays.
    """

    changes: Changes
    decided: int
    kept: int


def accept_move(library: Library, move: Move, *, is_right: bool) -> Acceptance:
    """Decide on the photos of a cell as a person, as one step that undo takes back.

    Right: they have the new tag and not the old one. Wrong: the other way round. Who looks at the
    photos of a cell and corrects some of them means the others with a word on all.

    Raises:
        WrongUseError: a class was removed meanwhile.
    """
    verdicts = {
        name: Verdict.CONFIRMED if is_new == is_right else Verdict.REJECTED
        for name, is_new in ((move.old, False), (move.new, True))
        if name is not None
    }
    wanted = _find_tags(library, verdicts)
    verdict_of = {tag.name: verdicts[name] for name, tag in wanted.items()}
    open_ids = [
        row.id for row in read_rows(library, move.photo_ids) if not _is_denied(row, verdict_of)
    ]
    requests = [
        DecisionRequest(photo_id, tag.id, verdicts[name])
        for photo_id in open_ids
        for name, tag in wanted.items()
    ]
    signs = {Verdict.CONFIRMED: "+", Verdict.REJECTED: "-"}
    label = " ".join(f"{signs[verdict]}{name}" for name, verdict in verdicts.items())
    changes = library.decide(requests, label=label)
    return Acceptance(changes, len(open_ids), len(move.photo_ids) - len(open_ids))


def _find_tags(library: Library, verdicts: Mapping[str, Verdict]) -> dict[str, Tag]:
    """A class that only the new classifier knows can't be on any photo yet."""
    known = {class_key(tag.name) for tag in library.tags()}
    return {
        name: library.find_tag(name)
        for name, verdict in verdicts.items()
        if class_key(name) in known or verdict is Verdict.CONFIRMED
    }


def _is_denied(row: PhotoRow, verdict_of: Mapping[str, Verdict]) -> bool:
    """Whether a person has said the opposite of one of the verdicts."""
    return any(
        (tag.state is TagState.REJECTED) != (verdict_of[tag.name] is Verdict.REJECTED)
        for tag in row.tags
        if tag.name in verdict_of and tag.state is not TagState.PREDICTED
    )
