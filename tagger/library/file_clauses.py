"""Search clauses on files: names, folders, keywords, capture data, states.

A clause finds files, shown or not, companions too.
"""

from __future__ import annotations

import operator
import os
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.names import fold_name
from tagger.core.query import (
    ByCamera,
    Comparison,
    FileMatches,
    Flag,
    InFolder,
    InShoot,
    Is,
    Rated,
    TakenBetween,
    TakenDuring,
    Word,
)
from tagger.library.doubts import DOUBTFUL
from tagger.library.path_text import encode_path
from tagger.library.revisions import Subject
from tagger.library.rows import pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.library.found_ids import Ids, Search

_WRITTEN = """
    FROM photos WHERE tag_rev = written_rev AND id IN (
        SELECT w.photo_id FROM written_keywords w
        JOIN file_keywords f ON f.photo_id = w.photo_id AND f.key = w.key
    )
"""
_KEYWORDED = "FROM file_keywords WHERE key IN (SELECT value FROM json_each(?))"
_KEYWORDED_ALSO = """
    FROM file_keywords WHERE photo_id IN (
        SELECT photo_id FROM file_keywords WHERE key IN (SELECT value FROM json_each(?1))
    )
    AND key NOT IN (SELECT value FROM json_each(?1))
"""
"""Photos that have some of these keywords and another one."""
_FEW_OTHERS = 0.1
"""Share of keywords that don't fit, up to which the photos that have any are read instead."""
_COMPARISONS: dict[Comparison, Callable[[int, int], bool]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}
_FLAGS = {
    Flag.FAILED: "FROM photos WHERE error IS NOT NULL OR write_state IS NOT NULL",
    # The first half is in the words of the index `photos_failed`.
    Flag.CONFLICT: (
        "FROM photos WHERE (error IS NOT NULL OR write_state IS NOT NULL) "
        "AND write_state = 'conflict'"
    ),
    Flag.PENDING: "FROM photos WHERE tag_rev > written_rev AND missing_since IS NULL",
    Flag.WRITTEN: _WRITTEN,
    Flag.RAW: "FROM photos WHERE format = 'raw'",
    Flag.MISSING: "FROM photos WHERE missing_since IS NOT NULL",
    Flag.DOUBTFUL: DOUBTFUL,
}


def _find_word(clause: Word, search: Search) -> Ids:
    text = fold_name(encode_path(clause.text))
    names = "FROM photos INDEXED BY photos_by_name WHERE instr(name_key, ?)"
    return np.concatenate(
        [
            search.read_kept(Subject.FILES, "id", names, text),
            _find_dirs(search, lambda path: text in path),
            _find_keyworded(search, text),
        ]
    )


def _find_keyworded(search: Search, text: str) -> Ids:
    """Photos with a keyword that the text is a part of."""
    keys = search.distinct("file_keywords", "key")
    others = [key for key in keys if text not in key]
    if len(others) > _FEW_OTHERS * len(keys):
        fitting = [key for key in keys if text in key]
        return search.read_kept(Subject.KEYWORDS, "photo_id", _KEYWORDED, pack(fitting))
    # Most keywords fit: it is faster to ask which photos have any, less those with others alone.
    any_keyword = "FROM (SELECT DISTINCT photo_id FROM file_keywords)"
    keyworded = search.mask(search.read_kept(Subject.KEYWORDS, "photo_id", any_keyword))
    keyworded[search.read_kept(Subject.KEYWORDS, "photo_id", _KEYWORDED, pack(others))] = False
    both = search.read_kept(Subject.KEYWORDS, "photo_id", _KEYWORDED_ALSO, pack(others))
    return np.concatenate([np.flatnonzero(keyworded), both])


def _find_file(clause: FileMatches, search: Search) -> Ids:
    source = "FROM photos INDEXED BY photos_by_name WHERE name_key GLOB ?"
    return search.read_kept(
        Subject.FILES, "id", source, _escape(fold_name(encode_path(clause.pattern)))
    )


def _find_folder(clause: InFolder, search: Search) -> Ids:
    """Whole names, one below the other, anywhere in the path."""
    wanted = fold_name(encode_path(clause.text)).strip("/")
    if _has_wildcard(wanted):
        return _find_dirs(search, lambda path: fnmatchcase(f"/{path}/", f"*/{_escape(wanted)}/*"))
    return _find_dirs(search, lambda path: f"/{wanted}/" in f"/{path}/")


