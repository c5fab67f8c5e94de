from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.core.query import And, HasTag, InShoot, Not, Or, Query, Rated, Untagged
from tagger.core.query import Comparison as Compare
from tagger.services import narrowing
from tagger.services.browsing import query_parts, without_classes
from tagger.services.searching import format_query, parse_query

NAMES = ("bride", "bouquet", "cake")
BRIDE, BOUQUET = HasTag("bride"), HasTag("bouquet")
STARS = Rated(Compare.AT_LEAST, 4)

CLICKS = (
    narrowing.select_class,
    narrowing.require_class,
    narrowing.exclude_class,
    narrowing.offer_class,
)


def test_selecting_replaces_classes_and_keeps_the_rest() -> None:
    query = And((STARS, BOUQUET, Not(HasTag("cake"))))

    assert narrowing.select_class(query, "bride") == And((STARS, BRIDE))
    assert narrowing.select_class(And((STARS, BRIDE)), "bride") == STARS
    assert narrowing.select_class(BRIDE, "bride") is None


def test_requiring_and_excluding_the_same_class_does_not_contradict() -> None:
    assert narrowing.require_class(Not(BRIDE), "bride") == BRIDE
    assert narrowing.exclude_class(And((BRIDE, STARS)), "bride") == And((STARS, Not(BRIDE)))


def test_offering_joins_the_last_classes_with_or() -> None:
    query = narrowing.offer_class(And((STARS, BRIDE)), "bouquet")

    assert query == And((STARS, Or((BRIDE, BOUQUET))))
    assert narrowing.offer_class(query, "bride") == And((STARS, BOUQUET))


def test_one_place_at_a_time() -> None:
    query = narrowing.choose_place(And((BRIDE, InShoot("a"))), InShoot("b"))

    assert query == And((BRIDE, InShoot("b")))
    assert narrowing.choose_place(query, None) == BRIDE


def test_a_chip_is_one_part() -> None:
    query = And((BRIDE, STARS, Untagged()))

    assert narrowing.drop_part(query, 1) == And((BRIDE, Untagged()))
    assert narrowing.drop_part(BRIDE, 0) is None


def test_counts_follow_what_is_not_about_classes() -> None:
    query = And((Or((BRIDE, BOUQUET)), Not(HasTag("cake")), STARS))

    assert without_classes(query) == STARS
    assert without_classes(BRIDE) is None


@pytest.mark.parametrize("click", [narrowing.require_class, narrowing.exclude_class])
@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CLICKS), st.sampled_from(NAMES)), max_size=6))
def test_a_second_click_takes_the_first_back(
    click: narrowing.Click, clicks: list[tuple[narrowing.Click, str]]
) -> None:
    query: Query | None = None
    for other, name in clicks:
        query = other(query, name)
    once = click(query, "bride")
    wanted = BRIDE if click is narrowing.require_class else Not(BRIDE)

    assert (wanted in query_parts(once)) is (wanted not in query_parts(query))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CLICKS), st.sampled_from(NAMES)), max_size=6))
def test_any_clicks_make_a_search_that_reads_back(
    clicks: list[tuple[narrowing.Click, str]],
) -> None:
    query: Query | None = None
    for click, name in clicks:
        query = click(query, name)

    if query is not None:
        assert parse_query(format_query(query), NAMES) == query
