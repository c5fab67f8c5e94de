from __future__ import annotations

import pytest

from tagger.core.errors import WrongUseError
from tagger.services.reviewing import Mark, Sign, parse_mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("+bouquet", Mark(Sign.CONFIRM, "bouquet")),
        ("-wedding party", Mark(Sign.REJECT, "wedding party")),
        ("=none", Mark(Sign.REPLACE, "none")),
    ],
)
def test_marks_read_and_print_alike(text: str, mark: Mark) -> None:
    assert parse_mark(text) == mark
    assert str(mark) == text


@pytest.mark.parametrize("text", ["", "+", "bouquet", "~bouquet"])
def test_what_is_no_mark_is_refused(text: str) -> None:
    with pytest.raises(WrongUseError, match="is no mark"):
        parse_mark(text)
