"""Keywords into JPEGs, everything flushed to the disk, against exiftool in one process.

The samples have much metadata and small pictures; the wedding photos, as they come from the web,
have none; photos as a camera of today makes them are nearly all picture, so that moving bytes is
what counts.

    pytest -m benchmark_only -s tests/benchmarks/test_metadata_speed.py

`TAGGER_BENCH_COPIES` of each sample are written (24, which makes 600): what helpers cost to start
weighs less in a longer run. exiftool's start is not counted.

Ours computes on two cores and exiftool on one, so whatever else computes meanwhile slows ours more.
The processor time of both says what is left of it where a core is all that a program gets.
"""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tagger
from tagger.core.tag import Verdict
from tagger.library import DecisionRequest
from tagger.services.workspace import Workspace
from tests.unit.services.writing.desk import Desk

COPIES = int(os.environ.get("TAGGER_BENCH_COPIES", "24"))
ROUNDS = 5
LARGE, LARGE_ROUNDS = 96, 3
_WRITE = """
import sys
from pathlib import Path
from tests.benchmarks.test_metadata_speed import write_with_tagger
print(*write_with_tagger(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def copy_photos(samples: list[Path], target: Path) -> list[Path]:
    """A copy of each sample; what comes several times gets a name of its own each time."""
    target.mkdir()
    copies = [target / f"{number}_{sample.name}" for number, sample in enumerate(samples)]
    for sample, copy in zip(samples, copies, strict=True):
        copy.write_bytes(sample.read_bytes())
    return copies


def processor_s() -> float:
    """Seconds that this process and those that it has waited for have computed."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def write_with_exiftool(exiftool: str, folder: Path, photos: list[Path]) -> tuple[float, float]:
    """Seconds for all photos in one `-stay_open` process, its start not counted.

    And seconds of the processor, which its start is a part of, a few hundredths.

    It flushes nothing, so each file and its folder are flushed for it.
    """
    command = [exiftool, "-stay_open", "True", "-@", "-"]
    pipe, used = subprocess.PIPE, processor_s()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"-ver\n-execute\n")
        process.stdin.flush()
        while b"{ready}" not in process.stdout.readline():
            pass
        started = time.perf_counter()
        for photo in photos:
            options = ["-use", "MWG", "-overwrite_original", "-MWG:Keywords+=Bouquet"]
            options.append("-XMP-lr:HierarchicalSubject+=Wedding|Bouquet")
            lines = "\n".join([*options, photo.name, "-execute", ""])
            process.stdin.write(lines.encode())
            process.stdin.flush()
            while b"{ready}" not in process.stdout.readline():
                pass
            flush(photo)
            flush(folder)
        seconds = time.perf_counter() - started
        process.stdin.write(b"-stay_open\nFalse\n")
        process.stdin.flush()
    return seconds, processor_s() - used


def flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def write_apart(home: Path, folder: Path) -> tuple[float, float]:
    """The same in a process of its own, as the program runs: helpers load what started it."""
    command = [sys.executable, "-c", _WRITE, str(home), str(folder)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    seconds, used = map(float, done.stdout.split())
    return seconds, used


def write_with_tagger(home: Path, folder: Path) -> tuple[float, float]:
    """Seconds for the whole run: merge, journal, copies, checks, replacing, and the library.

    And seconds of the processor, those of the helpers included.
    """
    with Workspace.open(home) as workspace:
        desk, library = Desk(workspace, folder), workspace.library
        desk.scan()
        tag_id = library.find_tag("bouquet").id
        requests = [DecisionRequest(one, tag_id, Verdict.CONFIRMED) for one in library.find(None)]
        library.decide(requests, label="bouquet")
        started, used = time.perf_counter(), processor_s()
        result = desk.write()
        seconds, used = time.perf_counter() - started, processor_s() - used
    assert (result.written, result.failed) == (len(requests), [])
    return seconds, used


@pytest.mark.benchmark_only
def test_writing_keywords(exiftool: str, photos_dir: Path, tmp_path: Path) -> None:
    """Rounds by turns, so that whatever else the machine does slows both sides alike."""
    samples = [*sorted((photos_dir / "valid" / "jpeg").glob("kw_*.jpg"))] * COPIES
    compare(samples, exiftool, tmp_path, ROUNDS)


@pytest.mark.benchmark_only
def test_writing_first_keywords(exiftool: str, wedding_dir: Path, tmp_path: Path) -> None:
    samples = sorted(wedding_dir.rglob("*.jpg"))
    compare(samples, exiftool, tmp_path, ROUNDS)


@pytest.mark.benchmark_only
def test_writing_keywords_into_large_photos(
    exiftool: str, photos_dir: Path, tmp_path: Path
) -> None:
    """Photos of 24 megapixels, 12 MB, with the metadata of a photo from Lightroom."""
    large = tmp_path / "large.jpg"
    rng = np.random.default_rng(0)
    colours = Image.fromarray(rng.integers(0, 255, (500, 750, 3), np.uint8)).resize((6000, 4000))
    grain = Image.fromarray(rng.integers(0, 255, (4000, 6000, 3), np.uint8))
    Image.blend(colours, grain, 0.12).save(large, quality=92)
    source = photos_dir / "valid" / "jpeg" / "kw_lightroom_hier_brasil.jpg"
    options = ["-q", "-overwrite_original", "-tagsFromFile", str(source), "-all:all", str(large)]
    subprocess.run([exiftool, *options], check=True)
    compare([large] * LARGE, exiftool, tmp_path, LARGE_ROUNDS)


def compare(samples: list[Path], exiftool: str, tmp_path: Path, rounds: int) -> None:
    """Write copies of these photos with both."""
    compileall.compile_dir(Path(tagger.__file__).parent, quiet=1)  # as installing it does
    ratios = []
    for number in range(rounds):
        ours, theirs = (
            copy_photos(samples, tmp_path / f"{name} {number}") for name in ("ours", "theirs")
        )
        seconds, used = write_apart(tmp_path / f"home {number}", ours[0].parent)
        their_seconds, they_used = write_with_exiftool(exiftool, theirs[0].parent, theirs)
        rate, their_rate = len(ours) / seconds, len(theirs) / their_seconds
        ratios.append(rate / their_rate)
        for folder in (ours[0].parent, theirs[0].parent):
            shutil.rmtree(folder)
        each_ms, their_ms = (1000 * one / len(ours) for one in (used, they_used))
        print(f"\n{rate:.0f} JPEG files a second, exiftool {their_rate:.0f}: {ratios[-1]:.1f}x")
        print(f"processor: {each_ms:.1f} ms a photo, exiftool {their_ms:.1f} ms")
    middle = statistics.median(ratios)
    print(f"{middle:.1f}x in the middle of {rounds} rounds, {min(ratios):.1f} to {max(ratios):.1f}")
