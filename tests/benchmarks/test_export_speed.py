"""Exports a second and their cost, against ImageMagick's mogrify and libvips' vipsthumbnail.

All use all cores, in turns in one run. They make JPEGs of 1080 pixels on the longer side from
24-megapixel JPEGs, quality 88, 4:2:0.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.core.cancel import CancelToken
from tagger.export import Preset
from tagger.services.exporting import ExportRequest, export_photos
from tagger.services.finding import find_rows
from tagger.services.indexing import scan_library
from tagger.services.workspace import Workspace, core_count

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.core.progress import Progress

pytestmark = pytest.mark.benchmark_only

_PHOTOS = 8
_ROUNDS = 3
_PRESET = Preset(
    name="bench", title="b", description="b", fit="inside", width_px=1080, height_px=1080,
    quality=88, chroma="half",
)  # fmt: skip


def _nobody_watches(_: Progress) -> None:
    pass


@pytest.fixture
def large_photos(wedding_dir: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    sources = sorted((wedding_dir / "images/bride").iterdir())[:_PHOTOS]
    for number, source in enumerate(sources):
        with Image.open(source) as image:
            large = image.convert("RGB").resize((6000, 4000), Image.Resampling.BICUBIC)
        large.save(folder / f"{number:02}.jpg", quality=92, subsampling="4:2:2")
    return folder


@pytest.mark.timeout(1200)
def test_exports_a_second(
    large_photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mogrify, thumbnail = shutil.which("mogrify"), shutil.which("vipsthumbnail")
    if mogrify is None or thumbnail is None:
        pytest.skip("needs mogrify and vipsthumbnail (Debian: imagemagick, libvips-tools)")
    files = sorted(map(str, large_photos.iterdir()))
    environment = os.environ | {"VIPS_CONCURRENCY": "1", "MAGICK_THREAD_LIMIT": "1"}

    def run_on_all_cores(command: list[str]) -> None:
        """One process a core, each with its share of the files: the fastest way to use them."""
        shares = [files[start :: core_count()] for start in range(core_count())]
        running = [subprocess.Popen([*command, *share], env=environment) for share in shares]
        assert [process.wait() for process in running] == [0] * len(running)

    def run_mogrify() -> None:
        target = _empty(tmp_path / "mogrify")
        run_on_all_cores([mogrify, "-path", str(target), "-resize", "1080x1080>", "-quality", "88"])

    def run_vips() -> None:
        target = _empty(tmp_path / "vips")
        output = f"{target}/%s.jpg[Q=88,strip]"
        run_on_all_cores([thumbnail, "--size", "1080x1080>", "-o", output])

    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.add_folder(large_photos)
        scan_library(workspace, CancelToken(), _nobody_watches)
        rows = find_rows(workspace, "")

        def run_own() -> None:
            request = ExportRequest(_PRESET, _empty(tmp_path / "own"))
            result = export_photos(workspace, rows, request, CancelToken(), _nobody_watches)
            assert len(result.written) == _PHOTOS

        rates, costs = _measure({"tagger": run_own, "mogrify": run_mogrify, "vips": run_vips})
    with capsys.disabled():
        for name, rate in rates.items():
            print(
                f"\n24 MP to 1080 px on {core_count()} cores, {name}: {rate:.2f}/s, "
                f"{costs[name]:.2f} s of processor each; tagger has {rates['tagger'] / rate:.2f} "
                f"of its speed at {costs['tagger'] / costs[name]:.2f} of its cost",
                end="",
            )
    # What else the machine does takes from who has fewer processes, so the cost is compared too.
    assert rates["tagger"] >= rates["mogrify"]
    assert rates["tagger"] >= 0.8 * rates["vips"] or costs["tagger"] <= costs["vips"]


def _measure(runs: dict[str, Callable[[], None]]) -> tuple[dict[str, float], dict[str, float]]:
    """Pictures a second of each, and seconds of processor a picture, taken in turns.

    The best round counts for each.
    """
    waited, worked = dict.fromkeys(runs, float("inf")), dict.fromkeys(runs, float("inf"))
    for _ in range(_ROUNDS):
        for name, run in runs.items():
            began_s, spent_s = time.perf_counter(), sum(os.times()[:4])
            run()
            waited[name] = min(waited[name], time.perf_counter() - began_s)
            worked[name] = min(worked[name], sum(os.times()[:4]) - spent_s)
    rates = {name: _PHOTOS / seconds for name, seconds in waited.items()}
    return rates, {name: seconds / _PHOTOS for name, seconds in worked.items()}


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
