"""Exported colours against a reference conversion by Little CMS, on real and on made files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import get_sampling

from tagger.core.errors import UnreadablePhotoError
from tagger.core.ids import FolderId, PhotoId
from tagger.export import Preset
from tagger.images import decode_to_size
from tagger.library import PhotoRow
from tagger.services.exporting.items import Item, Signature
from tagger.services.exporting.rendering import Renderer
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FULL = Preset(name="a", title="A", description="A.", fit="inside", quality=100)
REAL = [
    "jpeg/tech_cmyk_sample.jpg",
    "jpeg/tech_icc_499k_split.jpg",
    "tiff/cmyk_tiled_jpeg.tif",
    "tiff/kw_iptc_icc_xmp.tif",
]


def _render(path: Path, preset: Preset) -> bytes:
    row = PhotoRow(
        PhotoId(1), path, FolderId(1), None, None, None, None, None, None, "", None,
        is_missing=False, needs_tags=False,
    )  # fmt: skip
    return Renderer(preset, Signature("", "")).render(path, Item(row, "a", (), (), None))


def _export(path: Path, preset: Preset = FULL) -> Image.Image:
    image = Image.open(io.BytesIO(_render(path, preset)))
    image.load()
    return image


def _reference(path: Path) -> Image.Image:
    """What an editor shows: the whole picture, upright, by its own profile, in sRGB."""
    with Image.open(path) as image:
        image.load()
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        if profile is None:
            return upright.convert("RGB")
        converted = ImageCms.profileToProfile(
            upright,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        assert converted is not None
        return converted


def _difference(found: Image.Image, wanted: Image.Image) -> NDArray[np.int_]:
    pixels = [np.asarray(image.convert("RGB")).astype(int) for image in (found, wanted)]
    difference: NDArray[np.int_] = np.abs(pixels[0] - pixels[1])
    return difference


@pytest.mark.parametrize("name", REAL)
def test_real_wide_and_cmyk_files_within_one_step(photos_dir: Path, name: str) -> None:
    """Before the JPEG is made, whose own loss is a matter of quality and not of colour."""
    path = photos_dir / "valid" / name
    wanted = _reference(path)
    found = decode_to_size(path, lambda size: size)
    assert found.size == wanted.size
    assert _difference(found, wanted).max() <= 1
    exported = _difference(_export(path), wanted)
    assert exported.mean() < 1
    assert np.percentile(exported, 99) <= 4


@pytest.mark.parametrize("space", ["wide", "swapped"])
def test_flat_colours_of_another_space_to_the_jpeg_within_one_step(
    tmp_path: Path, space: str
) -> None:
    """Blocks of 16 pixels hold one colour each, so that JPEG at 100 keeps them."""
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(12, 18, 3)
    Image.fromarray(np.repeat(np.repeat(cube, 16, axis=0), 16, axis=1)).save(
        tmp_path / "a.png", icc_profile=_profile(space)
    )
    found, wanted = _export(tmp_path / "a.png"), _reference(tmp_path / "a.png")
    assert _difference(found, wanted)[8::16, 8::16].max() <= 1
    plain = Image.open(tmp_path / "a.png").convert("RGB")
    assert _difference(plain, wanted).max() > 30


def _profile(space: str) -> bytes:
    """sRGB with other primaries: red and green exchanged, or green pulled outwards."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if space == "swapped":
        return profile.replace(b"rXYZ", b"??").replace(b"gXYZ", b"rXYZ").replace(b"??", b"gXYZ")
    # Adobe RGB (1998), 4.3.1.1: its green in the connection space (ICC s15Fixed16, D50).
    at = int.from_bytes(profile[(start := profile.index(b"gXYZ")) + 4 : start + 8], "big") + 8
    green = b"".join(round(value * 65536).to_bytes(4, "big") for value in (0.2053, 0.6257, 0.0609))
    red_at = int.from_bytes(profile[(start := profile.index(b"rXYZ")) + 4 : start + 8], "big") + 8
    red = b"".join(round(value * 65536).to_bytes(4, "big") for value in (0.6097, 0.3111, 0.0195))
    changed = profile[:at] + green + profile[at + 12 :]
    return changed[:red_at] + red + changed[red_at + 12 :]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_baked_in(tmp_path: Path, orientation: int) -> None:
    path = save_jpeg(tmp_path / "a.jpg", width=640, height=400, orientation=orientation)
    preset = FULL.model_copy(update={"width_px": 100, "height_px": 100})
    image = _export(path, preset)
    assert image.size == ((100, 62) if orientation < 5 else (62, 100))
    assert 0x0112 not in image.getexif()
    wanted = _reference(path).resize(image.size, Image.Resampling.LANCZOS)
    assert _difference(image, wanted).mean() < 3


@pytest.mark.parametrize(
    ("quality", "chroma", "expected"),
    [(95, "auto", 0), (85, "auto", 2), (85, "full", 0), (95, "half", 2)],
)
def test_chroma_is_as_the_preset_says(
    tmp_path: Path, quality: int, chroma: str, expected: int
) -> None:
    preset = FULL.model_copy(update={"quality": quality, "chroma": chroma})
    image = _export(save_jpeg(tmp_path / "a.jpg"), preset)
    assert get_sampling(image) == expected  # 0 is 4:4:4, 2 is 4:2:0


def test_a_file_as_large_as_allowed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noise = Image.fromarray(rng.integers(0, 255, (300, 400, 3), dtype=np.uint8))
    noise.save(tmp_path / "a.png")
    preset = FULL.model_copy(update={"max_kilobytes": 60})
    assert len(_render(tmp_path / "a.png", FULL)) > 100_000
    assert 50_000 < len(_render(tmp_path / "a.png", preset)) <= 60_000
    with pytest.raises(UnreadablePhotoError, match="does not fit into 10 KB"):
        _render(tmp_path / "a.png", FULL.model_copy(update={"max_kilobytes": 10}))


def test_equal_exports_are_equal_bytes(tmp_path: Path) -> None:
    make_picture(700, 500).save(tmp_path / "a.jpg", quality=90)
    preset = FULL.model_copy(update={"width_px": 200, "height_px": 250, "fit": "fill"})
    assert _render(tmp_path / "a.jpg", preset) == _render(tmp_path / "a.jpg", preset)
