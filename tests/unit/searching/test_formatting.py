from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.query import (
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
    Posted,
    Query,
    Rated,
    SimilarTo,
    StateName,
    TakenBetween,
    TakenDuring,
    Untagged,
    Word,
    all_of,
    any_of,
)
from tagger.services.searching import format_query, parse_query

if TYPE_CHECKING:
    from datetime import date, datetime

CLASSES = ("bride", "bridesmaid", "reception_room", "first kiss", 'the "AND"', "or", "(x)", "ça")

classes = st.sampled_from(CLASSES)
comparisons = st.sampled_from(Comparison)
texts = st.text(min_size=1, max_size=12)
spoken = texts.filter(lambda text: text.strip() != "")
days = st.dates()
moments = st.datetimes().map(lambda moment: moment.replace(microsecond=0))


def _between(first: date, last: date) -> TakenBetween:
    return TakenBetween(min(first, last), max(first, last))


def _during(first: datetime, last: datetime) -> TakenDuring:
    return TakenDuring(min(first, last), max(first, last))


clauses: st.SearchStrategy[Query] = st.one_of(
    st.builds(HasTag, classes),
    st.builds(HasScore, classes, comparisons, st.floats(0, 1)),
    st.builds(HasState, st.sampled_from(StateName), st.none() | classes),
    st.just(Untagged()),
    st.builds(Posted, st.none() | st.integers(0, 999_999)),
    st.builds(Word, texts),
    st.builds(Rated, comparisons, st.integers(-1, 5)),
    st.builds(_between, days, days),
    st.builds(TakenBetween, days, st.none()),
    st.builds(TakenBetween, st.none(), days),
    st.builds(_during, moments, moments),
    st.builds(TakenDuring, moments, st.none()),
    st.builds(InFolder, spoken),
    st.builds(InShoot, spoken),
    st.builds(ByCamera, spoken),
    st.builds(FileMatches, spoken),
    st.builds(Is, st.sampled_from(Flag)),
    st.builds(SimilarTo, spoken),
)


def _combine(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda chosen: all_of(*chosen)),
        several.map(lambda chosen: any_of(*chosen)),
        parts.map(Not),
    )


queries = st.recursive(clauses, _combine, max_leaves=12)


@given(queries)
def test_a_formatted_search_means_the_same(query: Query) -> None:
    assert parse_query(format_query(query), CLASSES) == query


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        ("bride reception", "tag:bride AND tag:reception_room"),
        ("(bride OR cake) -rating:<3", '(tag:bride OR "cake") AND NOT rating:<3'),
        ("taken:2026-06", "taken:2026-06-01..2026-06-30"),
        ("taken:2026-06-20", "taken:2026-06-20"),
        ('folder:"2026/Ana & Luis"', 'folder:"2026/Ana & Luis"'),
        ("score(first kiss):>=0.5", 'score("first kiss"):>=0.5'),
        ("state(bride):unsure", "state(bride):unsure"),
    ],
)
def test_formatted_searches_are_readable(text: str, formatted: str) -> None:
    query = parse_query(text, CLASSES)

    assert query is not None
    assert format_query(query) == formatted
