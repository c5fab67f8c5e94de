"""How much scaling while decoding saves; prints figures, judges none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.images import decode_photo, read_capture, read_content_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.benchmark_only

SHORT_SIDE_PX = 256
PHOTOS = 6


def _decode_fully(path: Path) -> Image.Image:
    """What most programs do: every pixel, then smaller."""
    with Image.open(path) as image:
        picture = image.convert("RGB")
    scale = SHORT_SIDE_PX / min(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BILINEAR)


def _decode_scaled(path: Path) -> Image.Image:
    return decode_photo(path, short_side_px=SHORT_SIDE_PX)


def _photos_per_second(use: Callable[[Path], object], paths: list[Path]) -> float:
    use(paths[0])
    began_s = time.perf_counter()
    for path in paths:
        use(path)
    return len(paths) / (time.perf_counter() - began_s)


@pytest.mark.parametrize(("width", "height"), [(6000, 4000), (1732, 1155)], ids=["24 MP", "2 MP"])
def test_decoding(
    wedding_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], width: int, height: int
) -> None:
    paths = []
    for number, source in enumerate(sorted((wedding_dir / "images/bride").iterdir())[:PHOTOS]):
        paths.append(tmp_path / f"{number}.jpg")
        with Image.open(source) as image:
            large = image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
        large.save(paths[-1], quality=92, subsampling="4:2:2")
    plain = _photos_per_second(_decode_fully, paths)
    scaled = _photos_per_second(_decode_scaled, paths)
    with capsys.disabled():
        megapixels = width * height / 1e6
        print(
            f"\n{megapixels:.0f} MP to {SHORT_SIDE_PX} px, one thread: Pillow full {plain:.1f}/s, "
            f"decode_photo {scaled:.1f}/s, ratio {scaled / plain:.1f}; "
            f"read_capture {_photos_per_second(read_capture, paths):.0f}/s, "
            f"read_content_id {_photos_per_second(read_content_id, paths):.0f}/s"
        )
