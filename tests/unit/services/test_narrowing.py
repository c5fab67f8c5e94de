from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.core.query import (
    And,
    ByCamera,
    HasTag,
    InShoot,
    Not,
    Or,
    Query,
    Rated,
    TakenBetween,
    Untagged,
)
from tagger.core.query import Comparison as Compare
from tagger.services import narrowing
from tagger.services.facets import STATES, Facet, facet_of, query_parts, without_facet
from tagger.services.searching import format_query, parse_query

NAMES = ("bride", "bouquet", "cake")
BRIDE, BOUQUET = HasTag("bride"), HasTag("bouquet")
STARS = Rated(Compare.AT_LEAST, 4)
CAMERA, OTHER_CAMERA = ByCamera("Canon EOS R6"), ByCamera("NIKON Z 8")
DAY = TakenBetween(date(2026, 6, 20), date(2026, 6, 20))
CHOICES = (BRIDE, BOUQUET, HasTag("cake"), STARS, CAMERA, OTHER_CAMERA, DAY, *STATES)

CLICKS = (
    narrowing.select_only,
    narrowing.require,
    narrowing.exclude,
    narrowing.offer,
)


def test_selecting_replaces_classes_and_keeps_the_rest() -> None:
    query = And((STARS, BOUQUET, Not(HasTag("cake"))))

    assert narrowing.select_only(query, BRIDE) == And((STARS, BRIDE))
    assert narrowing.select_only(And((STARS, BRIDE)), BRIDE) == STARS
    assert narrowing.select_only(BRIDE, BRIDE) is None


def test_requiring_and_excluding_the_same_class_does_not_contradict() -> None:
    assert narrowing.require(Not(BRIDE), BRIDE) == BRIDE
    assert narrowing.exclude(And((BRIDE, STARS)), BRIDE) == And((STARS, Not(BRIDE)))


def test_offering_joins_the_last_classes_with_or() -> None:
    query = narrowing.offer(And((STARS, BRIDE)), BOUQUET)

    assert query == And((STARS, Or((BRIDE, BOUQUET))))
    assert narrowing.offer(query, BRIDE) == And((STARS, BOUQUET))


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

    assert without_facet(query, Facet.CLASS) == STARS
    assert without_facet(BRIDE, Facet.CLASS) is None


@pytest.mark.parametrize("click", [narrowing.require, narrowing.exclude])
@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CLICKS), st.sampled_from(CHOICES)), max_size=6))
def test_a_second_click_takes_the_first_back(
    click: narrowing.Click, clicks: list[tuple[narrowing.Click, Query]]
) -> None:
    query: Query | None = None
    for other, choice in clicks:
        query = other(query, choice)
    once = click(query, BRIDE)
    wanted = BRIDE if click is narrowing.require else Not(BRIDE)

    assert (wanted in query_parts(once)) is (wanted not in query_parts(query))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CLICKS), st.sampled_from(CHOICES)), max_size=6))
def test_any_clicks_make_a_search_that_reads_back(
    clicks: list[tuple[narrowing.Click, Query]],
) -> None:
    query: Query | None = None
    for click, choice in clicks:
        query = click(query, choice)

    if query is not None:
        assert parse_query(format_query(query), NAMES) == query


def test_two_cameras_can_only_mean_either() -> None:
    query = narrowing.require(And((BRIDE, CAMERA)), OTHER_CAMERA)

    assert query == And((BRIDE, Or((CAMERA, OTHER_CAMERA))))
    assert narrowing.require(query, CAMERA) == And((BRIDE, OTHER_CAMERA))


def test_a_choice_replaces_those_of_its_own_facet_alone() -> None:
    query = And((BRIDE, CAMERA, STARS))

    assert narrowing.select_only(query, OTHER_CAMERA) == And((BRIDE, STARS, OTHER_CAMERA))
    assert narrowing.offer(query, DAY) == And((BRIDE, CAMERA, STARS, DAY))


def test_a_mixture_is_of_no_facet() -> None:
    assert facet_of(Or((BRIDE, CAMERA))) is None
    assert facet_of(Not(Or((CAMERA, OTHER_CAMERA)))) is Facet.CAMERA
