"""What other programs show of a photo, computed from what its files say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.formats import Format, format_of
from tagger.core.names import fold_name
from tagger.metadata.keyword_paths import KeywordPath, is_beginning, name_key, unique_paths
from tagger.metadata.program_rules import PROGRAMS, Program, SidecarUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tagger.metadata.carried import CarriedFile

__all__ = ["PROGRAMS", "Program", "ProgramView", "is_full_name", "view_photo"]


@dataclass(frozen=True, slots=True)
class ProgramView:
    """What one program shows.

    Attributes:
        keywords: as its keyword list has them, paths with `|`.
        rating: -1 to 5, None without stars or where the program shows none.
        label: the text, None without one or where the program shows none.
        has_color: whether the label shows as a colour.
        shows_stars, shows_label: whether it shows any at all.
        is_blind: it reads nothing of such a file.
        sources: names of the files that it reads.
    """

    program: str
    keywords: tuple[str, ...]
    rating: int | None
    label: str | None
    has_color: bool
    shows_stars: bool
    shows_label: bool
    is_blind: bool
    sources: tuple[str, ...]
    note: str

    @property
    def names(self) -> dict[str, str]:
        """The last name of each keyword by its key."""
        names = (text.split("|")[-1] for text in self.keywords)
        return {name_key(name): name for name in names}

    @property
    def names_above(self) -> set[str]:
        """Keys of names above others, which some programs list and others only imply."""
        paths = (text.split("|") for text in self.keywords)
        return {name_key(name) for path in paths for name in path[:-1]}


def view_photo(
    program: Program, photo: CarriedFile, sidecars: Sequence[CarriedFile]
) -> ProgramView:
    """What the program shows of a photo with these sidecars."""
    files = _choose_files(program, photo, sidecars)
    label = next((one.label for one in files if one.label), None)
    if program.labels is None:
        label = None
    return ProgramView(
        program.name,
        tuple("|".join(path) for path in _read_keywords(program, files)),
        _read_stars(program, files),
        label,
        has_color=label is not None and label in (program.labels or ()),
        shows_stars=bool(program.stars) and bool(files),
        shows_label=program.labels is not None and bool(files),
        is_blind=not files,
        sources=tuple(one.path.name for one in files),
        note=program.note,
    )


def _choose_files(
    program: Program, photo: CarriedFile, sidecars: Sequence[CarriedFile]
) -> list[CarriedFile]:
    """The files that the program reads, in its order."""
    fmt = format_of(photo.path)
    reads_photo = program.formats is None or fmt in program.formats
    own = [photo] if reads_photo else []
    full = [one for one in sidecars if is_full_name(one.path, photo.path)]
    short = [one for one in sidecars if one not in full]
    is_raw = fmt is Format.RAW and photo.path.suffix.lower() != ".dng"
    if program.sidecars is SidecarUse.LAYERED:
        return [*(full or short)[:1], *own]
    found = {
        SidecarUse.NONE: [],
        SidecarUse.SHORT_OF_RAW: short if is_raw else [],
        SidecarUse.SHORT: short,
        SidecarUse.FULL: full,
        SidecarUse.FULL_OR_SHORT: full or short,
    }[program.sidecars]
    return found[:1] or own


def is_full_name(sidecar: Path, photo: Path) -> bool:
    """Whether the sidecar is called `f.ext.xmp`."""
    return fold_name(sidecar.stem) == fold_name(photo.name)


def _read_keywords(program: Program, files: Sequence[CarriedFile]) -> tuple[KeywordPath, ...]:
    found = [
        next((one.lists[carrier] for one in files if carrier in one.lists), ())
        for carrier in program.lists
    ]
    if program.is_first_alone:
        return next((paths for paths in found if paths), ())
    return _without_repeats(path for paths in found for path in paths)


def _without_repeats(paths: Iterable[KeywordPath]) -> tuple[KeywordPath, ...]:
    """Every keyword once: not also flat where it ends a path, and not also cut."""
    unique = unique_paths(paths)
    leaves = {name_key(path[-1]) for path in unique if len(path) > 1}
    kept = [path for path in unique if len(path) > 1 or name_key(path[0]) not in leaves]
    names = [path[-1] for path in kept]
    return tuple(path for path in kept if not _is_cut(path[-1], names))


def _is_cut(name: str, names: Iterable[str]) -> bool:
    others = (one for one in names if name_key(one) != name_key(name))
    return any(is_beginning(name, other) for other in others)


def _read_stars(program: Program, files: Sequence[CarriedFile]) -> int | None:
    return next(
        (one.stars[place] for place in program.stars for one in files if place in one.stars), None
    )
