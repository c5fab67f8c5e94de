"""Everything known of one photo, from the index alone: no drive has to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from tagger.core.ids import PhotoId
    from tagger.core.tag import Source, TagState
    from tagger.library import HistoryLine, ModelRow, PhotoRow, RatingLine
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class InspectedClass:
    """One class on the photo.

    Attributes:
        score: 0..1, None where no model scored it.
        threshold: from this score on a prediction counts as a tag.
        state: None where the class does not stand on the photo and nobody decided.
        source: who decided; None for a prediction and where nobody did.
        is_in_file: whether the file held its keyword when it was last read.
    """

    name: str
    score: float | None
    threshold: float
    state: TagState | None
    source: Source | None
    is_in_file: bool = False


@dataclass(frozen=True)
class Inspection:
    """One photo with all its classes, in the person's order.

    Attributes:
        model: the classifier in use, None when there is none yet.
        history: the newest decision first.
        ratings: stars and labels that a person gave, the newest first.
    """

    photo: PhotoRow
    classes: tuple[InspectedClass, ...]
    model: ModelRow | None
    file_keywords: tuple[str, ...]
    history: tuple[HistoryLine, ...]
    ratings: tuple[RatingLine, ...]


def inspect_photo(workspace: Workspace, photo_id: PhotoId) -> Inspection | None:
    """Read one photo; None when it is gone from the library."""
    library = workspace.library
    rows = library.photo_rows([photo_id])
    if not rows:
        return None
    history = tuple(library.history(photo_id))
    standing = {tag.name: tag for tag in rows[0].tags}
    scores = library.scores(photo_id)
    file_keywords = library.file_keywords(photo_id)
    in_file = {keyword.rpartition("|")[2].casefold() for keyword in file_keywords}
    return Inspection(
        photo=rows[0],
        classes=tuple(
            InspectedClass(
                name=tag.name,
                score=scores.get(tag.name),
                threshold=tag.threshold,
                state=standing[tag.name].state if tag.name in standing else None,
                source=_deciding_source(tag.name, history),
                is_in_file=tag.keyword_path[-1].casefold() in in_file,
            )
            for tag in shown_tags(library)
        ),
        model=next((model for model in library.models() if model.is_in_use), None),
        file_keywords=file_keywords,
        history=history,
        ratings=tuple(library.rating_history(photo_id)),
    )


def _deciding_source(name: str, history: tuple[HistoryLine, ...]) -> Source | None:
    """Who made the newest decision that still counts."""
    line = next((line for line in history if line.tag == name and not line.is_undone), None)
    return None if line is None or line.verdict is None else line.source
