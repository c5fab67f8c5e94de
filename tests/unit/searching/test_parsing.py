from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.errors import QueryError
from tagger.core.query import (
    And,
    ByCamera,
    Comparison,
    FileMatches,
    Flag,
    HasScore,
    HasState,
    HasTag,
    InFolder,
    InShoot,
    Is,
    Not,
    Or,
    Query,
    Rated,
    SimilarTo,
    StateName,
    TakenBetween,
    TakenDuring,
    Untagged,
    Word,
)
from tagger.services.searching import parse_query

CLASSES = ("bride", "bridesmaid", "bouquet", "reception_room", "details", "dance", "newlyweds")

BRIDE, BOUQUET, ROOM = HasTag("bride"), HasTag("bouquet"), HasTag("reception_room")
FOUR = Rated(Comparison.AT_LEAST, 4)


def _during(first: tuple[int, int, int], last: tuple[int, int, int]) -> TakenDuring:
    return TakenDuring(_at(*first), _at(*last))


def _at(hour: int, minute: int, second: int) -> datetime:
    return datetime.combine(date(2026, 6, 20), time(hour, minute, second))


JUNE_TO_AUGUST = TakenBetween(date(2026, 6, 1), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", None),
        (" \t\n", None),
        ("bouquet AND NOT bride", And((BOUQUET, Not(BRIDE)))),
        ("bouquet and not bride", And((BOUQUET, Not(BRIDE)))),
        ("bouquet -bride", And((BOUQUET, Not(BRIDE)))),
        ("bouquet bride", And((BOUQUET, BRIDE))),
        ("reception room", ROOM),
        ("Bride  RECEPTION\tRoom bouquet", And((BRIDE, ROOM, BOUQUET))),
        ("bride OR reception room", Or((BRIDE, ROOM))),
        ("NOT reception room", Not(ROOM)),
        ("-reception room bouquet", And((Not(ROOM), BOUQUET))),
        ("reception NOT room", And((ROOM, Not(Word("room"))))),
        ("reception AND room", And((ROOM, Word("room")))),
        ("(reception) room", And((ROOM, Word("room")))),
        ("reception room*", And((ROOM, FileMatches("room*")))),
        ("bouquet OR bride dance", Or((BOUQUET, And((BRIDE, HasTag("dance")))))),
        ("(bouquet OR bride) dance", And((Or((BOUQUET, BRIDE)), HasTag("dance")))),
        ("(bouquet bride) dance", And((BOUQUET, BRIDE, HasTag("dance")))),
        ("NOT (bride OR bouquet)", Not(Or((BRIDE, BOUQUET)))),
        ("NOT NOT bride", Not(Not(BRIDE))),
        ("(((bride)))", BRIDE),
        ("(reception OR details) rating:>=4", And((Or((ROOM, HasTag("details"))), FOUR))),
        ("Reception-Room", ROOM),
        ("recep", ROOM),
        ("re", Word("re")),
        ("bride", BRIDE),
        ("brides", HasTag("bridesmaid")),
        ("bri", Word("bri")),
        ('"bride"', Word("bride")),
        ('"Ana & Luis"', Word("Ana & Luis")),
        (r'"a \"b\" \\ \c"', Word('a "b" \\ \\c')),
        ("android", Word("android")),
        ("ordinary notes", And((Word("ordinary"), Word("notes")))),
        ("IMG_0001.jpg", Word("IMG_0001.jpg")),
        ("12:30", Word("12:30")),
        ("a-b", Word("a-b")),
        ("IMG_1*", FileMatches("IMG_1*")),
        ("untagged", Untagged()),
        ('"untagged"', Word("untagged")),
        ("tag:reception", ROOM),
        ('tag:"Reception Room"', ROOM),
        ("score(bride):>0.8", HasScore("bride", Comparison.MORE, 0.8)),
        ("SCORE(reception room):<=1", HasScore("reception_room", Comparison.AT_MOST, 1.0)),
        ("score(bride):0.5", HasScore("bride", Comparison.EQUAL, 0.5)),
        ("state:unsure", HasState(StateName.UNSURE)),
        ("state:Rejected", HasState(StateName.REJECTED)),
        ("state(bride):corrected", HasState(StateName.CORRECTED, "bride")),
        ("rating:5", Rated(Comparison.EQUAL, 5)),
        ("Rating:<0", Rated(Comparison.LESS, 0)),
        ("rating:-1", Rated(Comparison.EQUAL, -1)),
        ("taken:2026-06..2026-08", JUNE_TO_AUGUST),
        ("taken:2026-06-20", TakenBetween(date(2026, 6, 20), date(2026, 6, 20))),
        ("taken:2024-2", TakenBetween(date(2024, 2, 1), date(2024, 2, 29))),
        ("taken:2026", TakenBetween(date(2026, 1, 1), date(2026, 12, 31))),
        ("taken:2026..", TakenBetween(date(2026, 1, 1), None)),
        ("taken:2026-06-20T14..2026-06-20T16", _during((14, 0, 0), (16, 59, 59))),
        ("taken:2026-6-20t14:30..2026-06-20T15:05:07", _during((14, 30, 0), (15, 5, 7))),
        ("taken:2026-06-20T14", _during((14, 0, 0), (14, 59, 59))),
        ("taken:2026-06-20T14..2026-06-20", _during((14, 0, 0), (23, 59, 59))),
        ("taken:..2026-06-20T14:30", TakenDuring(None, _at(14, 30, 59))),
        ("taken:..2026", TakenBetween(None, date(2026, 12, 31))),
        ('folder:"2026/Ana & Luis"', InFolder("2026/Ana & Luis")),
        ("folder: or", InFolder("or")),
        ("shoot:2026*", InShoot("2026*")),
        ("camera:canon", ByCamera("canon")),
        ("file:*.cr3", FileMatches("*.cr3")),
        ("is:offline", Is(Flag.OFFLINE)),
        ("similar:12", SimilarTo("12")),
    ],
)
def test_what_a_text_means(text: str, query: Query | None) -> None:
    assert parse_query(text, CLASSES) == query


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("bride AND", 6, "missing after “AND”"),
        ("OR bride", 0, "missing before “OR”"),
        ("bride AND OR cake", 10, "missing before “OR”"),
        ("NOT", 0, "missing after “NOT”"),
        ("bride (cake", 6, "This bracket is not closed (character 7)"),
        ('"(" (', 4, "This bracket is not closed (character 5)"),
        ("bride)", 5, "nothing for this closing bracket"),
        ("()", 1, "missing before “)”"),
        ('bride "cake', 6, "quotation mark is not closed"),
        ('bride ""', 6, "nothing between these quotation marks"),
        ("bride colour:red", 6, "no search for “colour:”"),
        ("tag:xyz", 4, "There are: bride"),
        ("tag:brid", 4, "Did you mean bride or bridesmaid"),
        ("score(groom):1", 6, "no class “groom”"),
        ("score(bride):2", 13, "from 0 to 1"),
        ("score(bride):nan", 13, "from 0 to 1"),
        ("score(bride):high", 13, "from 0 to 1"),
        ("score(bride)", 11, "followed by a colon"),
        ("score(bride", 5, "bracket is not closed"),
        ("state:happy", 6, "unsure, predicted, confirmed, corrected, rejected"),
        ("is:happy", 3, "offline, failed, conflict, pending"),
        ("rating:6", 7, "from 0 to 5"),
        ("rating:>", 7, "from 0 to 5"),
        ("rating:", 0, "missing after “rating:”"),
        ("rating:(4)", 7, "value is missing before “(”"),
        ('folder:" "', 7, "needs something after it"),
        ("taken:2026-13", 6, "no date"),
        ("taken:2026-02-30", 6, "no date"),
        ("taken:0000", 6, "no date"),
        ("taken:2026-06-20T25", 6, "no time"),
        ("taken:2026-06-20T15..2026-06-20T14", 6, "before the first"),
        ("taken:June", 6, "no date"),
        ("taken:..", 6, "needs a day"),
        ("taken:2026..2025", 6, "before the first"),
    ],
)
def test_errors_name_the_place(text: str, position: int, sentence: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text, CLASSES)

    assert caught.value.position == position
    assert sentence in str(caught.value)
    assert f"(character {position + 1})" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000, "NOT " * 900 + "bride", "-(" * 900 + "bride" + ")" * 900, "word " * 300],
    ids=["long", "nots", "brackets", "words"],
)
def test_what_no_person_types_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse_query(text, CLASSES)


def test_many_brackets_around_one_word_are_harmless() -> None:
    assert parse_query("(" * 1_900 + "bride" + ")" * 1_900, CLASSES) == BRIDE


def test_without_classes_every_word_is_text() -> None:
    assert parse_query("bride", ()) == Word("bride")
    with pytest.raises(QueryError, match="No classifier"):
        parse_query("tag:bride", ())


PIECES = (
    *("bride", "AND", "or", "NOT", "-", "(", ")", '"', "\\", ":", "score(", "):", "rating:"),
    *(">=", "4", " "),
)


def _refusal(text: str) -> QueryError | None:
    try:
        parse_query(text, CLASSES)
    except QueryError as error:
        return error
    return None


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_understood_or_refused_with_a_place(text: str) -> None:
    error = _refusal(text)

    if error is not None:
        assert 0 <= error.position <= len(text)
        assert str(error).endswith((".", "?"))
