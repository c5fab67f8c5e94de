"""Marks on pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tagger.core.errors import WrongUseError
from tagger.export import Extras, Ink, Preset, draw_picture

Pixels: TypeAlias = NDArray[np.int_]

FONT = Path(__file__).resolve().parents[3] / "resources/fonts/Inter-SemiBold.otf"
GREY = Image.new("RGB", (600, 400), (120, 120, 120))


def _draw(text: str | None = None, *, zone: dict[str, int] | None = None, **mark: object) -> Pixels:
    fields = {"text": text} if text else {}
    preset = Preset.model_validate(
        {"name": "a", "title": "A", "description": "A.", "fit": "inside"}
        | {"watermark": fields | mark, "safe_zone": zone or {}}
    )
    picture = draw_picture(GREY, preset, Extras(ink=Ink("© Zoë", FONT)))
    return np.asarray(picture).astype(int)


def _box(pixels: Pixels) -> tuple[int, int, int, int]:
    changed = np.abs(pixels - 120).max(axis=2) > 12
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


@pytest.mark.parametrize(
    ("place", "x", "y"),
    [("top-left", 0, 0), ("centre", 0.5, 0.5), ("bottom-right", 1, 1), ("bottom", 0.5, 1)],
)
def test_place(place: str, x: float, y: float) -> None:
    left, top, right, bottom = _box(_draw("Ana", place=place))
    assert (left + right) / 2 / 600 == pytest.approx(x, abs=0.13)
    assert (top + bottom) / 2 / 400 == pytest.approx(y, abs=0.13)


def test_it_keeps_clear_of_the_safe_zone() -> None:
    zone = {"bottom_px": 100, "right_px": 50}
    _, _, right, bottom = _box(_draw("Ana", place="bottom-right", zone=zone))
    assert right <= 550
    assert bottom <= 300


def test_opacity_and_size() -> None:
    strong, weak = (np.abs(_draw("Ana", opacity=value) - 120).sum() for value in (1.0, 0.25))
    assert 0.15 * strong < weak < 0.35 * strong
    small, large = (_box(_draw("Ana", size=value)) for value in (0.3, 0.6))
    assert large[2] - large[0] > 1.6 * (small[2] - small[0])


def test_the_credit_line_with_its_accents() -> None:
    assert (_draw("{credit}") == _draw("© Zoë")).all()
    assert (_draw("Zoë") != _draw("Zo\ufffd")).any()


def test_a_long_text_stays_inside() -> None:
    left, _, right, _ = _box(_draw("a very long name of a studio " * 4, place="centre"))
    assert left >= 0
    assert right < 600


def test_a_logo(tmp_path: Path) -> None:
    Image.new("RGBA", (200, 100), (255, 0, 0, 128)).save(tmp_path / "logo.png")
    pixels = _draw(image=str(tmp_path / "logo.png"), place="centre", size=0.5, opacity=1)
    assert _box(pixels) == pytest.approx((200, 150, 399, 249), abs=2)
    assert tuple(pixels[200, 300]) == pytest.approx((188, 60, 60), abs=3)


def test_a_logo_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"no picture")
    with pytest.raises(WrongUseError, match=r"logo\.png"):
        _draw(image=str(tmp_path / "logo.png"))
