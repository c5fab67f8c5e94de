"""Which decisions on tags in the library are doubtful: judged by photos of other shoots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.tag import TagState
from tagger.ml.cleaning import find_doubts
from tagger.services.cleaning import Suspect
from tagger.services.finding import find_named
from tagger.services.label_decisions import (
    LabelDecision,
    LabelDecisions,
    LabelVerdict,
    load_decisions,
    store_decisions,
)
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.library import Library, PhotoRow
    from tagger.services.workspace import Workspace

_FEWEST = 5
"""Photos that have a class, and that have not: with fewer nothing can be said."""
_PAGE = 1000
LIBRARY_PHOTO = "photo "
"""How the place of a library's photo begins where other pictures have their content id."""
_YES = (TagState.CONFIRMED, TagState.CORRECTED)


@dataclass(frozen=True)
class TagReview:
    """What is doubtful in the library.

    Attributes:
        suspects: decisions that are likely wrong, worst first. `label` is the tag, `likely` the
            tag too where it was rejected, None where it was confirmed.
        judged: how many decisions were looked at.
        too_few: classes with too few decisions to say anything.
    """

    suspects: list[Suspect]
    judged: int
    too_few: tuple[str, ...]


@dataclass(frozen=True)
class _Decided:
    """A photo with a decision on a tag."""

    row: PhotoRow
    has_tag: bool
    feature: bytes


def review_tags(workspace: Workspace) -> TagReview:
    """Judge each confirmed, corrected and rejected tag by the photos of other shoots.

    The search `is:doubtful` finds the photos from then on, until they are kept or decided anew.

    Raises:
        LibraryError: the index or the decisions can't be read.
    """
    decisions = load_decisions(workspace.home)
    suspects: list[tuple[PhotoId, Suspect]] = []
    too_few = []
    judged = 0
    for name, decided in _collect(workspace.library).items():
        yes = sum(one.has_tag for one in decided)
        if min(yes, len(decided) - yes) < _FEWEST:
            too_few.append(name)
            continue
        judged += len(decided)
        suspects += _judge(name, decided, decisions)
    suspects.sort(key=lambda found: -found[1].doubt)
    library = workspace.library
    library.replace_doubts([(photo, library.find_tag(one.label).id) for photo, one in suspects])
    return TagReview([one for _, one in suspects], judged, tuple(too_few))


def keep_tags(workspace: Workspace, paths: Sequence[Path], name: str | None = None) -> None:
    """Every decision on these photos, or that on one class, is right as it is: don't list it again.

    It makes them no answer to `is:doubtful` any more.

    Raises:
        WrongUseError: a photo is not in the library, or has no decisions.
        LibraryError: it can't be stored.
    """
    kept, photo_ids = [], []
    tag = None if name is None else workspace.library.find_tag(name)
    wanted = None if tag is None else tag.name  # it may have got another name since
    for path in paths:
        row = find_named(workspace.library, path)
        photo_ids.append(row.id)
        decided = [
            one
            for one in row.tags
            if one.state is not TagState.PREDICTED and wanted in {None, one.name}
        ]
        if not decided:
            raise WrongUseError(f"Nobody has decided on {path} yet, so there is nothing to keep.")
        kept += [
            LabelDecision(
                content_id=_key(row, has_tag=one.state in _YES),
                label=one.name,
                verdict=LabelVerdict.KEEP,
                path=str(row.path),
            )
            for one in decided
        ]
    store_decisions(workspace.home, kept)
    workspace.library.forget_doubts(photo_ids, None if tag is None else tag.id)


def _key(row: PhotoRow, *, has_tag: bool | None = None) -> str:
    """A photo of the library is known by its number, wherever its file moves.

    What was kept is one decision, and its opposite is another. Earlier versions did not say which.
    """
    decided = {True: " yes", False: " no", None: ""}[has_tag]
    return f"{LIBRARY_PHOTO}{row.id}{decided}"


def _collect(library: Library) -> dict[str, list[_Decided]]:
    """By class: the photos somebody decided on, as far as their features are known."""
    backbone = next((model.backbone for model in library.models() if model.is_in_use), None)
    collected: dict[str, list[_Decided]] = {}
    shown = {tag.name for tag in shown_tags(library)}
    ids = library.find(None)
    for start in range(0, len(ids), _PAGE):
        rows = library.photo_rows(ids[start : start + _PAGE])
        rows = [row for row in rows if any(t.state is not TagState.PREDICTED for t in row.tags)]
        if backbone is None or not rows:
            continue
        features = library.load_features(backbone, [row.id for row in rows])
        for row in rows:
            for tag in row.tags:
                if row.id in features and tag.state is not TagState.PREDICTED and tag.name in shown:
                    collected.setdefault(tag.name, []).append(
                        _Decided(row, tag.state in _YES, features[row.id])
                    )
    return collected


def _judge(
    name: str, decided: Sequence[_Decided], decisions: LabelDecisions
) -> list[tuple[PhotoId, Suspect]]:
    doubts = find_doubts(
        np.stack([np.frombuffer(one.feature, np.float16) for one in decided]),
        np.array([int(one.has_tag) for one in decided]),
        2,
        [one.row.shoot for one in decided],
    )
    return [
        (
            one.row.id,
            Suspect(one.row.path, name, None if one.has_tag else name, float(doubts.doubt[row])),
        )
        for row in doubts.suspects
        if not _is_kept(one := decided[row], name, decisions)
    ]


def _is_kept(one: _Decided, name: str, decisions: LabelDecisions) -> bool:
    keys = (_key(one.row, has_tag=one.has_tag), _key(one.row))
    return any(decisions.find(key, name) is not None for key in keys)
