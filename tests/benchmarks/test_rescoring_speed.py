"""How long another classifier takes to score a library of 100,000 photos from stored features.

Repeat with: `.venv/bin/pytest tests/benchmarks/test_rescoring_speed.py -m benchmark_only -s`
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.core.ids import ContentId
from tagger.core.photo import Capture, ScannedPhoto, Stamp
from tagger.library import Rescored
from tagger.services.classifiers import DEFAULT_MODEL, find_installed, register_bundle
from tagger.services.models.adopting import use_model
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.benchmark_only

PHOTOS = 100_000
PAGE = 5_000
SPARSE = 0.2
"""Share of the features above zero: scores of real photos are low for most classes, too."""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "home") as workspace:
        library = workspace.library
        folder = library.add_folder(Path("/photos"))
        info = find_installed(workspace.home, DEFAULT_MODEL).info
        model_id = register_bundle(workspace, info)
        tag_ids = [library.find_tag(entry.name).id for entry in info.classes]
        rng = np.random.default_rng(0)
        for start in range(0, PHOTOS, PAGE):
            numbers = range(start, start + PAGE)
            library.store_scan(folder.id, [_photo(number) for number in numbers])
            vectors = rng.exponential(0.4, (PAGE, 2048)) * (rng.random((PAGE, 2048)) < SPARSE)
            library._features.store(
                info.backbone,
                {
                    ContentId(f"{number:032x}"): row.tobytes()
                    for number, row in zip(numbers, vectors.astype(np.float16), strict=True)
                },
            )
        waiting = library.photos_to_rescore(info.fingerprint)
        scores = (rng.random((PHOTOS, len(tag_ids))) ** 8).astype(np.float32)
        library.store_rescored(model_id, Rescored(waiting, tag_ids, scores))
        yield workspace


def _photo(number: int) -> ScannedPhoto:
    return ScannedPhoto(
        rel_path=f"Wedding {number // 800:03d}/IMG_{number:06d}.jpg",
        stamp=Stamp(8_000_000, number),
        content_id=ContentId(f"{number:032x}"),
        capture=Capture(),
    )


def test_another_classifier_on_100_000_photos(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head of twelve classes on the body of the classifier that comes along.

    Its bias is lower, since random features look a little like every class.
    """
    import torch

    from tagger.ml.heads import load_head, save_with_head

    bundle = find_installed(workspace.home, DEFAULT_MODEL)
    head = load_head(bundle.folder)
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(head.weight.shape, generator=generator).numpy()
    weight = (head.weight * (1 + 0.1 * noise)).astype(np.float32)
    info = bundle.info.model_copy(update={"name": "other"})
    save_with_head(bundle.folder, workspace.home / "models/other", info, weight, head.bias - 3)
    started, started_cpu = perf_counter(), process_time()
    adoption = use_model(workspace, "other", CancelToken(), lambda _: None)
    seconds, cpu = perf_counter() - started, process_time() - started_cpu
    assert adoption.rescored == PHOTOS
    tags = sum(workspace.library.count_by_class().values()) / PHOTOS
    with capsys.disabled():
        print(
            f"\n{PHOTOS:,} photos, {tags:.1f} tags each, scored anew in {seconds:.1f} s "
            f"({cpu:.1f} s of processor time); 10 s are the aim on two idle cores"
        )
