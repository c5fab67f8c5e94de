"""What is to be learned, wherever it comes from."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.ml import DataInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import ContentId
    from tagger.ml.labelled_folders import Split


@dataclass(frozen=True)
class LessonPhoto:
    """A photo to learn from or to measure on.

    Attributes:
        group: shoot or source; where none is known, the photo's own path.
        split: the part of the data set it stands in; None where there are no parts.
        content_id: None until the file was read.
        licence: as its source states it.
    """

    path: Path
    group: str
    split: Split | None = None
    content_id: ContentId | None = None
    licence: str | None = None


@dataclass(frozen=True)
class Lesson:
    """Photos with what is known of them.

    Attributes:
        title: what it is learned from, in words and as part of a name.
        classes: name to keyword path, in the order of the targets.
        targets: `[N, C] float32` of 1 (has the class), 0 (has not), NaN (unknown).
        exclusive: one label a photo: each row has exactly one 1.
        warnings: sentences on what is odd or left out.
        failed: path and sentence of photos that can't be read.
        unreadable: the same photos by class, as far as they show one.
        assumed: `[N, C]`, where the target is only what a model says; None for nowhere.
    """

    title: str
    classes: Mapping[str, tuple[str, ...]]
    photos: tuple[LessonPhoto, ...]
    targets: NDArray[np.float32]
    exclusive: bool
    warnings: tuple[str, ...] = ()
    failed: tuple[tuple[Path, str], ...] = ()
    unreadable: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    assumed: NDArray[np.bool_] | None = None

    @property
    def names(self) -> list[str]:
        """Of the classes, in the order of the targets."""
        return list(self.classes)

    @property
    def groups(self) -> list[str]:
        """Shoot or source of each photo."""
        return [photo.group for photo in self.photos]

    @property
    def has_groups(self) -> bool:
        """Whether a shoot or source is known for any photo."""
        return any(photo.group != str(photo.path) for photo in self.photos)

    def rows_of(self, split: Split | None) -> NDArray[np.intp]:
        """Numbers of the photos in a part of the data set."""
        return np.flatnonzero([photo.split == split for photo in self.photos])

    def take(self, rows: NDArray[np.intp]) -> Lesson:
        """These photos in this order."""
        return replace(
            self,
            photos=tuple(self.photos[row] for row in rows),
            targets=self.targets[rows],
            assumed=None if self.assumed is None else self.assumed[rows],
        )

    @property
    def decided_rows(self) -> NDArray[np.intp]:
        """Numbers of the photos of which people said something."""
        known = ~np.isnan(self.targets)
        if self.assumed is not None:
            known &= ~self.assumed
        return np.flatnonzero(known.any(axis=1))

    def only_decided(self) -> Lesson:
        """The photos of which people said something, and nothing but that."""
        if self.assumed is None:
            return self
        rows = self.decided_rows
        known = np.where(self.assumed[rows], np.nan, self.targets[rows]).astype(np.float32)
        return replace(self.take(rows), targets=known, assumed=None)

    def with_warnings(self, *sentences: str) -> Lesson:
        """The same with more to say about it."""
        return replace(self, warnings=(*self.warnings, *sentences))

    def read(
        self,
        rows: Sequence[int],
        content_ids: Sequence[ContentId],
        failed: Sequence[tuple[Path, str]],
    ) -> Lesson:
        """The photos that could be read, with their content ids, and the others by name."""
        chosen = self.take(np.asarray(rows, np.intp))
        photos = tuple(
            replace(photo, content_id=content_id)
            for photo, content_id in zip(chosen.photos, content_ids, strict=True)
        )
        lost = {path for path, _ in failed}
        unreadable = {
            name: tuple(
                photo.path
                for photo, has_class in zip(self.photos, column == 1, strict=True)
                if has_class and photo.path in lost
            )
            for name, column in zip(self.names, self.targets.T, strict=True)
        }
        return replace(chosen, photos=photos, failed=(*self.failed, *failed), unreadable=unreadable)

    def describe(self) -> DataInfo:
        """What goes into a bundle: counts, and a hash over content and targets of every photo."""
        digest = hashlib.sha256("|".join(self.names).encode())
        lines = sorted(
            f"{photo.content_id} {row.tolist()} {photo.split}"
            for photo, row in zip(self.photos, self.targets, strict=True)
        )
        digest.update("\n".join(lines).encode())
        told = self.only_decided()
        counts = (told.targets == 1).sum(axis=0)
        licences = Counter(photo.licence for photo in told.photos if photo.licence)
        shows_none = int((told.targets == 0).all(axis=1).sum())
        return DataInfo(
            fingerprint=digest.hexdigest()[:32],
            photos=len(told.photos),
            counts=dict(zip(self.names, counts.tolist(), strict=True))
            | ({"other": shows_none} if shows_none else {}),
            sources=len(set(told.groups)),
            licences=dict(licences.most_common()),
        )
