"""What a search can be narrowed by beside its text: classes, days, ratings, cameras, states.

The counts beside the choices of one facet follow the search without what it says of this facet:
they tell what a click would leave.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from tagger.core.query import (
    And,
    ByCamera,
    Comparison,
    Flag,
    HasState,
    HasTag,
    Is,
    Not,
    Or,
    Rated,
    StateName,
    TakenBetween,
    TakenDuring,
    Untagged,
    all_of,
)
from tagger.library.facets import FacetQuestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.query import Query


class Facet(StrEnum):
    """One kind of choice."""

    CLASS = "class"
    RATING = "rating"
    DATE = "date"
    CAMERA = "camera"
    STATE = "state"

    @property
    def holds_one_value(self) -> bool:
        """Whether a photo has one value at most, so that two of them can only mean either."""
        return self in {Facet.RATING, Facet.DATE, Facet.CAMERA}


RATINGS: tuple[Query, ...] = (
    Rated(Comparison.EQUAL, 5),
    *(Rated(Comparison.AT_LEAST, stars) for stars in (4, 3, 2, 1)),
    Rated(Comparison.EQUAL, 0),
    Rated(Comparison.EQUAL, -1),
)
STATES: tuple[Query, ...] = (
    HasState(StateName.UNSURE),
    HasState(StateName.CONFIRMED),
    Untagged(),
    Is(Flag.PENDING),
    Is(Flag.FAILED),
    Is(Flag.CONFLICT),
    Is(Flag.OFFLINE),
)

_FACETS: dict[type, Facet] = {
    HasTag: Facet.CLASS,
    Rated: Facet.RATING,
    TakenBetween: Facet.DATE,
    TakenDuring: Facet.DATE,
    ByCamera: Facet.CAMERA,
    HasState: Facet.STATE,
    Untagged: Facet.STATE,
    Is: Facet.STATE,
}


def facet_of(query: Query) -> Facet | None:
    """The one facet that this part of a search is about: a choice, several with OR, or NOT."""
    if isinstance(query, Or):
        facets = {facet_of(part) for part in query.parts}
        return facets.pop() if len(facets) == 1 else None
    if isinstance(query, Not):
        return facet_of(query.part)
    return _FACETS.get(type(query))


def query_parts(query: Query | None) -> tuple[Query, ...]:
    """What has to hold together: the chips above the photos."""
    if query is None:
        return ()
    return query.parts if isinstance(query, And) else (query,)


def join_parts(parts: Sequence[Query]) -> Query | None:
    """The reverse of `query_parts`."""
    return all_of(*parts) if parts else None


def without_facet(query: Query | None, facet: Facet) -> Query | None:
    """The search without what it says of a facet: what its counts follow."""
    return join_parts([part for part in query_parts(query) if facet_of(part) is not facet])


def ask_counts(query: Query | None) -> FacetQuestion:
    """What to count beside ratings, days, cameras and states, in the order of the constants."""
    ratings = without_facet(query, Facet.RATING)
    states = without_facet(query, Facet.STATE)
    return FacetQuestion(
        days=without_facet(query, Facet.DATE),
        cameras=without_facet(query, Facet.CAMERA),
        choices=(
            *((ratings, choice) for choice in RATINGS),
            *((states, choice) for choice in STATES),
        ),
    )
