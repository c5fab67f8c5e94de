"""A day's work with the console program."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import tagger
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from tests.bundle.conftest import Bundle

RAW = {".dng", ".cr2", ".nef", ".arw", ".cr3"}

pytestmark = [pytest.mark.bundle, pytest.mark.timeout(900)]


def test_it_says_what_it_runs_on(bundle: Bundle) -> None:
    said = bundle("doctor", "--json")

    assert said.code == 0, said.err
    assert said.json["model"] == "wedding-scenes"
    assert said.json["versions"]["tagger"] == tagger.__version__
    assert said.json["library"] == str(bundle.home / "library.db")
    if sys.platform == "linux" and not Path("/dev/nvidiactl").exists():
        assert said.json["device"] == "cpu"
        assert "not found" in said.json["device_reason"]


def test_photos_are_tagged_written_found_and_exported(
    bundle: Bundle, photos: Path, tmp_path: Path
) -> None:
    done = bundle("run", photos, "--json")
    assert done.code == 0, done.err
    assert (done.json["photos"], done.json["failed"]) == (12, 0)
    assert done.json["model"] == "wedding-scenes"
    assert bundle("run", photos, "--json").json["seconds"] < done.json["seconds"]

    photo = photos / "IMG_03.jpg"
    assert bundle("mark", photo, "+bouquet").code == 0
    written = bundle("write", "--json")
    assert written.json["written"] == 1, written.err
    assert b"Wedding|Bouquet" in photo.read_bytes()
    assert [row["path"] for row in bundle("find", "state:confirmed", "--json").json] == [str(photo)]

    exported = bundle("export", "state:confirmed", "--to", tmp_path / "Álbum", "--json").json
    assert len(exported["written"]) == 1
    with Image.open(exported["written"][0]) as picture:
        picture.load()
    sheet = bundle("export", "bouquet", "--to", tmp_path / "sheet", "--sheet", "pdf")
    assert sheet.code == 0, sheet.err


def test_a_library_is_backed_up_checked_and_moved(
    bundle: Bundle, photos: Path, tmp_path: Path
) -> None:
    assert bundle("add", photos).code == 0
    assert bundle("scan").code == 0
    assert bundle("library", "backup").code == 0
    assert all(row["ok"] for row in bundle("library", "verify", "--json").json)
    assert bundle("library", "move", tmp_path / "ander swo").code == 0
    assert bundle("status", "--json").json["photos"] == 12


def test_every_kind_of_photo_is_read(bundle: Bundle, photos_dir: Path) -> None:
    """RAW and HEIC come from libraries with native parts of their own."""
    read: set[str] = set()
    for photo in sorted((photos_dir / "valid").rglob("*")):
        kind = photo.suffix.lower()
        if kind in ({".heic", ".avif", ".webp", ".tif"} | RAW) - read:
            answer = bundle("classify", photo, "--json")
            if answer.code == 0:
                read.add(kind)
    assert {".heic", ".webp"} <= read
    assert read & RAW


def test_it_learns(bundle: Bundle, tmp_path: Path) -> None:
    """Deep learning brings torch's optimiser, which imports its compiler; the report its page."""
    lessons = tmp_path / "lessons"
    for number in range(24):
        shoot = lessons / ("day", "night")[number % 2] / f"shoot {number // 6}"
        save_jpeg(shoot / f"{number:02}.jpg", width=240, height=240, seed=number)

    quick = bundle("train", "--folders", lessons, "--quick", "--name", "quick", "--json")
    assert quick.code == 0, quick.err
    deep = bundle(
        *("train", "--folders", lessons, "--deep", "--from", "wedding-scenes"),
        *("--epochs", "1", "--name", "deep", "--json"),
    )
    assert deep.code == 0, deep.err
    page = bundle("report", "quick", "--folders", lessons, "--to", tmp_path / "page")
    assert page.code == 0, page.err
    assert bundle("models", "export", "quick", "--to", tmp_path / "quick.zip").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows programs are started by their path")
def test_it_starts_through_a_link(bundle: Bundle, tmp_path: Path) -> None:
    """As a person puts it on the path."""
    link = tmp_path / "bin" / "tagger"
    link.parent.mkdir()
    link.symlink_to(bundle.console)

    linked = replace(bundle, folder=link.parent)

    assert linked("folders", "--json").json == []
