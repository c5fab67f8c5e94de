"""Every sample that breaks readers, in one run: no crash, no hang, one sentence each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_all_samples_in_one_run(photos_dir: Path, tmp_path: Path, step: int) -> None:
    """In the quick one every fourth of them, which are of all formats."""
    folder = tmp_path / "samples"
    photos = sorted(path for path in photos_dir.rglob("*") if path.is_file())
    for photo in photos[::step]:
        copy = folder / photo.relative_to(photos_dir)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(photo, copy)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    run = _tagger(tmp_path, "run", str(folder), "--json")
    failed = json.loads(_tagger(tmp_path, "status", "--failed", "--json").stdout)

    assert run.returncode == 1, run.stderr
    summary = json.loads(run.stdout)
    assert summary["photos"] > 400 // step
    assert summary["failed"] == len(failed)
    assert all(entry["error"].count("\n") == 0 and entry["error"] for entry in failed)
    assert {path: path.read_bytes() for path in before} == before
    wrongly_failed = {entry["path"] for entry in failed} & {
        str(folder / "valid" / row.path.relative_to(photos_dir / "valid"))
        for row in read_manifest(photos_dir / "valid")
        if _opens(row.expected.get("opens", ""))
    }
    assert wrongly_failed == set()


def _opens(opens: str) -> bool:
    """Whether one of the readers that were tried could show a picture."""
    pillow, _, rawpy = opens.partition("; rawpy:")
    return (
        ("Error" not in pillow and "LOAD-ERROR" not in pillow)
        or "thumb=JPEG" in rawpy
        or "raw=ok" in rawpy
    )


def _tagger(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tagger", *arguments, "--home", str(tmp_path / "home")],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
