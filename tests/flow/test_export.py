"""Exporting as a photographer does it: into folders and ZIPs, again, and where it can't work."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import ExifTags, Image

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError
from tagger.export import Window
from tagger.files.temporary import TemporaryFile
from tagger.services.cropping import place_window
from tagger.services.exporting import ExportRequest, export_photos, find_preset
from tagger.services.finding import find_rows
from tagger.services.workspace import Workspace
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from tagger.core.progress import Progress
    from tests.flow.conftest import Tagger


@pytest.fixture
def library(tagger: Tagger, photos: Path) -> Tagger:
    """Eight photos that are known and not tagged: no classifier is needed here."""
    assert tagger("add", photos).code == 0
    assert tagger("scan").code == 0
    return tagger


def test_a_second_export_makes_only_what_is_missing(library: Tagger, tmp_path: Path) -> None:
    target = tmp_path / "post"
    first = library("export", "IMG", "--to", target, "--preset", "instagram-square", "--json")
    assert first.code == 0, first.err
    assert len(first.json["written"]) == 8
    stamps = {path: path.stat().st_mtime_ns for path in target.iterdir()}
    (target / "IMG_0003_square.jpg").unlink()

    second = library("export", "IMG", "--to", target, "--preset", "instagram-square", "--json")

    assert [Path(path).name for path in second.json["written"]] == ["IMG_0003_square.jpg"]
    assert len(second.json["skipped"]) == 7
    kept = {path: stamp for path, stamp in stamps.items() if "0003" not in path.name}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert {path.name for path in target.iterdir()} == {path.name for path in stamps}


def test_without_its_record_an_export_still_makes_no_doubles(
    library: Tagger, tmp_path: Path
) -> None:
    library("export", "IMG_0001", "--to", tmp_path / "post")
    [record] = (library.home / "exports").iterdir()
    record.write_text('["cut off', encoding="utf-8")

    again = library("export", "IMG_0001", "--to", tmp_path / "post", "--json")

    assert again.json["written"] == []
    assert len(again.json["skipped"]) == 1


def test_another_file_of_that_name_stays_and_the_picture_gets_a_number(
    library: Tagger, tmp_path: Path
) -> None:
    (tmp_path / "post").mkdir()
    other = tmp_path / "post" / "IMG_0001.jpg"
    other.write_bytes(b"mine")
    library("export", "IMG_0001", "--to", tmp_path / "post")
    assert other.read_bytes() == b"mine"
    assert (tmp_path / "post" / "IMG_0001 (2).jpg").is_file()


def test_exporting_onto_originals_numbers_the_pictures(library: Tagger, photos: Path) -> None:
    """The folder is no longer watched, and its photos are still where they were."""
    before = {path: path.read_bytes() for path in photos.rglob("*.jpg")}
    folder = photos / "2026-06-20"
    target = folder.with_name("elsewhere")
    target.symlink_to(folder, target_is_directory=True)
    inside = library("export", "IMG_0000", "--to", target)
    assert inside.code == 2
    assert "is watched" in inside.err

    moved = photos.with_name("moved")
    photos.rename(moved)
    library("add", moved)
    library("scan")
    library("remove", photos)
    photos.mkdir()
    target = photos / "2026-06-20"
    target.mkdir()
    original = target / "IMG_0000.jpg"
    original.write_bytes(before[original])
    assert library("export", "IMG_0000", "--to", target, "--preset", "full").code == 0
    assert original.read_bytes() == before[original]
    assert (target / "IMG_0000 (2).jpg").is_file()


def test_a_link_into_a_watched_folder_is_seen_through(
    library: Tagger, photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(photos, target_is_directory=True)
    outcome = library("export", "IMG", "--to", tmp_path / "link" / "post")
    assert outcome.code == 2
    assert "come back as new photos" in outcome.err
    assert not (photos / "post").exists()


def test_a_full_disk_is_one_sentence_and_nothing_half_written(
    library: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = TemporaryFile.write
    written = 0

    def write_until_full(self: TemporaryFile, content: bytes) -> None:
        nonlocal written
        written += 1
        if written > 3:
            write(self, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, content)

    monkeypatch.setattr(TemporaryFile, "write", write_until_full)
    outcome = library("export", "IMG", "--to", tmp_path / "post")
    assert outcome.code == 1
    assert "The disk is full" in outcome.err
    assert "3 pictures are in" in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    names = sorted(path.name for path in (tmp_path / "post").iterdir())
    assert names == ["IMG_0000.jpg", "IMG_0002.jpg", "IMG_0004.jpg"]

    monkeypatch.undo()
    again = library("export", "IMG", "--to", tmp_path / "post", "--json")
    assert (len(again.json["written"]), len(again.json["skipped"])) == (5, 3)


def test_a_name_that_the_file_system_refuses_becomes_a_number(
    library: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def refuse(source: Path, target: Path, **options: bool) -> None:
        if "é" in os.fspath(target):
            raise OSError(errno.EILSEQ, os.strerror(errno.EILSEQ))
        link(source, target, **options)

    monkeypatch.setattr(os, "link", refuse)
    outcome = library("export", "IMG_0001", "--to", tmp_path / "post", "--name", "été {name}")
    assert outcome.code == 0, outcome.err
    assert [path.name for path in (tmp_path / "post").iterdir()] == ["photo-0001.jpg"]


def test_a_folder_that_can_not_be_made(library: Tagger, tmp_path: Path) -> None:
    (tmp_path / "post").write_text("a file")
    outcome = library("export", "IMG", "--to", tmp_path / "post" / "inside")
    assert outcome.code == 1
    assert outcome.err.strip().endswith(".")


def test_a_zip_holds_everything_and_equal_exports_are_equal_bytes(
    library: Tagger, tmp_path: Path
) -> None:
    arguments = ("--zip", "--captions", "--sheet", "pdf", "--name", "{class}_{n}")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        outcome = library("export", "IMG", "--to", tmp_path / folder / "florist", *arguments)
        assert outcome.code == 0, outcome.err
    archives = [tmp_path / folder / "florist.zip" for folder in ("one", "two")]
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with zipfile.ZipFile(archives[0]) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    expected = [f"photo_{number:02}.jpg" for number in range(1, 9)]
    assert names == [*expected, "captions.txt", "contact-sheet.pdf"]
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["florist.zip"]


def test_a_zip_needs_a_name(library: Tagger) -> None:
    refused = library("export", "IMG", "--to", "/", "--zip")
    assert refused.code == 2
    assert "a name for the ZIP" in refused.err


def test_no_zip_without_a_picture(library: Tagger, photos: Path, tmp_path: Path) -> None:
    nothing = library("export", "file:nothing", "--to", tmp_path / "florist", "--zip")
    assert nothing.out == "No photo fits, so there is nothing to export.\n"
    (photos / "2026-06-20" / "IMG_0000.jpg").write_bytes(b"broken")
    failed = library("export", "IMG_0000", "--to", tmp_path / "florist", "--zip")
    assert failed.code == 1
    assert "IMG_0000" in failed.out
    assert not (tmp_path / "florist.zip").exists()


def test_two_pictures_of_one_name_in_a_zip(library: Tagger, tmp_path: Path) -> None:
    library("export", "IMG", "--to", tmp_path / "a.zip", "--zip", "--name", "same")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert sorted(archive.namelist())[:2] == ["same (2).jpg", "same (3).jpg"]
        assert len(set(archive.namelist())) == 8


def test_captions_and_hashtags(library: Tagger, photos: Path, tmp_path: Path) -> None:
    outcome = library("export", "IMG_0001", "--to", tmp_path / "post", "--captions")
    assert outcome.code == 0
    text = (tmp_path / "post" / "captions.txt").read_text(encoding="utf-8")
    assert text.startswith("IMG_0001.jpg\n2026-06-21\n")


@pytest.mark.parametrize("target", [(), ("--zip",)])
def test_captions_stand_in_the_order_of_the_numbers(
    library: Tagger, photos: Path, tmp_path: Path, target: tuple[str, ...]
) -> None:
    for number in range(3):
        save_jpeg(photos / "2026-06-22" / f"more_{number}.jpg", width=32, height=24, seed=number)
    library("scan")
    library("export", "", "--to", tmp_path / "out", "--name", "a", "--captions", *target)
    if target:
        with zipfile.ZipFile(tmp_path / "out.zip") as archive:
            text = archive.read("captions.txt").decode()
    else:
        text = (tmp_path / "out" / "captions.txt").read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if line.endswith(".jpg")]
    assert names == ["a.jpg", *(f"a ({number}).jpg" for number in range(2, 12))]


def test_captions_of_a_shoot_whose_name_is_not_utf8(tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "photos" / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir(parents=True)
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    make_picture(200, 120).save(folder / "IMG_1.jpg")
    tagger("add", tmp_path / "photos")
    tagger("scan")
    outcome = tagger("export", "IMG", "--to", tmp_path / "post", "--captions")
    assert outcome.code == 0, outcome.err
    text = (tmp_path / "post" / "captions.txt").read_text(encoding="utf-8")
    assert text.startswith("IMG_1.jpg\ncaf?\n")


@pytest.mark.parametrize("sheet", ["pdf", "jpeg"])
def test_a_contact_sheet(library: Tagger, tmp_path: Path, sheet: str) -> None:
    library("export", "IMG", "--to", tmp_path / "post", "--sheet", sheet)
    suffix = {"pdf": ".pdf", "jpeg": "-01.jpg"}[sheet]
    page = tmp_path / "post" / f"contact-sheet{suffix}"
    before = page.read_bytes()
    assert before.startswith({"pdf": b"%PDF", "jpeg": b"\xff\xd8"}[sheet])
    again = library("export", "IMG", "--to", tmp_path / "post", "--sheet", sheet, "--json")
    assert again.json["written"] == []
    assert page.read_bytes() == before


def test_names_are_shown_before_anything_is_made(library: Tagger, tmp_path: Path) -> None:
    outcome = library(
        "export", "IMG", "--to", tmp_path / "post", "--name", "{date}_{n}", "--dry-run", "--json"
    )
    assert [row["name"] for row in outcome.json][:2] == ["2026-06-20_01.jpg", "2026-06-20_02.jpg"]
    assert set(outcome.json[0]) == {"path", "name"}
    assert not (tmp_path / "post").exists()
    refused = library("export", "IMG", "--to", tmp_path / "post", "--name", "{nmae}")
    assert refused.code == 2
    assert "there is no {nmae}" in refused.err


def test_own_presets_from_adding_to_removing(library: Tagger, tmp_path: Path) -> None:
    text = library("presets", "show", "instagram-square").out
    own = json.loads(text) | {"name": "mine", "width_px": 500, "height_px": 400}
    (tmp_path / "mine.json").write_text(json.dumps(own), encoding="utf-8")

    added = library("presets", "add", tmp_path / "mine.json")
    assert added.code == 0
    assert "IMG_0412_square.jpg" in added.out
    listed = {row["name"]: row for row in library("presets", "list", "--json").json}
    assert listed["mine"]["own"] is True
    assert listed["web-2048"]["own"] is False
    assert library("presets", "add", tmp_path / "mine.json").code == 2
    library("export", "IMG_0001", "--to", tmp_path / "post", "--preset", "mine")
    with Image.open(tmp_path / "post" / "IMG_0001_square.jpg") as image:
        assert image.size == (500, 400)

    assert library("presets", "remove", "mine").code == 0
    refused = library("presets", "remove", "web-2048")
    assert refused.code == 2
    assert "only your own" in refused.err


def test_the_vendor_preset_needs_a_credit_line_and_writes_it(
    library: Tagger, photos: Path, tmp_path: Path, exiftool: str
) -> None:
    target = tmp_path / "florist"
    refused = library("export", "IMG_0001", "--to", target, "--preset", "vendor-2048")
    assert refused.code == 2
    assert "tagger settings export.credit" in refused.err
    library("settings", "export.credit", "Photo: Zoë Berg")
    library("settings", "export.copyright", "© Zoë Berg")

    assert library("export", "IMG_0001", "--to", target, "--preset", "vendor-2048").code == 0

    [picture] = target.iterdir()
    metadata = _read(exiftool, picture)
    assert metadata["XMP:Credit"] == "Photo: Zoë Berg"
    assert metadata["XMP:Rights"] == "© Zoë Berg"
    assert not [key for key in metadata if "GPS" in key or "Keyword" in key]


def test_another_logo_of_the_same_name_makes_the_pictures_anew(
    library: Tagger, tmp_path: Path
) -> None:
    logo = tmp_path / "logo.png"
    own = {"name": "own", "title": "x", "description": "x", "fit": "inside"}
    mark = {"image": str(logo), "place": "centre", "opacity": 1, "size": 1}
    (tmp_path / "own.json").write_text(json.dumps(own | {"watermark": mark}))
    library("presets", "add", tmp_path / "own.json")
    for color, name in (("red", "IMG_0001.jpg"), ("blue", "IMG_0001 (2).jpg")):
        Image.new("RGB", (90, 90), color).save(logo)
        outcome = library("export", "IMG_0001", "--to", tmp_path / "post", "--preset", "own")
        assert outcome.code == 0, outcome.err
        with Image.open(tmp_path / "post" / name) as picture:
            red, _, blue = picture.getpixel((160, 120))  # type: ignore[misc]
            assert (red > 200) is (color == "red")
            assert (blue > 200) is (color == "blue")


def test_a_logo_beside_the_file_of_its_preset_is_found_from_anywhere(
    library: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "brand"
    folder.mkdir()
    Image.new("RGBA", (50, 20), (255, 0, 0, 255)).save(folder / "logo.png")
    own = {"name": "mine", "title": "m", "description": "m", "fit": "inside", "width_px": 100}
    (folder / "mine.json").write_text(json.dumps(own | {"watermark": {"image": "logo.png"}}))
    monkeypatch.chdir(folder)
    assert library("presets", "add", "mine.json").code == 0
    monkeypatch.chdir(tmp_path)
    done = library("export", "IMG_0001", "--to", tmp_path / "out", "--preset", "mine")
    assert done.code == 0, done.err


def test_which_metadata_goes_out(tagger: Tagger, tmp_path: Path, exiftool: str) -> None:
    _save_with_secrets(tmp_path / "photos" / "a.jpg")
    tagger("add", tmp_path / "photos")
    tagger("scan")
    found: dict[str, dict[str, object]] = {}
    for metadata, extra in (("none", {}), ("credit", {}), ("all", {}), ("all", {"keep_place": 1})):
        name = f"own-{len(found)}"
        preset = {"name": name, "title": "x", "description": "x", "fit": "inside"}
        (tmp_path / "p.json").write_text(json.dumps(preset | {"metadata": metadata} | extra))
        assert tagger("presets", "add", tmp_path / "p.json").code == 0
        tagger("export", "a", "--to", tmp_path / name, "--preset", name)
        found[name] = _read(exiftool, tmp_path / name / "a.jpg")
    assert not [key for key in found["own-0"] if key.startswith(("EXIF", "XMP", "IPTC"))]
    assert found["own-1"]["EXIF:Artist"] == "Ana"
    assert "EXIF:Model" not in found["own-1"]
    assert found["own-2"]["EXIF:Model"] == "R6"
    for name in ("own-0", "own-1", "own-2"):
        assert not [key for key in found[name] if "GPS" in key or "Serial" in key]
        assert "Hidden" not in str(found[name])
    assert [key for key in found["own-3"] if "GPS" in key]


def _save_with_secrets(path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist], exif[ExifTags.Base.Model] = "Ana", "R6"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = "Hidden 123"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"Hidden Lane"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 14.0)
    path.parent.mkdir()
    make_picture(200, 120).save(path, exif=exif)


def _read(exiftool: str, path: Path) -> dict[str, object]:
    command = [exiftool, "-json", "-G", "-a", "-charset", "UTF8", str(path)]
    found = subprocess.run(command, capture_output=True, check=True).stdout
    tags: dict[str, object] = json.loads(found)[0]
    return {
        key: value for key, value in tags.items() if key.split(":")[0] not in {"File", "ExifTool"}
    }


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_stop_leaves_whole_pictures_and_no_zip(
    library: Tagger, tmp_path: Path, is_zip: bool
) -> None:
    cancel = CancelToken()

    def stop_at_third(progress: Progress) -> None:
        if progress.done == 3:
            cancel.cancel()

    with Workspace.open(library.home) as workspace:
        preset = find_preset(library.home, "web-2048")
        request = ExportRequest(preset, tmp_path / "post", is_zip=is_zip)
        rows = find_rows(workspace, "IMG")
        with pytest.raises(CancelledError):
            export_photos(workspace, rows, request, cancel, stop_at_third)
    left = [path for path in request.place.iterdir() if path.suffix in {".jpg", ".zip", ".tmp"}]
    assert len(left) == (0 if is_zip else 3)
    for path in left:
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            image.load()


def test_a_photo_that_can_not_be_read_is_named_and_the_others_go_on(
    library: Tagger, photos: Path, tmp_path: Path
) -> None:
    (photos / "2026-06-20" / "IMG_0002.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (photos / "2026-06-20" / "IMG_0004.jpg").unlink()
    save_jpeg(photos / "2026-06-20" / "IMG_0006.jpg", seed=77)
    outcome = library("export", "IMG", "--to", tmp_path / "post", "--json")
    assert outcome.code == 1
    assert len(outcome.json["written"]) == 6
    failed = {Path(row["path"]).name: row["error"] for row in outcome.json["failed"]}
    assert set(failed) == {"IMG_0002.jpg", "IMG_0004.jpg"}
    assert all(error.endswith(".") for error in failed.values())


def test_a_panorama_that_no_jpeg_holds_is_named_and_the_others_go_on(
    library: Tagger, photos: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (66_000, 4)).save(photos / "IMG_wide.png")
    library("scan")
    outcome = library("export", "IMG", "--to", tmp_path / "post", "--preset", "full", "--json")
    assert outcome.code == 1, outcome.err
    assert len(outcome.json["written"]) == 8
    [failed] = outcome.json["failed"]
    assert failed["path"].endswith("IMG_wide.png")
    assert "65,500 pixels" in failed["error"]


def test_a_bomb_is_named_and_the_others_go_out_with_their_metadata(
    library: Tagger, photos: Path, photos_dir: Path, tmp_path: Path
) -> None:
    shutil.copy(photos_dir / "bad/gif_fuzz/decompression_bomb.gif", photos / "IMG_bomb.gif")
    library("scan")
    own = {"name": "own", "title": "x", "description": "x", "fit": "inside", "metadata": "credit"}
    (tmp_path / "own.json").write_text(json.dumps(own))
    library("presets", "add", tmp_path / "own.json")
    outcome = library("export", "IMG", "--to", tmp_path / "post", "--preset", "own", "--json")
    assert outcome.code == 1, outcome.err
    assert len(outcome.json["written"]) == 8
    [failed] = outcome.json["failed"]
    assert "more pixels than can be opened safely" in failed["error"]


def test_a_crop_placed_by_hand_is_used_for_every_preset_of_its_shape(
    library: Tagger, photos: Path, tmp_path: Path
) -> None:
    path = photos / "2026-06-20" / "IMG_0000.jpg"
    halves = Image.new("RGB", (400, 200), "red")
    halves.paste("blue", (200, 0, 400, 200))
    halves.save(path)
    library("scan")
    preset = find_preset(library.home, "instagram-square")
    with Workspace.open(library.home) as workspace:
        photo = workspace.library.find_photo(path).id
        place_window(workspace.library, photo, preset, Window(0.5, 0.0, 0.5, 1.0))
    own = {"name": "small", "title": "s", "description": "s", "fit": "fill"}
    (tmp_path / "s.json").write_text(json.dumps(own | {"width_px": 64, "height_px": 64}))
    library("presets", "add", tmp_path / "s.json")

    library("export", "IMG_0000", "--to", tmp_path / "placed", "--preset", "small")
    library("export", "IMG_0000", "--to", tmp_path / "other", "--preset", "instagram-4x5")

    with Image.open(tmp_path / "placed" / "IMG_0000.jpg") as image:
        assert image.size == (64, 64)
        assert image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) == (0, 0, 254)
    with Image.open(tmp_path / "other" / "IMG_0000_4x5.jpg") as image:
        red, _, blue = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
        assert min(red, blue) > 60
