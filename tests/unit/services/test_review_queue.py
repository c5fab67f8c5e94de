"""What a person is asked next."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.core.tag import Verdict
from tagger.library import ClassRecord, DecisionRequest, Library, ModelRecord, ScoredPhoto
from tagger.services.indexing import scan_library
from tagger.services.lookalikes import decide_class
from tagger.services.review_queue import estimate_precision, plan_review
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.ids import PhotoId

_UNSURE = (0.51, 0.50, 0.49, 0.40, 0.30)
_SURE = (0.9, 0.95, 0.97)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Five unsure photos, of which the first two are twins, and three sure ones."""
    for number in range(len(_UNSURE) + len(_SURE)):
        save_jpeg(tmp_path / "p" / f"{number}.jpg", width=60, height=40, seed=number)
    with Workspace.open(tmp_path / "home") as workspace:
        library = workspace.library
        library.add_folder(tmp_path / "p")
        scan_library(workspace, CancelToken(), lambda _: None)
        classes = (ClassRecord("bride", ("Wedding", "Bride"), 0.5),)
        model = library.register_model(ModelRecord("m", "m", "b", classes))
        tag = library.find_tag("bride").id
        vectors = np.eye(8, dtype=np.float16)
        vectors[1] = vectors[0]
        waiting = library.next_untagged([library.folders()[0].id], 100)
        scored = [
            ScoredPhoto(photo.id, {tag: score}, vector.tobytes(), photo.content_id)
            for photo, score, vector in zip(
                sorted(waiting, key=lambda photo: photo.path.name),
                _UNSURE + _SURE,
                vectors,
                strict=True,
            )
        ]
        library.store_scores(model, scored)
        yield library


def test_the_most_unsure_come_first_and_twins_wait(library: Library) -> None:
    ids = _ids(library)
    queue = [q.photo_id for q in plan_review(library, 50, rng=random.Random(1))]

    unsure = [photo for photo in queue if photo in ids[:5]]
    assert unsure[0] == ids[1]
    assert unsure.index(ids[0]) > unsure.index(ids[2])
    assert set(unsure) == set(ids[:5])


def test_a_few_sure_ones_are_mixed_in_and_measured(library: Library) -> None:
    ids = _ids(library)
    assert estimate_precision(library) is None

    queue = plan_review(library, 50, rng=random.Random(1))

    [blind] = [q.photo_id for q in queue if q.photo_id in ids[5:]]
    decide_class(library, [blind], "bride", Verdict.CONFIRMED)
    decide_class(library, [ids[0]], "bride", Verdict.REJECTED)
    precision = estimate_precision(library)
    assert precision is not None
    assert (precision.right, precision.looked_at) == (1, 1)
    assert 0.2 < precision.low < precision.high == 1.0


def test_what_is_decided_is_not_asked_again(library: Library) -> None:
    tag = library.find_tag("bride").id
    requests = [DecisionRequest(photo, tag, Verdict.REJECTED) for photo in _ids(library)]
    library.decide(requests, label="-bride")

    assert plan_review(library) == []


def test_a_limit_and_a_selection_hold(library: Library) -> None:
    ids = _ids(library)

    assert len(plan_review(library, 2)) == 2
    assert {q.photo_id for q in plan_review(library, 50, only=ids[:2])} == set(ids[:2])


def _ids(library: Library) -> list[PhotoId]:
    rows = library.photo_rows(library.find(None))
    return [row.id for row in sorted(rows, key=lambda row: row.path.name)]