def _find_dirs(search: Search, fits: Callable[[str], bool]) -> Ids:
    """Photos in the folders whose absolute path fits, folded and with `/` between the names."""
    roots = search.db.execute("SELECT id, path FROM folders").fetchall()
    dirs = search.distinct("photos", "dir")
    found = [np.empty(0, dtype=np.int64)]
    for folder_id, root in roots:
        base = root.replace(os.sep, "/").strip("/")
        fitting = [path for path in dirs if fits(fold_name(f"{base}/{path}".strip("/")))]
        if fitting:
            source = "FROM photos WHERE folder_id = ? AND dir IN (SELECT value FROM json_each(?))"
            found.append(search.read_kept(Subject.FILES, "id", source, folder_id, pack(fitting)))
    return np.concatenate(found)


def _find_shoot(clause: InShoot, search: Search) -> Ids:
    return _find_named(search, "shoot", clause.text)


def _find_camera(clause: ByCamera, search: Search) -> Ids:
    return _find_named(search, "camera", clause.text)


def _find_named(search: Search, column: str, text: str) -> Ids:
    """A whole name where there is one, else a part of it; with wildcards the whole."""
    wanted = fold_name(encode_path(text))
    folded = {name: fold_name(name) for name in search.distinct("photos", column)}
    is_whole = _has_wildcard(wanted) or wanted in folded.values()
    pattern = _escape(wanted) if is_whole else f"*{_escape(wanted)}*"
    names = [name for name, key in folded.items() if fnmatchcase(key, pattern)]
    source = f"FROM photos WHERE {column} IN (SELECT value FROM json_each(?))"
    return search.read_kept(Subject.FILES, "id", source, pack(names))


def _find_rating(clause: Rated, search: Search) -> Ids:
    """Rating by rating, so that all the ranges together read each photo once. None counts as 0."""
    fits = _COMPARISONS[clause.comparison]
    ratings = [int(text) for text in search.distinct("photos", "rating")]
    found = [
        search.read_kept(Subject.FILES, "id", "FROM photos WHERE rating = ?", rating)
        for rating in ratings
        if fits(rating, clause.stars)
    ]
    if fits(0, clause.stars):
        found.append(search.read_kept(Subject.FILES, "id", "FROM photos WHERE rating IS NULL"))
    return np.concatenate([np.empty(0, dtype=np.int64), *found])


def _find_taken(clause: TakenBetween, search: Search) -> Ids:
    """Text compares as time does; the end is the day after the last, which has no time of day."""
    first = (clause.first or date.min).isoformat()
    last = clause.last or date.max
    end = "9999-99" if last == date.max else (last + timedelta(days=1)).isoformat()
    source = "FROM photos INDEXED BY photos_by_taken WHERE taken_at >= ? AND taken_at < ?"
    return search.read_kept(Subject.FILES, "id", source, first, end)


def _find_during(clause: TakenDuring, search: Search) -> Ids:
    """The end is the second after the last, for cameras may write fractions."""
    first = "" if clause.first is None else clause.first.isoformat()
    end = "9999-99"
    if clause.last is not None and clause.last.date() < date.max:
        end = (clause.last + timedelta(seconds=1)).isoformat()
    source = "FROM photos INDEXED BY photos_by_taken WHERE taken_at >= ? AND taken_at < ?"
    return search.read_kept(Subject.FILES, "id", source, first, end)


def _find_flag(clause: Is, search: Search) -> Ids:
    if clause.flag is Flag.OFFLINE:
        source = "FROM photos WHERE folder_id IN (SELECT value FROM json_each(?))"
        return search.read_kept(Subject.FILES, "id", source, pack(search.scope.offline))
    return search.read("id", _FLAGS[clause.flag])


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _escape(pattern: str) -> str:
    """`[` is an ordinary character of file names, though not of patterns."""
    return pattern.replace("[", "[[]")


FILE_FINDERS: dict[type, Callable[..., Ids]] = {
    Word: _find_word,
    FileMatches: _find_file,
    InFolder: _find_folder,
    InShoot: _find_shoot,
    ByCamera: _find_camera,
    Rated: _find_rating,
    TakenBetween: _find_taken,
    TakenDuring: _find_during,
    Is: _find_flag,
}
"""For each kind of clause what finds it: `(clause, search) -> ids`, in no order."""
