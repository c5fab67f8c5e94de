"""Every real and every broken file: a result or one sentence, never anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import PhotoError, PhotoTimeoutError
from tagger.images import DecodePool, decode_photo, read_capture, read_content_id
from tests.conftest import ManifestRow, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

T = TypeVar("T")

UNREADABLE_THOUGH_VALID = {
    "IMG_2.CRW": "sensor data and preview cut out",
    "canon_R6_pruned.CR3": "sensor data and preview cut out",
    "canon_r6_head.cr3": "sensor data and preview cut off",
    "exiftool_canon.cr3": "sensor data and preview cut out",
    "exiftool_minolta.mrw": "sensor data cut out",
    "exiftool_nikon.nef": "sensor data and preview cut out",
}
"""LibRaw reads their headers, so the manifest lists them as opened; but there is no picture."""


def _use_all(
    rows: Sequence[ManifestRow], reader: Callable[[Path], T]
) -> dict[Path, T | PhotoError]:
    with DecodePool(reader, workers=2) as pool:
        results = pool.results(
            ((row.path, row.path) for row in rows), look_ahead=4, cancel=CancelToken()
        )
        return dict(results)


@pytest.fixture(scope="module", params=["valid", "bad"])
def rows(request: pytest.FixtureRequest, photos_dir: Path) -> list[ManifestRow]:
    return read_manifest(photos_dir / request.param)


def test_headers(rows: list[ManifestRow]) -> None:
    for result in _use_all(rows, read_capture).values():
        assert not isinstance(result, PhotoTimeoutError)
        if isinstance(result, PhotoError):
            _check_sentence(str(result))


def test_pixels(rows: list[ManifestRow]) -> None:
    def decode(path: Path) -> tuple[str, int]:
        picture = decode_photo(path, short_side_px=256)
        return picture.mode, min(picture.size)

    for row, result in zip(rows, _use_all(rows, decode).values(), strict=True):
        if isinstance(result, PhotoError):
            assert not isinstance(result, PhotoTimeoutError)
            _check_sentence(str(result))
            assert not _must_open(row), f"{row.path}: {result}"
        else:
            mode, short_side_px = result
            assert mode == "RGB"
            assert short_side_px <= 256


def test_every_file_has_an_identity(rows: list[ManifestRow]) -> None:
    assert all(isinstance(result, str) for result in _use_all(rows, read_content_id).values())


def test_most_valid_files_must_open(photos_dir: Path) -> None:
    assert sum(map(_must_open, read_manifest(photos_dir / "valid"))) > 110


def _must_open(row: ManifestRow) -> bool:
    opens = row.expected.get("opens", "")
    is_read = "Error" not in opens.split(";")[0] or "thumb=" in opens
    return bool(opens) and is_read and row.path.name not in UNREADABLE_THOUGH_VALID


def _check_sentence(text: str) -> None:
    assert text[0].isupper()
    assert text.endswith(".")
    assert "0x" not in text
    assert "Error" not in text
    assert "\n" not in text
