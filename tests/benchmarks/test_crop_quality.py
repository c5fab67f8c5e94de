"""How much of a subject a crop keeps: around the subject, and from the middle, in one run.

The subjects of 64 wedding photos were marked by hand (`subject_boxes.csv`, shares of the sides).
Published photos have their subjects near the middle, where the middle is hard to beat; so each
photo is also measured as if it had been framed otherwise, cut on one side up to the subject.

The classifier has seen some of these photos while it was trained, under their class alone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.export import largest_window
from tagger.images import decode_photo
from tagger.services.cropping import SubjectFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from tagger.export import Window

    Box = tuple[float, float, float, float]

_BOXES = Path(__file__).with_name("subject_boxes.csv")
_RATIOS = {"4:5": 0.8, "1:1": 1.0, "9:16": 9 / 16, "1.91:1": 1080 / 566}
_ROOM = 0.03
_LEAST_CUT = 0.12


@dataclass(frozen=True)
class _Subject:
    """A picture with its subject, left, top, right, bottom in shares."""

    picture: Image.Image
    tag: str
    box: Box


@pytest.mark.benchmark_only
@pytest.mark.timeout(1800)
def test_crops_around_the_subject_keep_more_of_it(wedding_dir: Path, tmp_path: Path) -> None:
    finders = {
        "subject": SubjectFinder(tmp_path),
        "detail alone": SubjectFinder(tmp_path, use_network=False),
    }
    kept: dict[tuple[str, str], list[float]] = {}
    for framing, subject in _subjects(wedding_dir):
        focuses = {
            name: finder.find_focus(subject.picture, subject.tag)
            for name, finder in finders.items()
        }
        focuses["centre"] = (0.5, 0.5)
        for ratio in _RATIOS.values():
            for name, focus in focuses.items():
                window = largest_window(subject.picture.size, ratio, focus)
                kept.setdefault((framing, name), []).append(_share_kept(subject.box, window))
            kept.setdefault((framing, "best possible"), []).append(_best(subject, ratio))
    means = {key: float(np.mean(values)) for key, values in kept.items()}
    for (framing, name), mean in sorted(means.items()):
        print(f"{framing:12} {name:14} {mean:.3f} of the subject kept")
    assert means["off centre", "subject"] > means["off centre", "centre"] + 0.005
    assert means["as published", "subject"] > means["as published", "centre"] - 0.01


def _subjects(folder: Path) -> Iterator[tuple[str, _Subject]]:
    with _BOXES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        picture = decode_photo(folder / row["file"])
        box = (float(row["left"]), float(row["top"]), float(row["right"]), float(row["bottom"]))
        yield "as published", _Subject(picture, row["label"], box)
        frame = _cut_most(box)
        if frame is not None:
            yield "off centre", _reframe(_Subject(picture, row["label"], box), frame)


def _cut_most(box: Box) -> Box | None:
    """The picture without the widest strip beside the subject; None where there is none."""
    left, top, right, bottom = box
    strips = {
        left: (left - _ROOM, 0.0, 1.0, 1.0),
        top: (0.0, top - _ROOM, 1.0, 1.0),
        1 - right: (0.0, 0.0, right + _ROOM, 1.0),
        1 - bottom: (0.0, 0.0, 1.0, bottom + _ROOM),
    }
    widest = max(strips)
    return strips[widest] if widest > _LEAST_CUT else None


def _reframe(subject: _Subject, frame: Box) -> _Subject:
    width, height = subject.picture.size
    edges = (frame[0] * width, frame[1] * height, frame[2] * width, frame[3] * height)
    picture = subject.picture.crop(tuple(round(edge) for edge in edges))  # type: ignore[arg-type]
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    left, top, right, bottom = subject.box
    box = (
        (left - frame[0]) / wide,
        (top - frame[1]) / high,
        (right - frame[0]) / wide,
        (bottom - frame[1]) / high,
    )
    return _Subject(picture, subject.tag, box)


def _share_kept(box: Box, window: Window) -> float:
    left, top, right, bottom = box
    width = min(right, window.left + window.width) - max(left, window.left)
    height = min(bottom, window.top + window.height) - max(top, window.top)
    return max(0.0, width) * max(0.0, height) / ((right - left) * (bottom - top))


def _best(subject: _Subject, ratio: float) -> float:
    places = np.linspace(0, 1, 41)
    windows = (largest_window(subject.picture.size, ratio, (at, at)) for at in places)
    return max(_share_kept(subject.box, window) for window in windows)
