"""Where a picture is cut: by hand where a person placed the crop, else around its subject."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from tagger.core.errors import LibraryError, ModelError
from tagger.core.keywords import class_key
from tagger.export import Window, find_focus, spread_cells
from tagger.services.classifiers import bundle_in_use

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from tagger.core.ids import PhotoId
    from tagger.export import Preset
    from tagger.library import Library

_LOOKED_AT_PX = 512


class Gaze(Protocol):
    """Tells where the network looks."""

    def compute(self, image: Image.Image) -> NDArray[np.float32]:
        """`[C, H, W]`: how much each place adds to each class."""


class SubjectFinder:
    """Finds the middle of the subject. Safe in threads; the network is loaded when first needed.

    Args:
        home: of the library, whose classifier in use is asked.
        use_network: else detail alone says where the subject is.
    """

    def __init__(self, home: Path, *, use_network: bool = True) -> None:
        self._home = home
        self._use_network = use_network
        self._lock = Lock()
        self._gaze: Gaze | None = None
        self._names: list[str] = []

    def find_focus(self, picture: Image.Image, tag: str | None) -> tuple[float, float]:
        """The middle of the subject in shares of width and height.

        Args:
            picture: the whole photo, upright, at any size.
            tag: the class whose subject counts; None for what stands out.
        """
        small = picture.copy()
        small.thumbnail((_LOOKED_AT_PX, _LOOKED_AT_PX))
        return find_focus(small, self.find_activation(small, tag))

    def find_activation(self, image: Image.Image, tag: str | None) -> NDArray[np.float64] | None:
        """How much each place speaks for a class; None where the classifier doesn't know it.

        The map has the same number of places along both sides, whatever the picture's shape.
        """
        if tag is None or not self._use_network:
            return None
        with self._lock:  # one at a time: torch takes all cores for each
            self._load()
            if self._gaze is None or class_key(tag) not in self._names:
                return None
            cells = self._gaze.compute(image)[self._names.index(class_key(tag))]
        return spread_cells(cells)

    def _load(self) -> None:
        """Without a classifier that can be used, detail alone has to do."""
        if self._gaze is not None or not self._use_network:
            return
        try:
            chosen = bundle_in_use(self._home)
            self._gaze = _load_gaze(chosen.folder, chosen.info.fingerprint)
        except (ModelError, LibraryError):
            self._use_network = False
            return
        self._names = [class_key(entry.name) for entry in chosen.info.classes]


@lru_cache(maxsize=1)
def _load_gaze(folder: Path, fingerprint: str) -> Gaze:
    """Kept while the classifier is the same, for previews ask for one picture after the other."""
    del fingerprint  # tells classifiers in one folder apart
    from tagger.ml.activation import Activator  # noqa: PLC0415  imports torch

    return Activator.load(folder)


def ratio_key(preset: Preset) -> str:
    """The shape of a preset's crop as it is remembered: `4:5`; sizes of one shape share it."""
    shape = Fraction(preset.width_px or 1, preset.height_px or 1)
    return f"{shape.numerator}:{shape.denominator}"


def placed_windows(
    library: Library, photo_ids: Collection[PhotoId], preset: Preset
) -> dict[PhotoId, Window]:
    """The crops that a person placed for this shape; none for presets that cut nothing."""
    if preset.ratio is None:
        return {}
    boxes = library.crops(photo_ids, ratio_key(preset))
    return {photo: Window(*box) for photo, box in boxes.items()}


def place_window(library: Library, photo: PhotoId, preset: Preset, window: Window | None) -> None:
    """Remember a crop that a person placed, for every preset of this shape; None forgets it."""
    box = None if window is None else (window.left, window.top, window.width, window.height)
    library.place_crop(photo, ratio_key(preset), box)
