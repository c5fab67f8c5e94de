"""Every mode and profile ends as 8-bit sRGB."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageCms

from tagger.images import decode_photo
from tests.pictures import make_picture

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def _pixels(image: Image.Image) -> NDArray[np.int_]:
    return np.asarray(image).astype(int)


def _profile(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()  # type: ignore[arg-type]


def _swap_red_and_green(profile: bytes) -> bytes:
    """An sRGB profile whose colorants for red and green changed places: a visible effect."""
    return profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def test_a_profile_is_applied_as_little_cms_does(tmp_path: Path) -> None:
    profile = _swap_red_and_green(_profile("sRGB"))
    picture = make_picture(64, 64)
    picture.save(tmp_path / "a.png", icc_profile=profile)
    expected = ImageCms.profileToProfile(
        picture,
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
    )
    assert expected is not None
    found = _pixels(decode_photo(tmp_path / "a.png"))
    assert np.abs(found - _pixels(expected)).max() <= 1
    assert np.abs(found - _pixels(picture)).max() > 30


def test_an_srgb_profile_changes_nothing(tmp_path: Path) -> None:
    picture = make_picture(64, 64)
    picture.save(tmp_path / "a.png", icc_profile=_profile("sRGB"))
    assert (_pixels(decode_photo(tmp_path / "a.png")) == _pixels(picture)).all()


@pytest.mark.parametrize("profile", [b"", b"broken", _profile("sRGB")[:200], _profile("LAB")])
def test_a_profile_that_does_not_fit_is_ignored(tmp_path: Path, profile: bytes) -> None:
    picture = make_picture(64, 64)
    picture.save(tmp_path / "a.png", icc_profile=profile)
    assert (_pixels(decode_photo(tmp_path / "a.png")) == _pixels(picture)).all()


def test_an_rgb_profile_on_a_grey_picture(tmp_path: Path) -> None:
    grey = make_picture(64, 64).convert("L")
    grey.save(tmp_path / "a.png", icc_profile=_profile("sRGB"))
    found = _pixels(decode_photo(tmp_path / "a.png"))
    assert np.abs(found - _pixels(grey.convert("RGB"))).max() <= 1


def test_an_xyb_jpeg_has_the_colours_of_its_profile(photos_dir: Path) -> None:
    path = photos_dir / "valid/jpeg/tech_xyb.jpg"
    full, small = decode_photo(path), decode_photo(path, short_side_px=64)
    with Image.open(path) as image:
        plain = _pixels(image.convert("RGB"))
    assert np.abs(_pixels(full).mean((0, 1)) - plain.mean((0, 1))).max() > 20
    assert np.abs(_pixels(full).mean((0, 1)) - _pixels(small).mean((0, 1))).max() < 4
    red, green, blue = _pixels(full)[:40, :40].mean((0, 1))  # dry grass
    assert red > blue
    assert green > blue


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "PA", "1", "L", "CMYK", "YCbCr", "LAB"])
def test_modes(tmp_path: Path, mode: str) -> None:
    suffix = "tif" if mode in {"CMYK", "YCbCr", "LAB", "PA"} else "png"
    if mode == "LAB":
        colour = ImageCms.profileToProfile(
            make_picture(32, 32),
            ImageCms.createProfile("sRGB"),
            ImageCms.createProfile("LAB"),
            outputMode="LAB",
        )
        assert colour is not None
        picture, expected = colour, make_picture(32, 32)
    elif mode in {"LA", "PA"}:
        picture = make_picture(32, 32).convert("L").convert("LA").convert(mode)
        expected = make_picture(32, 32).convert("L").convert("RGB")
    else:
        picture = make_picture(32, 32).convert(mode)
        expected = picture.convert("RGB")
    try:
        picture.save(tmp_path / f"a.{suffix}")
    except OSError:
        pytest.skip(f"Pillow writes no {mode}")
    found = decode_photo(tmp_path / f"a.{suffix}")
    assert found.mode == "RGB"
    assert np.abs(_pixels(found) - _pixels(expected)).mean() < 6


@pytest.mark.parametrize("suffix", ["png", "webp", "tif"])
def test_transparency_goes_over_white(tmp_path: Path, suffix: str) -> None:
    picture = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 128), (10, 0, 20, 20))
    picture.save(tmp_path / f"a.{suffix}", lossless=True)
    found = decode_photo(tmp_path / f"a.{suffix}")
    assert found.getpixel((2, 2)) == (255, 255, 255)
    assert found.getpixel((15, 2)) == (127, 127, 255)


def test_a_transparent_palette_colour_goes_over_white(tmp_path: Path) -> None:
    picture = Image.new("P", (20, 20), 1)
    picture.putpalette([0, 255, 0, 0, 0, 255])
    picture.paste(0, (0, 0, 10, 20))
    for suffix in ("png", "gif"):
        picture.save(tmp_path / f"a.{suffix}", transparency=0)
        found = decode_photo(tmp_path / f"a.{suffix}")
        assert found.getpixel((2, 2)) == (255, 255, 255)
        assert found.getpixel((15, 2)) == (0, 0, 255)


@pytest.mark.parametrize(
    ("suffix", "dtype"), [("png", "uint16"), ("tif", "uint16"), ("tif", "int32")]
)
def test_deep_grey(tmp_path: Path, suffix: str, dtype: str) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(dtype), (8, 1))
    Image.fromarray(ramp).save(tmp_path / f"a.{suffix}")
    found = _pixels(decode_photo(tmp_path / f"a.{suffix}"))
    assert np.abs(found[0, :, 0] - np.arange(256)).max() <= 1
    assert found.shape == (8, 256, 3)


@pytest.mark.parametrize("top", [1.0, 100.0])
def test_float_grey(tmp_path: Path, top: float) -> None:
    ramp = np.tile(np.linspace(0, top, 256, dtype=np.float32), (8, 1))
    ramp[1, 5], ramp[2, 5], ramp[3, 5] = np.nan, np.inf, -np.inf
    Image.fromarray(ramp).save(tmp_path / "a.tif")
    found = _pixels(decode_photo(tmp_path / "a.tif"))
    assert np.abs(found[0, :, 1] - np.arange(256)).max() <= 1
    assert found[1, 5, 0] == found[2, 5, 0] == found[3, 5, 0] == 0


@pytest.mark.parametrize(
    "name",
    [
        "png/16bit_rgb_photo.png",
        "png/16bit_gray_alpha_interlaced.png",
        "tiff/16bit_rgb.tiff",
        "tiff/lab.tif",
        "tiff/cmyk_tiled_jpeg.tif",
        "tiff/bilevel_Crémieux11.tiff",
        "jpeg/tech_cmyk_sample.jpg",
        "jpeg/tech_cmyk_noprofile.jpg",
        "jpeg/tech_gray.jpg",
    ],
)
def test_real_files(photos_dir: Path, name: str) -> None:
    picture = decode_photo(photos_dir / "valid" / name)
    assert picture.mode == "RGB"
    assert np.asarray(picture).mean() > 10


def test_adobe_cmyk_is_not_inverted(photos_dir: Path) -> None:
    beach = _pixels(decode_photo(photos_dir / "valid/jpeg/tech_cmyk_noprofile.jpg"))
    assert beach.mean() > 60
    assert beach.mean() < 200
