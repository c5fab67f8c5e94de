"""Keywords into JPEGs: planned, verified and written, against exiftool in one process."""

from __future__ import annotations

import subprocess
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger.metadata import KeywordChange, plan_edits

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
COPIES = 3


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
    """Seconds for all photos in one `-stay_open` process, its start not counted."""
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
        seconds = time.perf_counter() - started
        process.stdin.write(b"-stay_open\nFalse\n")
        process.stdin.flush()
    return seconds


@pytest.mark.benchmark_only
def test_writing_keywords(exiftool: str, photos_dir: Path, tmp_path: Path) -> None:
    ours, theirs = (copy_photos(photos_dir, tmp_path / name) for name in ("ours", "theirs"))
    change = KeywordChange(add=(("Wedding", "Bouquet"),))

    started = time.perf_counter()
    for photo in ours:
        for edit in plan_edits(photo, change, now=NOW):
            temporary = edit.path.with_name("temporary")
            temporary.write_bytes(edit.after)
            edit.verify(temporary.read_bytes())
            temporary.replace(edit.path)
    seconds = time.perf_counter() - started
    their_seconds = write_with_exiftool(exiftool, tmp_path / "theirs", theirs)

    rate, their_rate = len(ours) / seconds, len(theirs) / their_seconds
    line = f"{rate:.0f} JPEG files a second, exiftool {their_rate:.0f}: {rate / their_rate:.1f}x"
    print(f"\n{line}")
