"""Changing a search by parts: what a click on a class, a folder or a chip means."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from tagger.core.query import HasTag, InFolder, InShoot, Not, Or, Query, all_of, any_of
from tagger.services.browsing import is_about_classes, query_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

Click: TypeAlias = Callable[[Query | None, str], Query | None]
"""What a click on a class makes of the search."""


def select_class(query: Query | None, name: str) -> Query | None:
    """Only this class, with the rest of the search kept; a second time takes it out again."""
    others = [part for part in query_parts(query) if not is_about_classes(part)]
    classes = [part for part in query_parts(query) if is_about_classes(part)]
    return _join(others if classes == [HasTag(name)] else [*others, HasTag(name)])


def require_class(query: Query | None, name: str) -> Query | None:
    """This class as well (AND); a second time takes it out again."""
    return _toggle(_without(query, Not(HasTag(name))), HasTag(name))


def exclude_class(query: Query | None, name: str) -> Query | None:
    """Everything but this class; a second time takes that out again."""
    return _toggle(_without(query, HasTag(name)), Not(HasTag(name)))


def offer_class(query: Query | None, name: str) -> Query | None:
    """This class or those that were asked for last (OR); a second time takes it out again."""
    parts = list(query_parts(query))
    for place in reversed(range(len(parts))):
        part = parts[place]
        choices: tuple[Query, ...] = part.parts if isinstance(part, Or) else (part,)
        if not all(isinstance(choice, HasTag) for choice in choices):
            continue
        kept: list[Query] = [choice for choice in choices if choice != HasTag(name)]
        chosen = kept if len(kept) < len(choices) else [*choices, HasTag(name)]
        joined = [any_of(*chosen)] if chosen else []
        return _join([*parts[:place], *joined, *parts[place + 1 :]])
    return _join([*parts, HasTag(name)])


def choose_place(query: Query | None, place: Query | None) -> Query | None:
    """In this folder or shoot instead of another; None for the whole library."""
    others = [part for part in query_parts(query) if not isinstance(part, InFolder | InShoot)]
    return _join(others if place is None else [*others, place])


def drop_part(query: Query | None, place: int) -> Query | None:
    """Without the part at this place of `query_parts`."""
    parts = list(query_parts(query))
    del parts[place]
    return _join(parts)


def _toggle(query: Query | None, part: Query) -> Query | None:
    parts = list(query_parts(query))
    return _join([kept for kept in parts if kept != part] if part in parts else [*parts, part])


def _without(query: Query | None, part: Query) -> Query | None:
    return _join([kept for kept in query_parts(query) if kept != part])


def _join(parts: Sequence[Query]) -> Query | None:
    return all_of(*parts) if parts else None
