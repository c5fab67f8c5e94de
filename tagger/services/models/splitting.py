"""One class made several: its confirmed photos in groups that look alike, each with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.core.tag import Verdict
from tagger.library import DecisionRequest
from tagger.ml.grouping import group_alike
from tagger.services.models.new_classes import check_class_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.core.changes import Changes
    from tagger.core.ids import ContentId, PhotoId
    from tagger.core.tag import Tag
    from tagger.library import Library

_FEWEST = 4
"""Photos with fewer have nothing to be grouped."""


@dataclass(frozen=True)
class AlikeGroup:
    """Photos of one class that look alike, the most typical first."""

    photo_ids: tuple[PhotoId, ...]


@dataclass(frozen=True)
class SplitProposal:
    """How a class may be split.

    Attributes:
        name: of the class.
        groups: the largest first.
        unseen: confirmed photos that no classifier has looked at yet: they stay as they are.
    """

    name: str
    groups: tuple[AlikeGroup, ...]
    unseen: int


def propose_split(library: Library, name: str, groups: int | None = None) -> SplitProposal:
    """Group the photos that people confirmed to show a class, by stored features; changes nothing.

    Args:
        library: with the decisions.
        name: of the class.
        groups: how many, 2 or more; None for as many as part the photos clearly.

    Raises:
        WrongUseError: there is no such class, or too few photos of it were confirmed and seen.
    """
    tag = library.find_tag(name)
    confirmed: dict[PhotoId, ContentId] = {
        photo.id: photo.content_id
        for photo in library.decided_photos()
        if photo.has_tag.get(tag.name)
    }
    backbone = next((model.backbone for model in library.models() if model.is_in_use), "")
    vectors = library.content_features(backbone, set(confirmed.values()))
    ids = [photo_id for photo_id, content in confirmed.items() if content in vectors]
    if len(ids) < max(_FEWEST, groups or 0):
        raise WrongUseError(
            f"Only {len(ids)} photos are confirmed to show “{tag.name}” and looked at by the "
            f"classifier: {max(_FEWEST, groups or 0)} are the least that can be split."
        )
    features = np.stack([np.frombuffer(vectors[confirmed[one]], np.float16) for one in ids])
    found = group_alike(features, groups)
    return SplitProposal(
        tag.name,
        tuple(AlikeGroup(tuple(ids[row] for row in rows)) for rows in found),
        len(confirmed) - len(ids),
    )


def split_class(
    library: Library, proposal: SplitProposal, names: Mapping[int, str]
) -> tuple[tuple[str, ...], Changes]:
    """Give groups classes of their own, as one step that undo takes back.

    A group whose name is missing, or one that the class has or had, keeps the class. The
    classifier in use knows new classes after the next lesson.

    Args:
        library: gets the decisions.
        proposal: see `propose_split`.
        names: of groups, by their number from 0; a class that is there already takes the photos.

    Returns:
        The names of the classes that took photos, and what changed.

    Raises:
        WrongUseError: no group got another name, there is no such group, or a name can't be one.
    """
    old = library.find_tag(proposal.name)
    if names.keys() - set(range(len(proposal.groups))):
        raise WrongUseError(f"“{old.name}” falls into {len(proposal.groups)} groups.")
    earlier = library.renamed_tags()
    wanted = {
        number: check_class_name(name, [])
        for number, name in names.items()
        if name.strip() and class_key(earlier.get(class_key(name), name)) != class_key(old.name)
    }
    if not wanted:
        raise WrongUseError("Give at least one of the groups another name.")
    tags = {number: library.add_tag(name, _path_of(old, name)) for number, name in wanted.items()}
    requests = [
        DecisionRequest(photo_id, tag_id, verdict)
        for number, tag in tags.items()
        for photo_id in proposal.groups[number].photo_ids
        for tag_id, verdict in ((old.id, Verdict.REJECTED), (tag.id, Verdict.CONFIRMED))
    ]
    taken = tuple(dict.fromkeys(tag.name for tag in tags.values()))
    label = " ".join([f"-{old.name}", *(f"+{name}" for name in taken)])
    return taken, library.decide(requests, label=label)


def _path_of(old: Tag, name: str) -> tuple[str, ...]:
    """Beside the old keyword."""
    plain = name.replace("_", " ")
    return (*old.keyword_path[:-1], plain.title() if plain.islower() else plain)
