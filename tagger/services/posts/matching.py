"""Which photo an exported picture was made from: by its name first, then by what it shows.

An export is smaller, sharpened, perhaps cut and marked. Photos that may be it are found by name
and by the classifier's features; then both pictures are laid over each other in grey, the smaller
shape slid along the larger, and the best fit counts (normalised cross-correlation).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tagger.core.errors import ModelError, PhotoError
from tagger.core.names import fold_name
from tagger.images import decode_photo
from tagger.ml import prepare
from tagger.services.classifiers import bundle_in_use

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import PhotoId
    from tagger.ml import Classifier
    from tagger.services.workspace import Workspace

SAME = 0.93
"""From this correlation on two pictures are one; neighbours of a burst stay below mostly."""

_SIDE = 48
_STEPS = 25
_NEAREST = 12
_SHORTEST_NAME = 4


class Matcher:
    """Finds photos of one library. What it reads of the library it reads once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._library = workspace.library
        self._seen: tuple[list[PhotoId], NDArray[np.float32]] | None = None

    def match_name(self, text: str, beside: Path) -> PhotoId | None:
        """The photo of this path or file name, else the one that the file `beside` shows."""
        name = fold_name(text.rpartition("/")[2].rpartition("\\")[2])
        found = [photo for photo, path in self._paths.items() if fold_name(path.name) == name]
        if len(found) == 1:
            return found[0]
        by_path = [photo for photo in found if str(self._paths[photo]) == text]
        if by_path:
            return by_path[0]
        picture = beside / text
        try:
            return self.match_picture(picture) if picture.is_file() else None
        except (PhotoError, OSError):  # no file system takes a name as long as a caption
            return None

    def match_picture(self, path: Path) -> PhotoId | None:
        """The photo that a picture was made from; None where none fits well enough.

        Raises:
            PhotoError: the picture can't be read.
        """
        picture = decode_photo(path, long_side_px=4 * _SIDE)
        named = self._named_alike(path.stem)
        best = self._best(picture, named)
        return best if best is not None else self._best(picture, self._looking_alike(path, named))

    def _best(self, picture: Image.Image, photos: Sequence[PhotoId]) -> PhotoId | None:
        fits = [(self._fit(picture, photo), photo) for photo in photos]
        fit, photo = max(fits, default=(0.0, None))
        return photo if fit >= SAME else None

    def _fit(self, picture: Image.Image, photo: PhotoId) -> float:
        try:
            return correlate(picture, decode_photo(self._paths[photo], long_side_px=4 * _SIDE))
        except PhotoError:
            return 0.0

    def _named_alike(self, stem: str) -> list[PhotoId]:
        """Photos whose own name is within that of the picture, as names of exports are made."""
        text = fold_name(stem)
        return [
            photo
            for photo, path in self._paths.items()
            if len(path.stem) >= _SHORTEST_NAME and fold_name(path.stem) in text
        ][: _NEAREST * 4]

    def _looking_alike(self, path: Path, tried: Sequence[PhotoId]) -> list[PhotoId]:
        classifier = self._classifier
        if classifier is None:
            return []
        ids, vectors = self._features(classifier.backbone)
        if not ids:
            return []
        image = decode_photo(path, short_side_px=classifier.input_px)
        prepared = prepare(image, classifier.info.transform)
        own = classifier.predict([prepared]).features[0].astype(np.float32)
        likeness = vectors @ (own / max(float(np.linalg.norm(own)), 1e-6))
        nearest = np.argsort(-likeness, kind="stable")[: _NEAREST + len(tried)]
        return [photo for place in nearest if (photo := ids[place]) not in set(tried)][:_NEAREST]

    @cached_property
    def _paths(self) -> dict[PhotoId, Path]:
        files = self._library.picture_files(self._library.find(None))
        return {photo: file.path for photo, file in files.items()}

    @cached_property
    def _classifier(self) -> Classifier | None:
        """None where there is none: names have to do then."""
        try:
            return bundle_in_use(self._workspace.home).load("auto")
        except ModelError:
            return None

    def _features(self, backbone: str) -> tuple[list[PhotoId], NDArray[np.float32]]:
        """Every photo that this backbone has seen, with vectors of length one."""
        if self._seen is None:
            self._seen = self._read_features(backbone)
        return self._seen

    def _read_features(self, backbone: str) -> tuple[list[PhotoId], NDArray[np.float32]]:
        found = self._library.load_features(backbone, list(self._paths))
        if not found:
            return [], np.empty((0, 0), np.float32)
        matrix = np.frombuffer(b"".join(found.values()), "<f2").reshape(len(found), -1)
        floats = matrix.astype(np.float32)
        lengths = np.linalg.norm(floats, axis=1, keepdims=True)
        return list(found), floats / np.maximum(lengths, 1e-6)


def correlate(picture: Image.Image, photo: Image.Image) -> float:
    """The best fit of a picture within a photo of any shape, -1..1: whole, cut or bordered."""
    shape, own = picture.width / picture.height, photo.width / photo.height
    if abs(shape / own - 1) < 0.02:
        return _correlation(_grey(picture), _grey(photo))
    if shape > own:  # wider than the photo: cut above and below
        height = photo.width / shape
        tops = np.linspace(0, photo.height - height, _STEPS)
        boxes = [(0.0, float(top), float(photo.width), float(top + height)) for top in tops]
    else:
        width = photo.height * shape
        lefts = np.linspace(0, photo.width - width, _STEPS)
        boxes = [(float(left), 0.0, float(left + width), float(photo.height)) for left in lefts]
    grey = _grey(picture)
    return max(_correlation(grey, _grey(photo, box)) for box in boxes)


def _grey(
    image: Image.Image, box: tuple[float, float, float, float] | None = None
) -> NDArray[np.float32]:
    small = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX, box=box)
    return np.asarray(small, dtype=np.float32).ravel()


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    first, second = first - first.mean(), second - second.mean()
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths > 0 else 0.0
