"""Presets are data: the shipped ones load, broken ones name file and field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tagger.core.errors import WrongUseError
from tagger.export import Preset, format_preset, load_presets

SHIPPED = Path(__file__).resolve().parents[3] / "resources/presets"
GOOD = {"name": "web", "title": "Web", "description": "For the web.", "fit": "inside"}


def test_the_shipped_presets() -> None:
    presets = load_presets(SHIPPED)
    sizes = {
        name: (preset.width_px, preset.height_px, preset.fit) for name, preset in presets.items()
    }
    assert sizes == {
        "original": (None, None, "copy"),
        "full": (None, None, "inside"),
        "web-2048": (2048, 2048, "inside"),
        "instagram-4x5": (1080, 1350, "fill"),
        "instagram-3x4": (1080, 1440, "fill"),
        "instagram-square": (1080, 1080, "fill"),
        "instagram-landscape": (1080, 566, "fill"),
        "story-9x16": (1080, 1920, "fill"),
        "reel-9x16": (1080, 1920, "fill"),
        "framed-4x5": (1080, 1350, "border"),
        "vendor-2048": (2048, 2048, "inside"),
    }
    assert {path.stem for path in SHIPPED.iterdir()} == set(presets)


def test_no_shipped_preset_tells_a_place_or_a_serial_number() -> None:
    for preset in load_presets(SHIPPED).values():
        assert not preset.keep_place
        assert not preset.keep_private


def test_a_preset_is_read_as_it_was_written(tmp_path: Path) -> None:
    for preset in load_presets(SHIPPED).values():
        (tmp_path / f"{preset.name}.json").write_text(format_preset(preset), encoding="utf-8")
    assert load_presets(tmp_path) == load_presets(SHIPPED)


def test_the_shape_of_a_crop() -> None:
    presets = load_presets(SHIPPED)
    assert presets["instagram-4x5"].ratio == 0.8
    assert presets["web-2048"].ratio is None
    assert Preset(**GOOD).ratio is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fit": "stretch"}, "fit"),
        ({"width_px": 0}, "width_px"),
        ({"width_px": "wide"}, "width_px"),
        ({"quality": 101}, "quality"),
        ({"name": "Web 2"}, "name"),
        ({"title": ""}, "title"),
        ({"sharpen": True}, "sharpen"),
        ({"filename": "{nmae}"}, "filename"),
        ({"watermark": {}}, "watermark"),
        ({"watermark": {"text": "a", "image": "b.png"}}, "watermark"),
        ({"watermark": {"text": "a", "opacity": 0}}, "watermark.opacity"),
        ({"border_color": "white"}, "border_color"),
        ({"keep_place": True}, "as a whole"),
        ({"fit": "border", "width_px": 100}, "as a whole"),
        ({"fit": "copy", "watermark": {"text": "a"}}, "as a whole"),
        ({"width_px": 100, "safe_zone": {"left_px": 60, "right_px": 40}}, "as a whole"),
        ({"fit": "fill", "width_px": 100}, "as a whole"),
        ({"fit": "copy", "width_px": 100}, "as a whole"),
    ],
)
def test_a_broken_preset_names_file_and_field(
    tmp_path: Path, change: dict[str, object], field: str
) -> None:
    (tmp_path / "web.json").write_text(json.dumps(GOOD | change))
    with pytest.raises(WrongUseError) as caught:
        load_presets(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'web.json'}: field {field}: ")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe"])
def test_what_is_no_json_object(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "web.json").write_bytes(data)
    with pytest.raises(WrongUseError, match=r"web\.json"):
        load_presets(tmp_path)


def test_two_presets_of_one_name(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(GOOD))
    with pytest.raises(WrongUseError, match=r"b\.json: field name"):
        load_presets(tmp_path)


def test_an_unreadable_preset(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(WrongUseError, match="can't be read"):
        load_presets(tmp_path)
