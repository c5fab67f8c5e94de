"""How fast a folder of 100,000 photos is walked, against the least that anybody can do."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.files import scan_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PHOTOS, FOLDERS = 100_000, 200


def walk_bare(root: Path) -> int:
    count = 0
    for folder, _, names in os.walk(root):
        for name in names:
            os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - the bare minimum
            count += 1
    return count


def best_of(runs: int, work: Callable[[], int]) -> float:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        assert work() == PHOTOS
        seconds.append(time.perf_counter() - start)
    return min(seconds)


@pytest.mark.benchmark_only
def test_scanning_100_000_photos(tmp_path: Path) -> None:
    for folder in range(FOLDERS):
        (tmp_path / f"{folder:03}").mkdir()
        for photo in range(PHOTOS // FOLDERS):
            (tmp_path / f"{folder:03}/IMG_{photo:04}.JPG").touch()

    bare_s = best_of(3, lambda: walk_bare(tmp_path))
    scan_s = best_of(3, lambda: sum(1 for _ in scan_folder(tmp_path, CancelToken())))

    print(
        f"\nscan of {PHOTOS:,} photos: {scan_s:.2f} s, {PHOTOS / scan_s:,.0f} a second; "
        f"os.walk and stat {bare_s:.2f} s; ratio {scan_s / bare_s:.2f}"
    )
