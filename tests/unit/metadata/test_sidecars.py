"""Which sidecar belongs to which photo."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tagger.metadata import find_sidecars, read_metadata
from tagger.metadata.sidecars import name_sidecar
from tests.packets import packet


def fill(folder: Path, *names: str, extension: str = "") -> None:
    attributes = f'photoshop:SidecarForExtension="{extension}"' if extension else ""
    for name in names:
        content = packet(attributes=attributes) if name.lower().endswith(".xmp") else b""
        (folder / name).write_bytes(content)


def found(folder: Path, photo: str) -> list[str]:
    names = [entry.name for entry in folder.iterdir()]
    with_names = find_sidecars(folder / photo, names)
    assert with_names == find_sidecars(folder / photo)
    return [path.name for path in with_names]


def test_the_long_name_comes_first(tmp_path: Path) -> None:
    fill(tmp_path, "a.nef", "a.xmp", "a.nef.xmp", "b.nef", "ab.xmp")
    assert found(tmp_path, "a.nef") == ["a.nef.xmp", "a.xmp"]
    assert found(tmp_path, "b.nef") == []


def test_the_short_name_belongs_to_the_raw_and_not_to_the_jpeg(tmp_path: Path) -> None:
    fill(tmp_path, "a.cr2", "a.jpg", "a.xmp", "a.jpg.xmp")
    assert found(tmp_path, "a.cr2") == ["a.xmp"]
    assert found(tmp_path, "a.jpg") == ["a.jpg.xmp"]


def test_the_short_name_belongs_to_a_photo_that_is_alone(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "a.xmp")
    assert found(tmp_path, "a.jpg") == ["a.xmp"]


def test_a_sidecar_of_a_raw_that_is_gone_is_nobodys(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "a.xmp", extension="CR2")
    assert found(tmp_path, "a.jpg") == []


def test_a_converted_raw_keeps_its_sidecar(tmp_path: Path) -> None:
    fill(tmp_path, "a.dng", "a.jpg", "a.xmp", extension="CR2")
    assert found(tmp_path, "a.dng") == ["a.xmp"]
    assert found(tmp_path, "a.jpg") == []


@pytest.mark.parametrize(("extension", "owner"), [("CR2", "a.CR2"), ("dng", "a.dng"), ("", None)])
def test_of_two_raws_the_sidecar_says_which(
    tmp_path: Path, extension: str, owner: str | None
) -> None:
    fill(tmp_path, "a.CR2", "a.dng", "a.xmp", extension=extension)
    for photo in ("a.CR2", "a.dng"):
        assert found(tmp_path, photo) == (["a.xmp"] if photo == owner else [])


def test_of_two_other_photos_the_sidecar_says_which(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "a.tif", "a.xmp")
    assert found(tmp_path, "a.jpg") == []
    fill(tmp_path, "a.xmp", extension="TIF")
    assert found(tmp_path, "a.jpg") == []
    assert found(tmp_path, "a.tif") == ["a.xmp"]


def test_upper_case_and_unicode_forms(tmp_path: Path) -> None:
    name = "Ümläut Café"
    decomposed = unicodedata.normalize("NFD", name)
    fill(tmp_path, "IMG_2.CRW", "IMG_2.XMP", f"{name}.nef", f"{decomposed}.nef.Xmp")
    assert found(tmp_path, "IMG_2.CRW") == ["IMG_2.XMP"]
    assert found(tmp_path, f"{name}.nef") == [f"{decomposed}.nef.Xmp"]


@pytest.mark.parametrize(
    ("photo", "beside", "target"),
    [
        ("a.nef", (), "a.xmp"),
        ("a.nef", ("a.jpg",), "a.xmp"),
        ("a.nef", ("a.dng",), "a.nef.xmp"),
        ("a.nef", ("a.XMP",), "a.nef.xmp"),
        ("a.tif", (), "a.tif.xmp"),
        ("a.heic", ("a.nef", "a.xmp"), "a.heic.xmp"),
        ("a.b.nef", (), "a.b.xmp"),
    ],
)
def test_where_a_new_sidecar_goes(photo: str, beside: tuple[str, ...], target: str) -> None:
    assert name_sidecar(Path("/x") / photo, (photo, *beside)) == Path("/x") / target


def test_pairs_of_real_files(photos_dir: Path) -> None:
    pairs = photos_dir / "valid" / "pairs"
    assert found(pairs, "DSC_1.dng") == ["DSC_1.dng.xmp", "DSC_1.xmp"]
    assert found(pairs, "DSC_1.jpg") == []
    assert found(pairs, "IMG_2.CRW") == ["IMG_2.XMP"]
    raw = pairs / "IMG_2.CRW"
    assert read_metadata(raw, sidecars=find_sidecars(raw)).keywords == ("test3", "test", "test2")


def test_a_sidecar_that_vanished_is_said(tmp_path: Path) -> None:
    photo = tmp_path / "a.nef"
    fill(tmp_path, "a.nef")
    held = read_metadata(photo, sidecars=[tmp_path / "a.xmp"])
    assert held.problems == ("a.xmp can't be opened: No such file or directory.",)


@pytest.mark.parametrize("other", ["a.cr2.jpg", "a.cr2.dng"])
def test_the_long_name_of_one_photo_is_not_the_short_name_of_another(
    tmp_path: Path, other: str
) -> None:
    """Converters call what they make of `a.cr2` so."""
    fill(tmp_path, "a.cr2", other)
    names = [entry.name for entry in tmp_path.iterdir()]
    assert name_sidecar(tmp_path / other, names).name == f"{other}.xmp"
    fill(tmp_path, "a.cr2.xmp")
    assert found(tmp_path, "a.cr2") == ["a.cr2.xmp"]
    assert found(tmp_path, other) == []
