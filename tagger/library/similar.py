"""Photos that look alike: nearest by the cosine of the classifier's feature vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, PhotoId
from tagger.core.query import SimilarTo
from tagger.library.photos import find_photo_id
from tagger.library.rows import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tagger.library.found_ids import Ids, Search

_NEAREST = 200


def _find_similar(clause: SimilarTo, search: Search) -> Ids:
    """The 200 nearest pictures, the photo itself among them."""
    content_id = _read_content(clause.reference, search)
    row = search.db.execute("SELECT backbone FROM models WHERE in_use = 1").fetchone()
    backbone = "" if row is None else row[0]
    features = search.scope.features
    own = features.load(backbone, [content_id]).get(content_id)
    if own is None:
        raise WrongUseError(
            f"{clause.reference} has not been seen by the classifier in use; tag it first."
        )
    target = _normalise([own])[0]
    contents: list[ContentId] = []
    scores: list[NDArray[np.float32]] = []
    for page in features.iterate(backbone):
        contents += [content for content, _ in page]
        scores.append(_normalise([vector for _, vector in page]) @ target)
    order = np.argsort(-np.concatenate(scores), kind="stable")[:_NEAREST]
    return search.read(
        "id",
        "FROM photos WHERE content_id IN (SELECT value FROM json_each(?))",
        pack(contents[index] for index in order),
    )


def _read_content(reference: str, search: Search) -> ContentId:
    photo_id = (
        PhotoId(int(reference))
        if reference.isdecimal() and len(reference) < 19
        else find_photo_id(search.db, Path(reference).expanduser())
    )
    row = search.db.execute("SELECT content_id FROM photos WHERE id = ?", (photo_id,)).fetchone()
    if row is None or row[0] is None:
        raise WrongUseError(f"There is no photo {reference} in the library that can be read.")
    return ContentId(row[0])


def _normalise(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    """`[N, features]` of length one; a zero vector stays zero."""
    matrix = np.frombuffer(b"".join(vectors), dtype="<f2").reshape(len(vectors), -1)
    floats = matrix.astype(np.float32)
    lengths = np.linalg.norm(floats, axis=1, keepdims=True)
    normalised: NDArray[np.float32] = floats / np.maximum(lengths, np.finfo(np.float32).tiny)
    return normalised


SIMILAR_FINDERS: dict[type, Callable[..., Ids]] = {SimilarTo: _find_similar}
"""For each kind of clause what finds it: `(clause, search) -> ids`, in no order."""
