"""Changing a search by parts: what a click on a class, a folder or a chip means."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tagger.core.query import InFolder, InShoot, Not, Or, Query, any_of
from tagger.services.facets import facet_of, join_parts, query_parts

Click: TypeAlias = Callable[[Query | None, Query], Query | None]
"""What a click on a choice, a class or a day or a camera, makes of the search."""


def select_only(query: Query | None, choice: Query) -> Query | None:
    """Only this one of its facet, with the rest of the search kept; a second time out again."""
    parts = query_parts(query)
    facet = facet_of(choice)
    others = [part for part in parts if facet_of(part) is not facet]
    chosen = [part for part in parts if facet_of(part) is facet]
    return join_parts(others if chosen == [choice] else [*others, choice])


def require(query: Query | None, choice: Query) -> Query | None:
    """This one as well (AND); a second time takes it out again.

    Where a photo has one value at most, as with days and cameras, it can only mean either.
    """
    facet = facet_of(choice)
    if facet is not None and facet.holds_one_value:
        return offer(query, choice)
    return _toggle(_without(query, Not(choice)), choice)


def exclude(query: Query | None, choice: Query) -> Query | None:
    """Everything but this one; a second time takes that out again."""
    return _toggle(_without(query, choice), Not(choice))


def offer(query: Query | None, choice: Query) -> Query | None:
    """This one or those of its facet that were asked for last (OR); a second time out again."""
    parts = list(query_parts(query))
    for place in reversed(range(len(parts))):
        part = parts[place]
        choices: tuple[Query, ...] = part.parts if isinstance(part, Or) else (part,)
        if not all(_is_alike(other, choice) for other in choices):
            continue
        kept: list[Query] = [other for other in choices if other != choice]
        chosen = kept if len(kept) < len(choices) else [*choices, choice]
        joined = [any_of(*chosen)] if chosen else []
        return join_parts([*parts[:place], *joined, *parts[place + 1 :]])
    return join_parts([*parts, choice])


def choose_place(query: Query | None, place: Query | None) -> Query | None:
    """In this folder or shoot instead of another; None for the whole library."""
    others = [part for part in query_parts(query) if not isinstance(part, InFolder | InShoot)]
    return join_parts(others if place is None else [*others, place])


def drop_part(query: Query | None, place: int) -> Query | None:
    """Without the part at this place of `query_parts`."""
    parts = list(query_parts(query))
    del parts[place]
    return join_parts(parts)


def _toggle(query: Query | None, part: Query) -> Query | None:
    parts = list(query_parts(query))
    return join_parts([kept for kept in parts if kept != part] if part in parts else [*parts, part])


def _without(query: Query | None, part: Query) -> Query | None:
    return join_parts([kept for kept in query_parts(query) if kept != part])


def _is_alike(part: Query, choice: Query) -> bool:
    return not isinstance(part, Not) and facet_of(part) is facet_of(choice)
