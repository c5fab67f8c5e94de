"""Names of classes as people type them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tagger.core.errors import QueryError
from tagger.core.keywords import class_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORTEST_BEGINNING = 3


class ClassNames:
    """The classes of a library, found in any spelling and by an unambiguous beginning."""

    def __init__(self, names: Iterable[str], earlier: Mapping[str, str] | None = None) -> None:
        """`earlier`: keys of names that classes had before, to those of today."""
        self._by_key = {class_key(name): name for name in names}
        self._earlier = earlier or {}

    def match(self, text: str) -> str | None:
        """The class that this means, else None. A whole name goes before a beginning."""
        key = class_key(text)
        whole = self.match_whole(text)
        if whole is not None:
            return whole
        if len(key) < _SHORTEST_BEGINNING:
            return None
        names = [name for other, name in self._by_key.items() if other.startswith(key)]
        return names[0] if len(names) == 1 else None

    def match_whole(self, text: str) -> str | None:
        """The class that is called this, or was; else None."""
        key = class_key(text)
        return self._by_key.get(key) or self._earlier.get(key)

    def require(self, text: str, position: int) -> str:
        """The class that this means.

        Raises:
            QueryError: there is none, or several begin like that.
        """
        name = self.match(text)
        if name is None:
            raise QueryError(self._explain(text, position), position)
        return name

    def _explain(self, text: str, position: int) -> str:
        sentence = f"There is no class “{text}” (character {position + 1})."
        key = class_key(text)
        near = [name for other, name in self._by_key.items() if key and other.startswith(key)]
        near = near or [
            self._by_key[other] for other in get_close_matches(key, self._by_key, n=3, cutoff=0.5)
        ]
        if near:
            return f"{sentence} Did you mean {' or '.join(near)}?"
        if self._by_key:
            return f"{sentence} There are: {', '.join(self._by_key.values())}."
        return f"{sentence} No classifier has been used yet."
