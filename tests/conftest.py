"""Fixtures that every test may use: real photos where `../shared` has them, made ones elsewhere."""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# A busy machine is slow now and then; that is no property of the code under test.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure() -> None:
    """Give each of xdist's workers a core: two of torch's threads on busy cores wait in turns."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker.removeprefix("gw")) % len(cores)]})


def _shared(relative: str) -> Path:
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"../shared/{relative} is not on this machine")
    return path


@pytest.fixture(scope="session")
def wedding_dir() -> Path:
    """963 wedding photographs in `images/<label>/` with `labels.csv` beside them."""
    return _shared("data/wedding")


@pytest.fixture(scope="session")
def photos_dir() -> Path:
    """`valid` and `bad`: real files that matter to a reader and writer, with manifests."""
    return _shared("data/photos")


@pytest.fixture(scope="session")
def backbone_file() -> Path:
    """An ImageNet-pretrained ResNet50 of variant v1."""
    return _shared("weights/resnet50-imagenet.safetensors")


@pytest.fixture(scope="session")
def exiftool() -> str:
    """The oracle for metadata."""
    command = shutil.which("exiftool")
    if command is None:
        pytest.skip("exiftool is not installed (Debian: libimage-exiftool-perl)")
    return command


@dataclass(frozen=True)
class ManifestRow:
    """One file of `../shared/data/photos`.

    Attributes:
        path: the file itself.
        group: its folder, `jpeg` or `png_broken`.
        expected: how it opened in the readers that were tried.
    """

    path: Path
    group: str
    why: str
    expected: dict[str, Any]


def read_manifest(folder: Path) -> list[ManifestRow]:
    """The rows of `manifest.csv` in `valid` or `bad`."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [
            ManifestRow(
                path=folder / row["file"],
                group=row["file"].split("/")[0],
                why=row["why"],
                expected=json.loads(row["expected"]),
            )
            for row in csv.DictReader(file)
        ]
