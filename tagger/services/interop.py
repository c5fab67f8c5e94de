"""What other programs will show of a photo, and where they disagree."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.formats import format_of
from tagger.metadata import find_sidecars
from tagger.metadata.carried import (
    CarriedFile,
    Carrier,
    read_carried_photo,
    read_carried_sidecar,
)
from tagger.metadata.carriers import is_for_exiftool
from tagger.metadata.programs import PROGRAMS, ProgramView, view_photo
from tagger.services.rating import name_rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class CarriedPlace:
    """One place in one file where keywords or stars stand.

    Attributes:
        file: its name.
        place: as in the standards, `dc:subject`.
        values: keywords, or stars, or a label, as they stand there.
    """

    file: str
    place: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class InteropReport:
    """What other programs show of one photo.

    Attributes:
        path: the photo.
        programs: what each shows.
        carriers: where keywords, stars and label stand in the photo and its sidecars.
        disagreements: one sentence for each keyword, for the stars and for the label where the
            programs differ; none when all agree.
        advice: one sentence where they differ because some read no sidecar, else None.
        problems: sentences about metadata that could not be read.
        written: the files that were just made to agree, or would be.
    """

    path: Path
    programs: tuple[ProgramView, ...]
    carriers: tuple[CarriedPlace, ...]
    disagreements: tuple[str, ...]
    advice: str | None
    problems: tuple[str, ...]
    written: tuple[Path, ...] = ()


def explain_interop(path: Path) -> InteropReport:
    """Read the photo and its sidecars as each program does.

    Raises:
        UnreadablePhotoError: the photo can't be opened.
    """
    photo = read_carried_photo(path)
    sidecars = [read_carried_sidecar(sidecar) for sidecar in find_sidecars(path)]
    views = tuple(view_photo(program, photo, sidecars) for program in PROGRAMS)
    files = (photo, *sidecars)
    disagreements = tuple(_find_disagreements(views))
    return InteropReport(
        path=path,
        programs=views,
        carriers=tuple(place for one in files for place in _list_places(one)),
        disagreements=disagreements,
        advice=_explain_sidecars(path, views) if disagreements else None,
        problems=tuple(problem for one in files for problem in one.problems),
    )


def _list_places(one: CarriedFile) -> list[CarriedPlace]:
    name = one.path.name
    places = [
        CarriedPlace(name, str(carrier), tuple("|".join(path) for path in paths))
        for carrier, paths in one.lists.items()
        if carrier is not Carrier.RECONCILED
    ]
    places += [CarriedPlace(name, str(place), (str(value),)) for place, value in one.stars.items()]
    if one.label is not None:
        places.append(CarriedPlace(name, "xmp:Label", (one.label,)))
    if one.color_class is not None:
        places.append(CarriedPlace(name, "photomechanic:ColorClass", (str(one.color_class),)))
    return places


def _find_disagreements(views: Sequence[ProgramView]) -> list[str]:
    seeing = [view for view in views if not view.is_blind]
    names = {key: name for view in seeing for key, name in view.names.items()}
    above = {key for view in seeing for key in view.names_above}
    sentences = [
        f"“{name}” is not shown by {_join(lacking)}."
        for key, name in names.items()
        if key not in above
        and (lacking := [view.program for view in seeing if key not in view.names])
    ]
    stars = [(view.program, name_rating(view.rating or 0)) for view in seeing if view.shows_stars]
    labels = [(view.program, view.label or "no label") for view in seeing if view.shows_label]
    return [
        *sentences,
        *_compare("The stars differ", stars),
        *_compare("The label differs", labels),
    ]


def _explain_sidecars(path: Path, views: Sequence[ProgramView]) -> str | None:
    """Why programs differ where keywords stand beside the photo, and what can be done."""
    fmt = format_of(path)
    seeing = [view for view in views if not view.is_blind]
    without = [view.program for view in seeing if view.sources == (path.name,)]
    beside = sorted({name for view in seeing for name in view.sources} - {path.name})
    if not without or not beside or (fmt is not None and fmt.holds_keywords):
        return None
    ending = "s" if len(without) == 1 else ""
    sentence = f"{_join(without)} read{ending} nothing of {_join(beside)}."
    if is_for_exiftool(path):
        sentence += (
            " With exiftool (tagger settings write.exiftool on) the photo carries its keywords, "
            "stars and label itself, and all of them can agree."
        )
    return sentence


def _compare(beginning: str, shown: Iterable[tuple[str, str]]) -> list[str]:
    """One sentence on who shows what, none when all show the same."""
    groups: dict[str, list[str]] = defaultdict(list)
    for program, value in shown:
        groups[value].append(program)
    if len(groups) < 2:
        return []
    parts = (f"{value} in {_join(programs)}" for value, programs in groups.items())
    return [f"{beginning}: {'; '.join(parts)}."]


def _join(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
