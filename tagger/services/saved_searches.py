"""Searches that people give a name, to find the same kind of photos again with one word."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tagger.core.errors import QueryError, WrongUseError
from tagger.core.names import fold_name
from tagger.library import SavedSearch
from tagger.services.searching import format_query, parse_query
from tagger.services.searching.classes import ClassNames

if TYPE_CHECKING:
    from tagger.core.query import Query
    from tagger.library import Library

_LONGEST_NAME = 80


def understand_query(library: Library, text: str) -> Query | None:
    """What a search text means in this library; None for an empty one, which finds everything.

    Raises:
        QueryError: the text can't be understood; its `position` is the place.
    """
    classes = ClassNames([tag.name for tag in library.tags()], library.renamed_tags())
    saved = {search.name: search.query for search in library.saved_searches()}
    return parse_query(text, classes, saved)


def list_searches(library: Library) -> list[SavedSearch]:
    """Every saved search, by name."""
    return library.saved_searches()


def save_search(library: Library, name: str, text: str) -> SavedSearch:
    """Keep a search under a name, in place of one that has it already, in any case.

    The text is kept as it is understood now, with `tag:` before each class and with other saved
    searches written out, so that it means the same whatever classes and searches come later.

    Raises:
        WrongUseError: the name can't be one, or the search is empty, or too long with those that it
            is made of.
        QueryError: the text can't be understood; its `position` is the place.
    """
    query = understand_query(library, text)
    if query is None:
        raise WrongUseError("An empty search finds every photo and needs no name.")
    search = SavedSearch(_check_name(name), format_query(query))
    _refuse_excess(library, search.query)
    library.save_search(search)
    return search


def rename_search(library: Library, name: str, new_name: str) -> SavedSearch:
    """Give a saved search another name; what it means stays.

    Raises:
        WrongUseError: there is none of this name, the new one can't be one, or is taken.
    """
    old = find_search(library, name)
    search = SavedSearch(_check_name(new_name), old.query)
    searches = {fold_name(one.name): one for one in library.saved_searches()}
    taken = searches.get(fold_name(search.name))
    if taken is not None and taken.name != old.name:
        raise WrongUseError(f"There is a saved search “{taken.name}” already. Take another name.")
    library.save_search(search)
    if taken is None:
        library.remove_saved_search(old.name)
    return search


def find_search(library: Library, name: str) -> SavedSearch:
    """The saved search of this name, in any case.

    Raises:
        WrongUseError: there is none of this name; the sentence offers near ones.
    """
    for search in library.saved_searches():
        if fold_name(search.name) == fold_name(name.strip()):
            return search
    raise _unknown(library, name)


def remove_search(library: Library, name: str) -> None:
    """Forget a saved search; its photos and their tags stay as they are.

    Raises:
        WrongUseError: there is none of this name; the sentence offers near ones.
    """
    library.remove_saved_search(find_search(library, name).name)


def _unknown(library: Library, name: str) -> WrongUseError:
    names = [search.name for search in library.saved_searches()]
    near = get_close_matches(name, names, n=3, cutoff=0.5) or names
    hint = f"Did you mean {' or '.join(near)}?" if near else "None has been saved yet."
    return WrongUseError(f"There is no saved search “{name}”. {hint}")


def _refuse_excess(library: Library, text: str) -> None:
    """Accept a text that is understood again, with other saved searches written out in it."""
    try:
        understand_query(library, text)
    except QueryError as error:
        raise WrongUseError(
            "With the saved searches in it this search is too long to be kept. Use fewer of them."
        ) from error


def _check_name(name: str) -> str:
    """The name as one line without space around it."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name:
        raise WrongUseError("A saved search needs a name.")
    if len(name) > _LONGEST_NAME:
        raise WrongUseError(f"The name of a saved search has at most {_LONGEST_NAME} characters.")
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in name):
        raise WrongUseError("The name of a saved search is one line of text.")
    return name
