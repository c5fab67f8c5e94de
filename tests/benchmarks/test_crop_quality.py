"""How much of a subject a crop keeps: around the subject, and from the middle, in one run.

The subjects of 123 wedding photos were marked by hand (`subject_boxes.csv`, shares of the sides);
the last 59 of them after the way to place a crop was settled, and without looking at its crops.
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

from tagger.export import find_focus, largest_window
from tagger.images import decode_photo
from tagger.services.cropping import SubjectFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PIL import Image

    from tagger.export import Window

    Box = tuple[float, float, float, float]

_BOXES = Path(__file__).with_name("subject_boxes.csv")
_RATIOS = (4 / 5, 1.0, 9 / 16, 1080 / 566)
_ROOM = 0.03
_LEAST_CUT = 0.12


@dataclass(frozen=True)
class _Subject:
    """A picture with its subject, left, top, right, bottom in shares."""

    picture: Image.Image
    tag: str
    box: Box


@pytest.mark.benchmark_only
@pytest.mark.timeout(600)
def test_crops_around_the_subject_keep_more_of_it(wedding_dir: Path, tmp_path: Path) -> None:
    import torch

    torch.set_num_threads(1)  # beside other work, threads would mostly wait for each other
    finder = SubjectFinder(tmp_path)
    kept: dict[tuple[str, str], dict[str, list[float]]] = {}
    for framing, subject in _subjects(wedding_dir):
        activation = finder.find_activation(subject.picture, subject.tag)
        assert activation is not None
        for way, focus in _ways(subject, activation).items():
            windows = [largest_window(subject.picture.size, ratio, focus) for ratio in _RATIOS]
            for measure, value in {
                "subject": np.mean([_share_kept(subject.box, window) for window in windows]),
                "activation": np.mean([_sum_kept(activation, window) for window in windows]),
            }.items():
                kept.setdefault((framing, measure), {}).setdefault(way, []).append(float(value))
        best = float(np.mean([_best(subject, ratio) for ratio in _RATIOS]))
        kept[framing, "subject"].setdefault("best possible", []).append(best)
    for (framing, measure), ways in kept.items():
        for way, values in ways.items():
            low, high = _interval(np.subtract(values, ways["centre"]))
            print(
                f"{framing}, {measure:10} kept, {way:13}: {np.mean(values):.3f}, "
                f"{low:+.4f} to {high:+.4f} against the centre ({len(values)} photos)"
            )
        assert _interval(np.subtract(ways["joined"], ways["centre"]))[0] > 0


def _ways(subject: _Subject, activation: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    """The middle of the crop by each way to place it."""
    return {
        "centre": (0.5, 0.5),
        "detail alone": find_focus(subject.picture),
        "joined": find_focus(subject.picture, activation),
    }


def _interval(gains: NDArray[np.float64]) -> tuple[float, float]:
    """Where the mean lies in 95 of 100 draws of as many photos."""
    draws = np.random.default_rng(1).integers(0, len(gains), (4000, len(gains)))
    low, high = np.percentile(gains[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def _sum_kept(activation: NDArray[np.float64], window: Window) -> float:
    """The share of what spoke for the class that lies in a window."""
    positive = np.clip(activation, 0.0, None)
    edges = np.linspace(0, 1, len(positive) + 1)
    down, across = (
        np.clip((np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)) * len(positive), 0, 1)
        for start, end in (
            (window.top, window.top + window.height),
            (window.left, window.left + window.width),
        )
    )
    total = positive.sum()
    return float(down @ positive @ across / total) if total > 0 else 1.0


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
