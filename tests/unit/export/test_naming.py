"""Names for any file system."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.export import EXAMPLE, NameFields, check_template, export_name

PLAIN, CROP = "{name}", "{name}_4x5"


def _name(source: str, template: str) -> str:
    return export_name(template, NameFields(PurePosixPath(source).stem)) + ".jpg"


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
    assert _name(source, PLAIN) == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{date}_{class}_{n}", "bride_01"),
        ("{class}_{date}_{n}", "bride_01"),
        ("{n} - {shoot}", "01"),
        ("{shoot}{camera}_{n}_", "01_"),
        ("_{n}", "_01"),
        ("{date}", "photo"),
    ],
)
def test_an_empty_field_takes_its_separator_along(template: str, expected: str) -> None:
    assert export_name(template, NameFields("IMG_1", tag="bride")) == expected


def test_suffix() -> None:
    assert _name("IMG_1.jpg", CROP) == "IMG_1_4x5.jpg"
    assert _name("nul", CROP) == "nul_4x5.jpg"


@given(st.text(min_size=1, max_size=150))
def test_any_name_is_fit_for_any_file_system(text: str) -> None:
    name = _name(text, CROP)
    assert len(name.encode()) <= 143 - len(" (999)")
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not name.startswith((".", " "))
    plain = _name(text, PLAIN)
    assert _name(plain, PLAIN) == plain


def test_every_field_of_a_template() -> None:
    template = "{date} {time} {class} {shoot} {camera} {stars} {preset} {n} {name}"
    assert export_name(template, EXAMPLE) == (
        "2026-06-20 15-04-05 bouquet 2026-06-20 Ana & Luis Canon EOS R6 5 instagram-4x5 03 IMG_0412"
    )


def test_what_is_not_known_leaves_no_gap_in_the_name() -> None:
    assert export_name("{date}", NameFields("IMG_1")) == "photo"
    assert export_name("{class}_{n}", NameFields("IMG_1", number=7, count=1200)) == "photo_0007"


def test_a_shoot_with_a_slash_makes_no_folder() -> None:
    fields = NameFields("a", shoot="2026/Ana", taken_at=datetime(2026, 6, 20))  # noqa: DTZ001
    assert export_name("{shoot}/{date}/{name}", fields) == "2026_Ana_2026-06-20_a"


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{nmae}", "there is no {nmae}"),
        ("{name", "no partner"),
        ("{0}", "there is no {0}"),
        ("{name.__class__}", "there is no"),
        ("{n:>9999999999}", "there is no"),
        ("{name!r}", "there is no"),
        ("  ", "at least one"),
    ],
)
def test_a_template_that_makes_no_sense(template: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        check_template(template)
