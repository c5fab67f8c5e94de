"""Keywords into JPEGs, everything flushed to the disk, against exiftool in one process.

    pytest -m benchmark_only -s tests/benchmarks/test_metadata_speed.py

`TAGGER_BENCH_COPIES` of each photo are written (24, which makes 600): what helpers cost to start
weighs less in a longer run. exiftool's start is not counted.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tagger.core.tag import Verdict
from tagger.library import DecisionRequest
from tagger.services.workspace import Workspace
from tests.unit.services.writing.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

COPIES = int(os.environ.get("TAGGER_BENCH_COPIES", "24"))
ROUNDS = 5


def copy_photos(source: Path, target: Path) -> list[Path]:
    """Photos with keywords from many programs, each several times."""
    target.mkdir()
    copies = []
    for number in range(COPIES):
        for photo in sorted((source / "valid" / "jpeg").glob("kw_*.jpg")):
            copy = target / f"{number}_{photo.name}"
            copy.write_bytes(photo.read_bytes())
            copies.append(copy)
    return copies


def write_with_exiftool(exiftool: str, folder: Path, photos: list[Path]) -> float:
    """Seconds for all photos in one `-stay_open` process, its start not counted.

    It flushes nothing, so each file and its folder are flushed for it.
    """
    command = [exiftool, "-stay_open", "True", "-@", "-"]
    pipe = subprocess.PIPE
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
    return seconds


def flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def write_with_tagger(home: Path, folder: Path) -> float:
    """Seconds for the whole run: merge, journal, copies, checks, replacing, and the library."""
    with Workspace.open(home) as workspace:
        desk, library = Desk(workspace, folder), workspace.library
        desk.scan()
        tag_id = library.find_tag("bouquet").id
        requests = [DecisionRequest(one, tag_id, Verdict.CONFIRMED) for one in library.find(None)]
        library.decide(requests, label="bouquet")
        started = time.perf_counter()
        result = desk.write()
        seconds = time.perf_counter() - started
    assert (result.written, result.failed) == (len(requests), [])
    return seconds


@pytest.mark.benchmark_only
def test_writing_keywords(exiftool: str, photos_dir: Path, tmp_path: Path) -> None:
    """Rounds by turns, so that whatever else the machine does slows both sides alike."""
    ratios = []
    for number in range(ROUNDS):
        ours, theirs = (
            copy_photos(photos_dir, tmp_path / f"{name} {number}") for name in ("ours", "theirs")
        )
        seconds = write_with_tagger(tmp_path / f"home {number}", ours[0].parent)
        their_seconds = write_with_exiftool(exiftool, theirs[0].parent, theirs)
        rate, their_rate = len(ours) / seconds, len(theirs) / their_seconds
        ratios.append(rate / their_rate)
        for folder in (ours[0].parent, theirs[0].parent):
            shutil.rmtree(folder)
        print(f"\n{rate:.0f} JPEG files a second, exiftool {their_rate:.0f}: {ratios[-1]:.1f}x")
    middle = statistics.median(ratios)
    print(f"{middle:.1f}x in the middle of {ROUNDS} rounds, {min(ratios):.1f} to {max(ratios):.1f}")
