"""Whether a wedding has everything on the shooting list, before it is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.services.places import bundled_folder
from tagger.services.saved_searches import understand_query

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


class ListItem(BaseModel):
    """A class, and how many photos of it a wedding should have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(alias="class", min_length=1)
    at_least: int = Field(ge=1)


class ShootingList(BaseModel):
    """What a wedding should show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    items: tuple[ListItem, ...] = Field(min_length=1)


@dataclass(frozen=True)
class CoveredClass:
    """How many photos of a class a wedding has, against how many it should have."""

    name: str
    photos: int
    at_least: int

    @property
    def is_missing(self) -> bool:
        """Whether there are too few."""
        return self.photos < self.at_least


@dataclass(frozen=True)
class Coverage:
    """One wedding against the list; the fields are the JSON of `coverage`."""

    shoot: str
    photos: int
    classes: tuple[CoveredClass, ...]

    @property
    def missing(self) -> tuple[CoveredClass, ...]:
        """What there is too little of."""
        return tuple(one for one in self.classes if one.is_missing)


def read_shooting_list(path: Path | None = None) -> ShootingList:
    """The list in a file; without one that which comes along.

    Raises:
        WrongUseError: it can't be read, or is no list; the sentence names the field.
    """
    path = path or bundled_folder("resources") / "shooting-lists" / "wedding.json"
    try:
        return ShootingList.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WrongUseError(f"{path}: the list can't be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise WrongUseError(f"{path}: field {field}: {first['msg']}.") from error


def measure_coverage(
    workspace: Workspace, shooting_list: ShootingList, query: str = ""
) -> list[Coverage]:
    """Every wedding with photos that the search means, by name; an empty search means all.

    Classes count as tags do: what a person rejected is out, what the model says is in. A class
    that the library does not know counts as none.

    Raises:
        QueryError: the search can't be understood.
    """
    library = workspace.library
    offline = [folder.id for folder in workspace.offline_folders()]
    found = library.find(understand_query(library, query), offline=offline)
    ids = np.array(sorted(found), dtype=np.int64)
    shoots, names = library.number_shoots()
    known = {class_key(tag.name): tag.id for tag in library.tags()}
    totals = np.bincount(shoots[ids], minlength=len(names))
    counts = {}
    for item in shooting_list.items:
        tag = known.get(class_key(item.name))
        own = ids[:0] if tag is None else np.intersect1d(library.class_scores(tag).ids, ids)
        counts[item.name] = np.bincount(shoots[own], minlength=len(names))
    return [
        Coverage(
            names[place],
            int(totals[place]),
            tuple(
                CoveredClass(item.name, int(counts[item.name][place]), item.at_least)
                for item in shooting_list.items
            ),
        )
        for place in sorted(np.flatnonzero(totals).tolist(), key=lambda place: names[place])
    ]


def hold_against_list(
    workspace: Workspace, cancel: CancelToken, report: Report, *, path: Path | None = None
) -> list[Coverage]:
    """Every wedding against the list in a file, or the usual one: what a window asks for.

    Raises:
        WrongUseError: the list can't be read.
    """
    del cancel, report  # a moment
    return measure_coverage(workspace, read_shooting_list(path))
