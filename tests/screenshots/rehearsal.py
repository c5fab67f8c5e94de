"""A library with drawn weddings in it, and scores as a classifier would give them.

The program's own classifier knows photographs and not drawings, so the scores are made up here.
They show the window, and say nothing of how well it recognises.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tagger.library import ClassRecord, ModelRecord, ScoredPhoto
from tagger.services.reporting import Stopwatch
from tagger.services.summarising import RunFigures, remember_run
from tagger.services.tagging import TagResult, count_pending
from tests.screenshots.scenes import SCENES, draw_scene

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import TagId
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

_SHOOTS = (
    ("2026-06-20 Ana & Luis", "Canon EOS R6", datetime(2026, 6, 20, 10, 12), 34),  # noqa: DTZ001
    ("2026-07-11 Mia & Jonas", "NIKON Z 8", datetime(2026, 7, 11, 11, 40), 26),  # noqa: DTZ001
    ("2026-08-01 Sofia & Tom", "SONY ILCE-7M4", datetime(2026, 8, 1, 13, 5), 20),  # noqa: DTZ001
)
_DAY_ORDER = (
    "venue", "details", "rings", "bride", "bouquet", "groom", "ceremony", "newlyweds",
    "wedding_party", "newlyweds", "reception_room", "cake", "dance",
)  # fmt: skip
_ALSO = {"bride": "bouquet", "newlyweds": "bride", "ceremony": "venue", "dance": "newlyweds"}
_THRESHOLDS = (0.52, 0.44, 0.5, 0.47, 0.55, 0.5, 0.48, 0.4, 0.5, 0.45, 0.42, 0.58)


def draw_weddings(folder: Path) -> dict[str, str]:
    """Draw every photo. Returns file name to scene."""
    scenes: dict[str, str] = {}
    for shoot, camera, begin, count in _SHOOTS:
        (folder / shoot).mkdir(parents=True)
        for number in range(count):
            scene = _DAY_ORDER[number * len(_DAY_ORDER) // count]
            seed = len(scenes) * 17 + 3
            name = f"{shoot[11:14].upper()}_{4210 + number * 7}.jpg"
            image = draw_scene(scene, seed, upright=scene in {"bride", "groom"} and number % 2 == 0)
            taken = begin + timedelta(minutes=number * 17)
            _save(image, folder / shoot / name, camera, taken)
            scenes[name] = scene
    return scenes


class Rehearsal:
    """Tags drawn photos with scores that fit their scene.

    Attributes:
        stop_after: so many photos are tagged, then it waits until it is cancelled.
    """

    def __init__(self, scenes: dict[str, str]) -> None:
        self._scenes = scenes
        self.stop_after: int | None = None

    def tag(self, workspace: Workspace, cancel: CancelToken, report: Report) -> TagResult:
        """Tag what waits, as the program's own classifier would."""
        library = workspace.library
        model_id = library.register_model(_model())
        ids = {name: library.find_tag(name).id for name in SCENES}
        tagged = 0
        watch = Stopwatch("Tagging", count_pending(workspace), report, lambda: tagged / 31)
        folders = [folder.id for folder in workspace.online_folders()]
        while photos := library.next_untagged(folders, 4):
            scored = [
                ScoredPhoto(photo.id, self._score(photo.path.name, ids), None, photo.content_id)
                for photo in photos
            ]
            library.store_scores(model_id, scored)
            tagged += len(photos)
            watch.advance(len(photos))
            if self.stop_after is not None and tagged >= self.stop_after:
                cancel.wait(60)
                cancel.raise_if_cancelled()
        remember_run(workspace, RunFigures(1.0, 31.0, "cpu", "wedding-scenes"))
        return TagResult(tagged=tagged, seconds=tagged / 31)

    def _score(self, name: str, ids: dict[str, TagId]) -> dict[TagId, float]:
        rng = np.random.default_rng(sum(name.encode()))
        scores = {class_name: float(rng.beta(1.2, 14)) for class_name in ids}
        scene = self._scenes[name]
        scores[scene] = float(rng.uniform(0.72, 0.98))
        if scene in _ALSO:
            scores[_ALSO[scene]] = float(rng.uniform(0.3, 0.8))
        return {ids[class_name]: score for class_name, score in scores.items()}


def _model() -> ModelRecord:
    return ModelRecord(
        name="wedding-scenes",
        fingerprint="rehearsal",
        backbone="rehearsal",
        classes=tuple(
            ClassRecord(name, ("Wedding", name.replace("_", " ").title()), threshold)
            for name, threshold in zip(SCENES, _THRESHOLDS, strict=True)
        ),
    )


def _save(image: Image.Image, path: Path, camera: str, taken: datetime) -> None:
    exif = Image.Exif()
    exif[0x0110] = camera
    exif.get_ifd(0x8769)[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    image.save(path, quality=92, exif=exif)
