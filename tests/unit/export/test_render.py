"""Exact sizes, true colours, and nothing in the file but the picture."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from tagger.core.errors import UnreadablePhotoError, WrongUseError
from tagger.export import Extras, Preset, load_presets, render_photo
from tests.pictures import make_picture

PRESETS = load_presets(Path(__file__).resolve().parents[3] / "resources/presets")


def _preset(**fields: object) -> Preset:
    text = {"name": "a", "title": "A", "description": "A."}
    return Preset.model_validate(text | fields)


def _open(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("full", (300, 200), (300, 200)),
        ("web-2048", (3000, 2000), (2048, 1365)),
        ("web-2048", (2000, 3000), (1365, 2048)),
        ("web-2048", (300, 200), (300, 200)),
        ("instagram-4x5", (3000, 2000), (1080, 1350)),
        ("instagram-3x4", (600, 4000), (1080, 1440)),
        ("instagram-square", (300, 200), (1080, 1080)),
        ("story-9x16", (1000, 1000), (1080, 1920)),
        ("instagram-landscape", (3000, 2000), (1080, 566)),
        ("framed-4x5", (3000, 2000), (1080, 1350)),
        ("framed-4x5", (300, 200), (1080, 1350)),
    ],
)
def test_size(name: str, size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert _open(render_photo(make_picture(*size), PRESETS[name])).size == expected


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(16, 200), st.integers(16, 200))
def test_inside_keeps_proportions_and_never_enlarges(
    width: int, height: int, max_width: int, max_height: int
) -> None:
    preset = _preset(fit="inside", width_px=max_width, height_px=max_height)
    found = _open(render_photo(Image.new("RGB", (width, height)), preset)).size
    assert found[0] <= min(width, max_width)
    assert found[1] <= min(height, max_height)
    assert abs(found[0] * height - found[1] * width) <= max(width, height)


@pytest.mark.parametrize(("width", "height"), [(300, 100), (100, 300)])
def test_fill_cuts_evenly_on_both_sides(width: int, height: int) -> None:
    picture = Image.new("RGB", (width, height), "red")
    middle = Image.new("RGB", (96, 96), "blue")
    picture.paste(middle, ((width - 96) // 2, (height - 96) // 2))
    found = np.asarray(
        _open(render_photo(picture, _preset(fit="fill", width_px=100, height_px=100)))
    )
    edges = [found[50, 0], found[50, -1], found[0, 50], found[-1, 50]]
    assert all(red > 200 for red, _, _ in edges)
    assert found[50, 50, 2] > 200
    blue = found[..., 2] > 128
    assert (blue == blue[::-1, ::-1]).all()
    assert blue.sum() == 96 * 96


def test_colours_survive_within_one_step() -> None:
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    blocks = np.repeat(np.repeat(cube.reshape(12, 18, 3), 16, axis=0), 16, axis=1)
    image = _open(render_photo(Image.fromarray(blocks), _preset(fit="inside", quality=100)))
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    shown = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    assert shown is not None
    found = np.asarray(shown)[8::16, 8::16].astype(int)
    assert np.abs(found - blocks[8::16, 8::16]).max() <= 1


def test_nothing_but_the_picture_and_its_profile() -> None:
    picture = make_picture()
    picture.info = {"comment": b"Hidden Lane 7", "xmp": b"<x/>", "exif": b"Exif\0\0", "dpi": (1, 2)}
    kept = dict(picture.info)
    for name in ("full", "web-2048", "instagram-square"):
        image = _open(render_photo(picture, PRESETS[name]))
        assert set(image.info) <= {
            "icc_profile",
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
        }
        assert not image.getexif()
        assert "sRGB" in ImageCms.getProfileDescription(
            ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        )
    assert picture.info == kept


def test_exiftool_finds_no_metadata(exiftool: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(render_photo(make_picture(), PRESETS["full"]))
    command = [exiftool, "-json", "-G0", "-a", "-u", str(tmp_path / "a.jpg")]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)[0]
    groups = {key.split(":")[0] for key in found if ":" in key}
    assert groups <= {"ExifTool", "File", "JFIF", "ICC_Profile", "Composite"}


_RENDER = """
import hashlib, sys
from pathlib import Path
from tagger.export import load_presets, render_photo
from tests.pictures import make_picture
preset = load_presets(Path(sys.argv[1]))["instagram-4x5"]
print(hashlib.sha256(render_photo(make_picture(500, 400), preset)).hexdigest())
"""


def test_equal_input_gives_equal_bytes_in_any_process() -> None:
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", _RENDER, str(root / "resources/presets")]
    first, second = (
        subprocess.run(command, capture_output=True, check=True, cwd=root).stdout for _ in range(2)
    )
    assert first == second


def test_a_preset_that_copies_renders_nothing() -> None:
    with pytest.raises(WrongUseError, match="original"):
        render_photo(make_picture(), PRESETS["original"])


def test_what_no_jpeg_can_hold_is_said_of_the_picture() -> None:
    with pytest.raises(UnreadablePhotoError, match="65,500 pixels"):
        render_photo(Image.new("RGB", (65_501, 2)), PRESETS["full"])
    for extras in (Extras(exif=bytes(70_000)), Extras(xmp=bytes(70_000))):
        with pytest.raises(UnreadablePhotoError, match="metadata"):
            render_photo(make_picture(), PRESETS["full"], extras)
