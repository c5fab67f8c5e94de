"""A change of keywords, seen against what the photo holds: spelled like it, nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.core.rating import NO_RATING_CHANGE, RatingChange, normal_rating
from tagger.metadata.keyword_paths import (
    KeywordChange,
    KeywordPath,
    name_key,
    path_key,
    unique_paths,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagger.metadata.file_metadata import FileMetadata
    from tagger.metadata.profiles import Extra


@dataclass(frozen=True, slots=True)
class Resolution:
    """What to add to and take from each list.

    Attributes:
        paths: that must be in hierarchical lists; a path of one name is a flat keyword.
        gone_names: keys of names that leave the flat lists.
        gone_paths: keys of paths that leave the hierarchical lists.
        held_names, held_paths: what is held and stays, for carriers that are new.
        implied: keys of names above others in paths that are held; they need no entry.
        rating: stars and label to set.
        held_rating: stars so far.
        embedded: stars and label in the photo itself, where a sidecar stands for them; it must say
            so when they are taken away.
        makes: places for keywords that are made where there are none, when something is written.
        is_complete: every list is to hold all that any list holds.
    """

    paths: tuple[KeywordPath, ...]
    gone_names: frozenset[str]
    gone_paths: frozenset[tuple[str, ...]]
    held_names: tuple[str, ...]
    held_paths: tuple[KeywordPath, ...]
    implied: frozenset[str]
    rating: RatingChange = NO_RATING_CHANGE
    held_rating: int = 0
    embedded: RatingChange = NO_RATING_CHANGE
    makes: frozenset[Extra] = frozenset()
    is_complete: bool = False

    def narrowed(self, own: FileMetadata) -> Resolution:
        """The same change for one file that shall get nothing from the others.

        Programs keep keywords of their own in sidecars that have no place in the photo.
        """
        kept_names = (name for name in own.keywords if not self.is_gone_name(name))
        kept_paths = (path for path in own.paths if not self.is_gone_path(path))
        return replace(
            self,
            held_names=tuple(kept_names),
            held_paths=tuple(kept_paths),
            implied=frozenset(name_key(name) for path in own.paths for name in path[:-1]),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Last names of `paths`: what must be in the flat lists."""
        return tuple(path[-1] for path in self.paths)

    def is_gone_name(self, name: str) -> bool:
        """Whether an entry of a flat list has to leave."""
        return name_key(name) in self.gone_names

    def is_gone_path(self, path: KeywordPath) -> bool:
        """Whether an entry of a hierarchical list has to leave."""
        key = path_key(path)
        return key in self.gone_paths or (len(key) == 1 and key[0] in self.gone_names)

    def rates(self, held: FileMetadata) -> bool:
        """Whether stars or label would be others than now."""
        now, new = normal_rating(held.rating, held.label), self.rating
        return new.rating not in {None, now.rating} or new.label not in {None, now.label}

    def changes(self, held: FileMetadata) -> bool:
        """Whether the photo as a whole would hold other keywords than now."""
        is_gone = any(map(self.is_gone_name, held.keywords)) or any(
            map(self.is_gone_path, held.paths)
        )
        return is_gone or self.is_adding(held)

    def is_adding(self, held: FileMetadata) -> bool:
        """Whether the photo as a whole lacks any of the keywords."""
        present = (*held.paths, *((name,) for name in held.keywords))
        return bool(self.missing_paths(present, is_full=False))

    def missing_names(self, present: Iterable[str], *, is_full: bool) -> tuple[str, ...]:
        """What a flat list lacks; a full one also gets what other carriers hold."""
        keys = {name_key(name) for name in present}
        wanted = (*self.held_names, *self.names) if is_full else self.names
        return tuple(_new_ones(wanted, keys))

    def missing_paths(
        self, present: Sequence[KeywordPath], *, is_full: bool
    ) -> tuple[KeywordPath, ...]:
        """What a hierarchical list lacks; a full one also gets every other keyword.

        Programs that find a hierarchical list read it alone, so flat keywords must be in it,
        unless they are the last name of a path or stand above one in the photo's own paths.
        """
        wanted = (*self.held_paths, *self.paths) if is_full else self.paths
        keys = {path_key(path) for path in present}
        missing = [path for path in unique_paths(wanted) if path_key(path) not in keys]
        missing = [path for path in missing if len(path) > 1]
        leaves = {name_key(path[-1]) for path in (*present, *missing) if path}
        flat = [path[0] for path in self.paths if len(path) == 1]
        if is_full:
            flat = [*(one for one in self.held_names if name_key(one) not in self.implied), *flat]
        return (*missing, *((name,) for name in _new_ones(flat, leaves)))


def _new_ones(names: Iterable[str], keys: set[str]) -> list[str]:
    seen = set(keys)
    found = []
    for name in names:
        key = name_key(name)
        if key not in seen:
            seen.add(key)
            found.append(name)
    return found


def resolve_change(
    change: KeywordChange, held: FileMetadata, makes: frozenset[Extra] = frozenset()
) -> Resolution:
    """The change against everything that the photo and its sidecars hold."""
    added = unique_paths(change.add)
    added_keys = {path_key(path) for path in added}
    removed = [key for key in map(path_key, unique_paths(change.remove)) if key not in added_keys]
    gone_paths, gone_names = _find_gone(removed, added_keys, held)
    resolution = Resolution(
        paths=tuple(_spell_like(path, held) for path in added),
        gone_names=gone_names,
        gone_paths=gone_paths,
        held_names=(),
        held_paths=(),
        implied=frozenset(),
        rating=change.rating,
        held_rating=held.rating or 0,
        makes=makes,
    )
    return resolution.narrowed(held)


def _find_gone(
    removed: Sequence[tuple[str, ...]], added: set[tuple[str, ...]], held: FileMetadata
) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Keys of paths and of names that leave; a name stays while another path ends in it."""
    held_keys = {path_key(path) for path in held.paths}
    flat = {key[0] for key in removed if len(key) == 1}
    ending = {key for key in held_keys if key[-1] in flat} - added
    gone = frozenset(removed) | ending
    staying = {key[-1] for key in (held_keys - gone) | added}
    return gone, frozenset(key[-1] for key in removed if key[-1] not in staying)


def _spell_like(path: KeywordPath, held: FileMetadata) -> KeywordPath:
    """The path with names as the photo already spells them."""
    spelled = list(path)
    for depth in range(1, len(path) + 1):
        for other in held.paths:
            if path_key(other[:depth]) == path_key(path[:depth]):
                spelled[:depth] = other[:depth]
                break
    leaf = name_key(path[-1])
    same = (name for name in held.keywords if name_key(name) == leaf)
    spelled[-1] = next(same, spelled[-1])
    return tuple(spelled)
