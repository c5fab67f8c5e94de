"""The user's exiftool: held to its limits, and never let near a camera's own RAW."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.metadata import KeywordChange, plan_edits
from tagger.metadata.exiftool import Exiftool, find_exiftool
from tests.unit.metadata.carrying_out import BOUQUET, NOW

if TYPE_CHECKING:
    from pathlib import Path

needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="starts a shell script")
BLOCKS = {"XMP": b"<x/>"}
TOO_MUCH = "too long or too much memory"


def make_script(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return str(path)


@needs_shell
@pytest.mark.parametrize("line", ["exec sleep 600", "exit 1"], ids=["hangs", "dies"])
def test_a_process_that_hangs_or_dies_is_refused_and_started_anew(
    tmp_path: Path, line: str
) -> None:
    starts = tmp_path / "starts"
    command = make_script(tmp_path / "exiftool", f'echo start >> "{starts}"', line)
    with Exiftool(command, time_limit_s=0.2) as tool:
        for _ in range(2):
            with pytest.raises(MetadataRefusedError, match=TOO_MUCH):
                tool.put_blocks(b"II*\x00", ".tif", BLOCKS)
    assert starts.read_text().split() == ["start", "start"]


@needs_shell
def test_one_that_answers_and_makes_nothing_is_refused(tmp_path: Path) -> None:
    command = make_script(tmp_path / "exiftool", "while read line; do echo '{ready}'; done")
    with (
        Exiftool(command) as tool,
        pytest.raises(MetadataRefusedError, match="does not write this kind of file"),
    ):
        tool.put_blocks(b"II*\x00", ".tif", BLOCKS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds the limit of memory")
def test_memory_is_limited(exiftool: str, photos_dir: Path) -> None:
    data = (photos_dir / "valid/tiff/kw_sunrise_lr.tif").read_bytes()
    with (
        Exiftool(exiftool, memory_limit_bytes=40 << 20) as tool,
        pytest.raises(MetadataRefusedError, match=rf"{TOO_MUCH}|does not write"),
    ):
        tool.put_blocks(data, ".tif", BLOCKS)


def test_one_that_is_not_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_exiftool() is None
    with (
        Exiftool(str(tmp_path / "exiftool")) as tool,
        pytest.raises(MetadataRefusedError, match="can't be started"),
    ):
        tool.put_blocks(b"II*\x00", ".tif", BLOCKS)


@needs_shell
@pytest.mark.parametrize("suffix", [".dng", ".tif", ".heic", ".avif", ""])
def test_a_cameras_raw_is_never_given_to_it(tmp_path: Path, photos_dir: Path, suffix: str) -> None:
    """Whatever its name says."""
    called = tmp_path / "called"
    command = make_script(tmp_path / "exiftool", f'echo "$@" > "{called}"')
    names = ("sample.nef", "sample.arw", "exiftool_nikon.nef", "exiftool_canon.cr3")
    with Exiftool(command) as tool:
        for name in names:
            source = photos_dir / "valid/raw" / name
            photo = tmp_path / f"{source.stem}{suffix or source.suffix}"
            shutil.copyfile(source, photo)
            edits = plan_edits(photo, KeywordChange(add=(BOUQUET,)), now=NOW, exiftool=tool)
            assert {edit.path.suffix for edit in edits} == {".xmp"}
    assert not called.exists()
