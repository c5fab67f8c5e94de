"""What there is to know of the classifiers on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.services.classifiers import available_bundles, model_folders, name_in_use

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tagger.ml import BundleEntry, BundleInfo


@dataclass(frozen=True)
class ListedModel:
    """A classifier on this machine; the fields are the JSON of `models list`.

    Attributes:
        in_use: whether it tags.
        shipped: it came with the program; all others are the user's.
        title, classes, created_at, photos, figures: of a whole one; else empty.
        photos: how many it learned from.
        figures: name of the measure to its value on photos that it had not learned from.
        error: why it can't be used, in one sentence.
    """

    name: str
    title: str | None
    in_use: bool
    shipped: bool
    classes: tuple[str, ...]
    created_at: datetime | None
    photos: int | None
    figures: dict[str, float]
    path: Path
    error: str | None


def list_models(home: Path) -> list[ListedModel]:
    """Every classifier, the user's first; one that can't be used says why.

    Raises:
        LibraryError: the library can't be read.
    """
    in_use = name_in_use(home)
    own = model_folders(home)[0]
    seen: set[str] = set()
    listed = []
    for entry in available_bundles(home):
        is_first = entry.folder.name not in seen  # the user's own hides one that came along
        seen.add(entry.folder.name)
        listed.append(
            _describe(
                entry,
                in_use=is_first and entry.folder.name == in_use,
                shipped=entry.folder.parent != own,
            )
        )
    return listed


def _describe(entry: BundleEntry, *, in_use: bool, shipped: bool) -> ListedModel:
    info = entry.info
    return ListedModel(
        name=entry.folder.name,
        title=info.title if info else None,
        in_use=in_use,
        shipped=shipped,
        classes=tuple(c.name for c in info.classes) if info else (),
        created_at=info.created_at if info else None,
        photos=info.data.photos if info else None,
        figures=_figures(info) if info else {},
        path=entry.folder,
        error=entry.error,
    )


def _figures(info: BundleInfo) -> dict[str, float]:
    return {name: round(figure.value, 4) for name, figure in info.metrics.overall.items()}
