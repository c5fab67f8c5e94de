"""What goes wrong on a photographer's machine, and what the program makes of it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.images import read_content_id
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from tests.flow.conftest import Tagger


def test_a_broken_photo_is_one_sentence_and_the_others_are_tagged(
    tagger: Tagger, photos: Path
) -> None:
    (photos / "empty.jpg").touch()
    (photos / "text.jpg").write_text("this is no picture")
    whole = (photos / "2026-06-20" / "IMG_0000.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: len(whole) // 2])

    outcome = tagger("run", photos, "--json")

    assert outcome.code == 1
    assert (outcome.json["tagged"], outcome.json["failed"]) == (8, 3)
    failures = tagger("status", "--failed", "--json").json
    assert {entry["path"] for entry in failures} == {
        str(photos / name) for name in ("empty.jpg", "text.jpg", "cut.jpg")
    }
    assert all(entry["error"].endswith(".") for entry in failures)


def test_a_repaired_photo_is_tagged_by_the_next_run(tagger: Tagger, photos: Path) -> None:
    late = photos / "late.jpg"
    late.touch()
    tagger("run", photos)

    save_jpeg(late, seed=40)

    assert tagger("run", "--json").json["failed"] == 0


def test_a_drive_that_is_away_keeps_its_photos(
    tagger: Tagger, photos: Path, tmp_path: Path
) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-20" / "IMG_0000.jpg"
    tagger("mark", photo, "=bouquet")
    photos.rename(tmp_path / "unplugged")
    photos.mkdir()  # as an empty mount point stays behind

    away = tagger("run", "--write", "--json")

    assert away.code == 0
    assert (away.json["photos"], away.json["offline"]) == (8, 8)
    assert away.json["pending_writes"] == 1
    assert [row["path"] for row in tagger("find", "bouquet is:offline", "--json").json] == [
        str(photo)
    ]

    for command in (("write",), ("write", "--dry-run")):
        assert tagger(*command).out == "Written when their drive is back: 1 file.\n"
    assert tagger("write", "--json").json["waiting"] == 1

    photos.rmdir()
    (tmp_path / "unplugged").rename(photos)
    back = tagger("run", "--write", "--json")
    assert tagger("write", "--json").json["waiting"] == 0
    assert (back.json["offline"], back.json["pending_writes"]) == (0, 0)


def test_a_moved_photo_keeps_its_decisions(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-20" / "IMG_0000.jpg"
    tagger("mark", photo, "=rings")
    moved = photos / "best" / "ring shot.jpg"
    moved.parent.mkdir()
    photo.rename(moved)

    tagger("run")

    found = tagger("find", "rings AND (state:corrected OR state:confirmed)", "--json").json
    assert [row["path"] for row in found] == [str(moved)]
    assert tagger("status", "--json").json["photos"] == 8


def test_a_removed_folder_comes_back_with_its_decisions(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    tagger("mark", photos / "2026-06-20" / "IMG_0000.jpg", "=rings")

    removed = tagger("remove", photos)
    empty = tagger("status", "--json").json
    tagger("run", photos)

    assert removed.code == 0
    assert empty["photos"] == 0
    found = tagger("find", "rings AND (state:corrected OR state:confirmed)", "--json").json
    assert len(found) == 1


def test_a_write_protected_photo_says_so_and_stays_as_it_is(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-20" / "IMG_0000.jpg"
    tagger("mark", photo, "+rings")
    photo.chmod(0o444)
    before = photo.read_bytes()

    outcome = tagger("write")

    assert outcome.code == 1
    assert "write-protected" in outcome.out
    assert photo.read_bytes() == before
    assert tagger("status", "--json").json["pending_writes"] == 1
    photo.chmod(0o644)
    assert tagger("write").code == 0


def test_keywords_of_other_programs_stay_and_ours_go(
    tagger: Tagger, photos_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo = folder / "lightroom.jpg"
    shutil.copyfile(photos_dir / "valid/jpeg/kw_lightroom6_hier_faces.jpg", photo)
    tagger("run", folder)
    held = tagger("show", photo, "--json").json["file_keywords"]
    tagger("mark", photo, "+venue")
    tagger("write")
    with_ours = tagger("show", photo, "--json").json["file_keywords"]

    tagger("mark", photo, "-venue")
    tagger("write")

    assert set(with_ours) - set(held) == {"Venue", "Wedding|Venue"}
    assert tagger("show", photo, "--json").json["file_keywords"] == held


def test_raw_and_jpeg_of_one_exposure_are_one_photo(
    tagger: Tagger, photos_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copyfile(photos_dir / "valid/raw/sample.arw", folder / "DSC_7.ARW")
    tagger("run", folder)
    taken = tagger("show", folder / "DSC_7.ARW", "--json").json["taken_at"]
    save_jpeg(folder / "DSC_7.JPG", taken_at=taken.replace("-", ":").replace("T", " "))

    outcome = tagger("run", "--json")
    tagger("mark", folder / "DSC_7.JPG", "+cake")
    written = tagger("write", "--json").json

    assert outcome.json["photos"] == 1
    assert written["written"] == 2
    assert (folder / "DSC_7.xmp").exists()
    assert "Cake" in (folder / "DSC_7.xmp").read_text()


def test_a_script_is_told_that_exiftool_is_missing(
    tagger: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "photos" / "a.tif"
    photo.parent.mkdir()
    make_picture().save(photo)
    tagger("add", photo.parent)
    tagger("scan")
    tagger("rate", photo, "3")
    monkeypatch.setenv("PATH", "")
    tagger("settings", "write.exiftool", "on")

    written = tagger("write", "--json").json

    keys = {"written", "unchanged", "failed", "conflicts", "waiting", "run", "advice"}
    assert set(written) == keys
    assert "exiftool is not on this computer" in written["advice"]


def test_two_programs_at_once_the_second_says_so(tagger: Tagger, photos: Path) -> None:
    from tagger.services.workspace import Workspace

    with Workspace.open(tagger.home) as workspace, workspace.working():
        outcome = tagger("run", photos)

    assert outcome.code == 3
    assert "Another tagger is working" in outcome.err


def test_interrupting_is_safe_and_the_next_run_goes_on(tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(40):
        save_jpeg(folder / f"{number:03}.jpg", width=640, height=480, seed=number)
    process = tagger.start("run", folder, "--device", "cpu")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Reading new photos"):
            process.send_signal(signal.SIGINT)
            break

    _, err = process.communicate(timeout=120)

    assert process.returncode in {130, 0}, err
    outcome = tagger("run", "--json")
    assert outcome.json["tagged"] == 40
    assert tagger("doctor", "--json").json["library_health"] == "ok"


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0" + b"\xff" * 8192, b"this is no database" * 500]
)
def test_a_damaged_library_is_one_sentence(tagger: Tagger, content: bytes) -> None:
    tagger.home.mkdir()
    (tagger.home / "library.db").write_bytes(content)

    outcome = tagger("status")

    assert outcome.code == (0 if not content else 3)
    assert "Traceback" not in outcome.err


def test_names_that_are_not_utf8_are_photos_too(tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    name = os.fsdecode(b"caf\xe9 \xff.jpg")
    try:
        Image.new("RGB", (64, 64), "teal").save(folder / "plain.jpg")
        (folder / "plain.jpg").rename(folder / name)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")

    outcome = tagger("run", folder, "--json")

    assert (outcome.json["photos"], outcome.json["tagged"]) == (1, 1)
    assert [row["path"] for row in tagger("find", "file:*.jpg", "--json").json] == [
        str(folder / name)
    ]
    marked = tagger("mark", folder / name, "+cake")
    assert marked.code == 0
    content_id = read_content_id(folder / name)
    assert tagger("write").code == 0
    assert read_content_id(folder / name) == content_id


def test_decisions_stay_with_the_pictures_of_a_renumbered_shoot(
    tagger: Tagger, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    for number in range(1, 5):
        save_jpeg(folder / f"IMG_{number}.jpg", seed=number)
    tagger("run", folder)
    tagger("mark", folder / "IMG_1.jpg", "=rings")
    tagger("mark", folder / "IMG_4.jpg", "=cake")

    for number in range(4, 0, -1):
        (folder / f"IMG_{number}.jpg").rename(folder / f"IMG_{number + 1}.jpg")
    tagger("run")

    decided = {
        Path(row["path"]).name: [tag["name"] for tag in row["tags"] if tag["state"] != "rejected"]
        for row in tagger("find", "state:corrected OR state:confirmed", "--json").json
    }
    assert decided == {"IMG_2.jpg": ["rings"], "IMG_5.jpg": ["cake"]}
