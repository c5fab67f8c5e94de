"""Correcting many photos at once, as one step that undo takes back.

What a key means hangs on what stands on the photos. So they are given as they were seen: a
classifier may have said something else by the time the decision is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.library import Library, PhotoRow

_PAGE = 500


@dataclass(frozen=True)
class Correction:
    """What a correction did: `verdict` is what was decided on so many `photos`."""

    changes: Changes
    verdict: Verdict
    photos: int


def toggle_class(library: Library, rows: Iterable[PhotoRow], name: str) -> Correction:
    """Confirm the class on all of these photos; where all have it already, reject it on all.

    Raises:
        WrongUseError: there is no such class.
    """
    tag = library.find_tag(name)
    rows = list(rows)
    is_everywhere = all(tag.name in _shown(row) for row in rows)
    verdict = Verdict.REJECTED if is_everywhere else Verdict.CONFIRMED
    requests = [DecisionRequest(row.id, tag.id, verdict) for row in rows]
    label = f"{'-' if is_everywhere else '+'}{tag.name}"
    return Correction(library.decide(requests, label=label), verdict, len(rows))


def confirm_shown(library: Library, rows: Iterable[PhotoRow]) -> Correction:
    """Confirm every tag that stands on each photo."""
    return _decide_shown(library, rows, Verdict.CONFIRMED, "confirm all")


def reject_shown(library: Library, rows: Iterable[PhotoRow]) -> Correction:
    """Reject every tag that stands on each photo."""
    return _decide_shown(library, rows, Verdict.REJECTED, "reject all")


def choose_none(library: Library, photo_ids: Sequence[PhotoId]) -> Correction:
    """Say that these photos show none of the classes."""
    tags = shown_tags(library)
    requests = [
        DecisionRequest(photo_id, tag.id, Verdict.REJECTED)
        for photo_id in photo_ids
        for tag in tags
    ]
    changes = library.decide(requests, label="=none")
    return Correction(changes, Verdict.REJECTED, len(photo_ids))


def _decide_shown(
    library: Library, rows: Iterable[PhotoRow], verdict: Verdict, label: str
) -> Correction:
    shown = [(row.id, name) for row in rows for name in _shown(row)]
    ids = {name: library.find_tag(name).id for name in {name for _, name in shown}}
    requests = [DecisionRequest(photo_id, ids[name], verdict) for photo_id, name in shown]
    photos = len({photo_id for photo_id, _ in shown})
    return Correction(library.decide(requests, label=label), verdict, photos)


def _shown(row: PhotoRow) -> tuple[str, ...]:
    return tuple(tag.name for tag in row.tags if tag.state is not TagState.REJECTED)


def read_rows(library: Library, photo_ids: Sequence[PhotoId]) -> Iterator[PhotoRow]:
    """Photos as they are now, where nobody can have seen them all."""
    for start in range(0, len(photo_ids), _PAGE):
        yield from library.photo_rows(photo_ids[start : start + _PAGE])
