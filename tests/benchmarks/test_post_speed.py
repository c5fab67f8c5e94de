"""How long a post takes to be chosen from 100,000 candidates, features and all.

Sharpness counts as measured: it is once for each photo, and kept.
"""

from __future__ import annotations

import random
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.ids import ContentId
from tagger.core.photo import Capture, ScannedPhoto, Stamp
from tagger.library import ClassRecord, ModelRecord, ScoredPhoto
from tagger.services.posts.building import build_post, new_draft
from tagger.services.posts.draft import Quota, Wish
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(1800)]

PHOTOS = 100_000
WEDDINGS = 200
FEATURES = 2048
CLASSES = ("bouquet", "reception_room", "newlyweds", "bride")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    # A folder that is there with something in it: photos on absent drives are never chosen.
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "note.txt").write_text("here")
    with Workspace.open(tmp_path / "home") as workspace:
        _fill(workspace, folder)
        yield workspace


def _fill(workspace: Workspace, place: Path) -> None:
    library, rng, noise = workspace.library, random.Random(1), np.random.default_rng(1)
    folder = library.add_folder(place)
    # Directions shared by many photos, so that some are alike.
    scenes = noise.normal(size=(500, FEATURES)).astype(np.float32)
    classes = tuple(ClassRecord(name, ("Wedding", name), 0.2) for name in CLASSES)
    model = library.register_model(ModelRecord("bench", "f", "b", classes))
    tags = [tag.id for tag in library.tags()]
    for start in range(0, PHOTOS, 5_000):
        library.store_scan(folder.id, [_photo(number) for number in range(start, start + 5_000)])
        page = library.next_untagged([folder.id], 5_000)
        scored = []
        for photo in page:
            vector = scenes[rng.randrange(500)] + noise.normal(size=FEATURES).astype(np.float32)
            scores = {tag: rng.random() ** 3 for tag in tags}
            scored.append(ScoredPhoto(photo.id, scores, vector.astype("<f2").tobytes()))
        library.store_scores(model, scored)
    library.store_sharpness(dict.fromkeys(library.find(None), 1.0))


def _photo(number: int) -> ScannedPhoto:
    path = f"Wedding {number % WEDDINGS:03}/IMG_{number:06}.jpg"
    return ScannedPhoto(path, Stamp(1, 1), ContentId(f"{number:032x}"), Capture())


def test_a_post_from_100_000_candidates(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = zip(CLASSES, (3, 2, 2, 2), strict=True)
    wish = Wish(quotas=tuple(Quota(name=name, count=n) for name, n in counts), per_shoot=2)
    listing_s = min(_measure(lambda: workspace.library.find(None)) for _ in range(3))
    seconds = [_measure(lambda: _build_post(workspace, wish)) for _ in range(3)]
    with capsys.disabled():
        listed = ", ".join(f"{one:.2f} s" for one in seconds)
        print(
            f"\nnine slides from {PHOTOS:,} photos: {listed} of processor, "
            f"{min(seconds) / listing_s:.0f} times as long as listing them"
        )
    assert max(seconds) < 1.0


def _build_post(workspace: Workspace, wish: Wish) -> None:
    assert len(set(build_post(workspace, new_draft("post", wish)).photo_ids)) == 9


def _measure(run: Callable[[], object]) -> float:
    """Seconds of processor, which other programs don't change."""
    began_s = process_time()
    run()
    return process_time() - began_s
