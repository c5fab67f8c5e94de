"""Names for any file system."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.export import Preset, export_name

PLAIN = Preset(name="a", title="A", description="A.", fit="inside")
CROP = PLAIN.model_copy(update={"suffix": "_4x5"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("IMG_1.CR3", "IMG_1.jpg"),
        ("2026/Ana & Luis/IMG_1.jpeg", "IMG_1.jpg"),
        ('a<b>c:d"e|f?g*h\\i.jpg', "a_b_c_d_e_f_g_h_i.jpg"),
        ("cafe\u0301.jpg", "caf\u00e9.jpg"),
        ("写真 #1 été.JPG", "写真 #1 été.jpg"),
        (".hidden.jpg", "hidden.jpg"),
        ("a. .jpg", "a.jpg"),
        ("a.b.jpg", "a.b.jpg"),
        ("con.jpg", "_con.jpg"),
        ("COM1.tar.jpg", "_COM1.tar.jpg"),
        ("lpt\u00b3.jpg", "_lpt\u00b3.jpg"),
        ("console.jpg", "console.jpg"),
        ("caf\udce9.jpg", "caf_.jpg"),
        ("a\tb\x00.jpg", "a_b_.jpg"),
        ("...", "photo.jpg"),
        ("x" * 204 + ".jpg", "x" * 120 + ".jpg"),
    ],
)
def test_names(source: str, expected: str) -> None:
    assert export_name(PurePosixPath(source), PLAIN) == expected


def test_suffix() -> None:
    assert export_name(PurePosixPath("IMG_1.jpg"), CROP) == "IMG_1_4x5.jpg"
    assert export_name(PurePosixPath("nul"), CROP) == "_nul_4x5.jpg"


@given(st.text(min_size=1, max_size=150))
def test_any_name_is_fit_for_any_file_system(text: str) -> None:
    name = export_name(PurePosixPath(text), CROP)
    assert len(name.encode()) <= 143 - len(" (999)")
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not name.startswith((".", " "))
    plain = export_name(PurePosixPath(text), PLAIN)
    assert export_name(PurePosixPath(plain), PLAIN) == plain
