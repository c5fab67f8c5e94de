"""Small data sets in folders, of real photos of `../shared`, copied where a test may sort them."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def take_clothing(
    source: Path, target: Path, classes: Sequence[str], counts: Mapping[str, int]
) -> Path:
    """So many photos of each class in each part, such as `{"train": 12, "validation": 4}`."""
    for part, count in counts.items():
        for name in classes:
            folder = target / part / name
            folder.mkdir(parents=True)
            for photo in sorted((source / part / name).iterdir())[:count]:
                shutil.copy(photo, folder / photo.name)
    return target


def take_wedding(source: Path, target: Path, classes: Sequence[str], count: int) -> Path:
    """So many clear photos of each class, in a folder for each source: one may be one wedding."""
    taken = dict.fromkeys(classes, 0)
    with (source / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["label"]
            if row["hard"] != "0" or row["also"] or taken.get(name, count) >= count:
                continue
            taken[name] += 1
            folder = target / name / row["repo"]
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / row["file"], folder)
    return target


def swap_labels(folder: Path, classes: Sequence[str], each: int) -> dict[str, str]:
    """Move the first photos of each class into the next; names of the moved to the right class."""
    moved = {}
    chosen = {name: sorted((folder / name).iterdir())[:each] for name in classes}
    for place, (name, photos) in enumerate(chosen.items()):
        wrong = classes[(place + 1) % len(classes)]
        for photo in photos:
            photo.rename(folder / wrong / photo.name)
            moved[photo.name] = name
    return moved
