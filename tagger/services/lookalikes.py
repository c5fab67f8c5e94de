"""Photos of the same shoot that look like one just corrected: what was said of it may fit them too.

Distances are those of the classifier's own features, so nothing is decoded again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.query import InFolder, InShoot
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest
from tagger.services.correcting import Correction

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.core.query import Query
    from tagger.core.tag import PhotoTag
    from tagger.library import Library, PhotoRow

ALIKE = 0.76
"""From this cosine on photos of one shoot are offered. Measured on 963 wedding photographs: of the
pairs from one source with this cosine or more 61 % show the same, of all pairs 25 %."""

SURE = 0.84
"""From this cosine on 87 % show the same; photos taken in a row are nearer still."""

MOST_CORRECTED = 50
"""A person who corrects more photos at once has chosen them."""

MOST_OFFERED = 200
_PAGE = 1000


@dataclass(frozen=True)
class Lookalike:
    """A photo that may get the same decision.

    Attributes:
        similarity: cosine with the nearest corrected photo, 0..1.
        is_sure: near enough to be decided with the others without a look.
    """

    photo_id: PhotoId
    similarity: float
    is_sure: bool


@dataclass(frozen=True)
class Lookalikes:
    """The nearest first; `verdict` is what was said on the class `name` of the corrected photos."""

    name: str
    verdict: Verdict
    photos: tuple[Lookalike, ...]


def find_lookalikes(
    library: Library, corrected: Sequence[PhotoId], name: str, verdict: Verdict
) -> Lookalikes:
    """Photos of the same shoots for which nobody has decided on this class.

    Those are left out on which a rejection would change nothing. None are found for more than
    `MOST_CORRECTED` photos, and for photos that the classifier in use has not seen.
    """
    nothing = Lookalikes(name, verdict, ())
    backbone = next((model.backbone for model in library.models() if model.is_in_use), None)
    if backbone is None or not 0 < len(corrected) <= MOST_CORRECTED:
        return nothing
    name = library.find_tag(name).name  # it may have got another one since it was shown
    own = library.load_features(backbone, corrected)
    if not own:
        return nothing
    candidates = _find_candidates(library, corrected, name, verdict)
    vectors = library.load_features(backbone, candidates)
    if not vectors:
        return nothing
    return Lookalikes(name, verdict, tuple(_rank(own, vectors)))


def decide_class(
    library: Library, photo_ids: Collection[PhotoId], name: str, verdict: Verdict
) -> Changes:
    """The same verdict on one class for all of these photos, as one step that undo takes back."""
    tag = library.find_tag(name)
    requests = [DecisionRequest(photo_id, tag.id, verdict) for photo_id in photo_ids]
    sign = "-" if verdict is Verdict.REJECTED else "+"
    return library.decide(requests, label=f"{sign}{tag.name}")


def accept_lookalikes(
    library: Library, offer: Lookalikes, photo_ids: Sequence[PhotoId]
) -> Correction:
    """Decide on these photos what was offered, but for those decided on since, as one step.

    Raises:
        WrongUseError: the class is not in the library any more.
    """
    name = library.find_tag(offer.name).name
    tags = {row.id: _tag_of(row.tags, name) for row in library.photo_rows(photo_ids)}
    undecided = [
        photo_id for photo_id, tag in tags.items() if tag is None or tag.state is TagState.PREDICTED
    ]
    changes = decide_class(library, undecided, name, offer.verdict)
    return Correction(changes, offer.verdict, len(undecided))


def _find_candidates(
    library: Library, corrected: Sequence[PhotoId], name: str, verdict: Verdict
) -> list[PhotoId]:
    rows = library.photo_rows(corrected)
    shoots = {row.shoot for row in rows}
    # Photos without a shoot are offered those of their folder that have none either.
    places: set[Query] = {
        InShoot(row.shoot) if row.shoot else InFolder(row.path.parent.as_posix()) for row in rows
    }
    ids = dict.fromkeys(photo for place in places for photo in library.find(place))
    decided = set(corrected)
    found = [photo for photo in ids if photo not in decided]
    return [
        row.id
        for start in range(0, len(found), _PAGE)
        for row in library.photo_rows(found[start : start + _PAGE])
        if row.shoot in shoots and _is_open(row, name, verdict)
    ]


def _is_open(row: PhotoRow, name: str, verdict: Verdict) -> bool:
    tag = _tag_of(row.tags, name)
    if tag is None:
        return verdict is not Verdict.REJECTED
    return tag.state is TagState.PREDICTED


def _tag_of(tags: Sequence[PhotoTag], name: str) -> PhotoTag | None:
    return next((tag for tag in tags if tag.name == name), None)


def _rank(own: Mapping[PhotoId, bytes], vectors: Mapping[PhotoId, bytes]) -> list[Lookalike]:
    nearest = (normalise(vectors.values()) @ normalise(own.values()).T).max(axis=1)
    ids = list(vectors)
    order = np.argsort(-nearest, kind="stable")[:MOST_OFFERED]
    return [
        Lookalike(ids[place], float(nearest[place]), bool(nearest[place] >= SURE))
        for place in order
        if nearest[place] >= ALIKE
    ]


def normalise(vectors: Collection[bytes]) -> NDArray[np.float32]:
    """`[N, features]` of length one; a zero vector stays zero."""
    matrix = np.frombuffer(b"".join(vectors), dtype="<f2").reshape(len(vectors), -1)
    floats = matrix.astype(np.float32)
    lengths = np.linalg.norm(floats, axis=1, keepdims=True)
    normalised: NDArray[np.float32] = floats / np.maximum(lengths, np.finfo(np.float32).tiny)
    return normalised
