"""Captions and hashtags as they are copied into a post."""

from __future__ import annotations

import pytest

from tagger.export import Caption, write_captions


@pytest.mark.parametrize(
    ("tag", "hashtag"),
    [
        ("reception_room", "#receptionroom"),
        ("Cafe\u0301", "#caf\u00e9"),
        ("\u0393\u03ac\u03bc\u03bf\u03c2", "#\u03b3\u03ac\u03bc\u03bf\u03c2"),  # last sigma
        ("Stra\u00dfe", "#stra\u00dfe"),
        ("\u0130stanbul", "#istanbul"),
        ("\u0936\u093e\u0926\u0940", "#\u0936\u093e\u0926\u0940"),  # signs of vowels stay
        ("bride \u2764\ufe0f", "#bride"),
    ],
)
def test_hashtags_are_spelt_as_people_spell_them(tag: str, hashtag: str) -> None:
    assert write_captions([Caption("a.jpg", (tag,))]).splitlines()[2] == hashtag


def test_no_hashtag_without_a_letter() -> None:
    text = write_captions([Caption("a.jpg", ("\u2764\ufe0f",))], ["!"])
    assert "#" not in text
    assert "All hashtags" not in text
