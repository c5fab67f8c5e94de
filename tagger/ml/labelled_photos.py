"""A data set as values: photos, the class that somebody gave each, and their shoots."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from tagger.core.keywords import class_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Split: TypeAlias = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo with the class that its folder or `labels.csv` gives it.

    Attributes:
        split: the part of the data set it stands in, None where there are no parts.
        group: shoot or source; photos of one group are never on both sides of a split. Where no
            shoot is known, the photo's own path: a group of one.
        also: a second class that fits too.
        is_hard: a second answer is defensible.
        licence: as its source states it; None where nothing is said.
    """

    path: Path
    class_name: str
    split: Split | None
    group: str
    also: str | None = None
    is_hard: bool = False
    licence: str | None = None

    def with_names(self, renamed: Mapping[str, str]) -> LabelledPhoto:
        """The same with the names that classes have now, by the keys of their earlier ones."""
        name, also = self.class_name, self.also
        return replace(
            self,
            class_name=renamed.get(class_key(name), name),
            also=None if also is None else renamed.get(class_key(also), also),
        )


@dataclass(frozen=True, slots=True)
class LabelledFolders:
    """A data set as it lies on the disk.

    Attributes:
        class_names: sorted; at least one.
        photos: by path.
        has_groups: whether shoots or sources are known for any photo.
        warnings: what is odd about it, as sentences; it can be used all the same.
    """

    root: Path
    class_names: tuple[str, ...]
    photos: tuple[LabelledPhoto, ...]
    has_groups: bool
    warnings: tuple[str, ...]

    def of_split(self, split: Split) -> tuple[LabelledPhoto, ...]:
        """The photos in this part."""
        return tuple(photo for photo in self.photos if photo.split == split)

    @property
    def splits(self) -> tuple[Split, ...]:
        """The parts it comes in: none, or those with photos, in the order of use."""
        present = {photo.split for photo in self.photos}
        return tuple(split for split in SPLITS if split in present)
