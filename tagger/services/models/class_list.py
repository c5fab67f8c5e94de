"""The classes of a library: keyword, threshold, and how many photos have them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.core.keywords import class_key
from tagger.services.classifiers import bundle_in_use
from tagger.services.settings import RETIRED_CLASSES, names_in

if TYPE_CHECKING:
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class ListedClass:
    """A class; the fields are the JSON of `classes list`.

    Attributes:
        keyword_path: from general to special, as written to files.
        threshold: score from which a prediction counts as a tag.
        in_model: whether the classifier in use knows it; else only people give it.
        photos: that have it, predicted or decided.
        confirmed, rejected: photos on which a person said so.
        is_retired: nobody is asked about it any more.
    """

    name: str
    keyword_path: tuple[str, ...]
    threshold: float
    in_model: bool
    photos: int
    confirmed: int
    rejected: int
    is_retired: bool = False


def list_classes(workspace: Workspace) -> list[ListedClass]:
    """Every class in the person's order, retired ones too.

    Raises:
        LibraryError: the library can't be read.
    """
    library = workspace.library
    counts = library.count_by_class()
    decided = Counter(
        (tag, has) for photo in library.decided_photos() for tag, has in photo.has_tag.items()
    )
    known = _known_to_model(workspace)
    retired = names_in(library, RETIRED_CLASSES)
    return [
        ListedClass(
            name=tag.name,
            keyword_path=tag.keyword_path,
            threshold=tag.threshold,
            in_model=class_key(tag.name) in known,
            photos=counts.get(tag.name, 0),
            confirmed=decided[tag.name, True],
            rejected=decided[tag.name, False],
            is_retired=class_key(tag.name) in retired,
        )
        for tag in library.tags()
    ]


def _known_to_model(workspace: Workspace) -> set[str]:
    try:
        return {class_key(entry.name) for entry in bundle_in_use(workspace.home).info.classes}
    except ModelError:
        return set()
