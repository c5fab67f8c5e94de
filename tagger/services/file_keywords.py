"""Learning from the keywords that photographers gave with other programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.keywords import class_key, keyword_key, last_key
from tagger.library import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import TagId
    from tagger.core.tag import Tag
    from tagger.library import FileKeyword, Library

NO_CLASS = "none"
"""Said instead of a class: the keyword means what its own name says again."""


@dataclass(frozen=True)
class KeywordMatch:
    """A keyword found in files, and the class that it means.

    Attributes:
        keyword: as most files spell it; a path with `|`.
        class_name: None where no class has this name; `tagger` then learns nothing from it.
        photos: how many have it.
    """

    keyword: str
    class_name: str | None
    photos: int


def match_keywords(library: Library, chosen: Mapping[str, str]) -> list[KeywordMatch]:
    """Every keyword in the library's files with the class it means, the most frequent first.

    A keyword means the class of the same name, or whose keyword it is, in any spelling; `chosen`
    adds others to those remembered, `{"Braut": "bride"}`, or takes one back, `{"Braut": "none"}`.
    What this program wrote itself is left out. Paths are left out as well, for their last name
    stands beside them, unless they were chosen or are the keyword of another class than that name.

    Raises:
        WrongUseError: a chosen class does not exist.
    """
    tags = library.tags()
    by_key = _merge_mapping(library, chosen)
    return [
        KeywordMatch(one.text, by_key.get(one.key) or _find_class(one, tags), one.photos)
        for one in library.foreign_keywords()
        if "|" not in one.text or one.key in by_key or _is_told_apart(one, tags)
    ]


def remember_mapping(library: Library, chosen: Mapping[str, str]) -> None:
    """Keep what keywords mean for the next time.

    Raises:
        WrongUseError: a chosen class does not exist.
    """
    if chosen:
        library.change_setting(MEANINGS, json.dumps(_merge_mapping(library, chosen)))


def _merge_mapping(library: Library, chosen: Mapping[str, str]) -> dict[str, str]:
    """Keys of keywords to names of classes that there are: remembered ones, then the chosen."""
    names = library.renamed_tags() | {class_key(tag.name): tag.name for tag in library.tags()}
    remembered = json.loads(library.setting(MEANINGS) or "{}")
    by_key = {
        key: names[class_key(name)] for key, name in remembered.items() if class_key(name) in names
    }
    for word, name in chosen.items():
        if name.strip().lower() == NO_CLASS:
            by_key.pop(keyword_key(word), None)
        else:
            by_key[keyword_key(word)] = library.find_tag(name).name
    return by_key


def learn_keywords(library: Library, matches: Sequence[KeywordMatch]) -> Changes:
    """Confirm the classes on all photos that have the keywords, as one step undo takes back.

    They count as the file's word: `tagger train` learns from them, a person's decision stays
    whatever the file says, and no file is written for them.
    """
    classes: dict[str, TagId] = {
        keyword_key(one.keyword): library.find_tag(one.class_name).id
        for one in matches
        if one.class_name is not None
    }
    return library.learn_keywords(classes, label="keywords in the files")


def _find_class(keyword: FileKeyword, tags: Sequence[Tag]) -> str | None:
    return _find_whole(keyword.key, tags) if "|" in keyword.text else _find_named(keyword.key, tags)


def _is_told_apart(path: FileKeyword, tags: Sequence[Tag]) -> bool:
    """Whether a path is the keyword of another class than the one that its last name means."""
    whole = _find_whole(path.key, tags)
    return whole is not None and whole != _find_named(last_key(path.key), tags)


def _find_whole(key: str, tags: Sequence[Tag]) -> str | None:
    found = (tag.name for tag in tags if keyword_key("|".join(tag.keyword_path)) == key)
    return next(found, None)


def _find_named(key: str, tags: Sequence[Tag]) -> str | None:
    named = (tag.name for tag in tags if class_key(tag.name) == class_key(key))
    written = (tag.name for tag in tags if keyword_key(tag.keyword_path[-1]) == key)
    return next(named, None) or next(written, None)
