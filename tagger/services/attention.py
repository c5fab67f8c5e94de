"""What the classifier looked at in one photo, for each class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tagger.core.errors import WrongUseError
from tagger.images import decode_photo
from tagger.services.classifiers import bundle_in_use

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.ml.activation import Activator
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

_FINE = 12
"""Each place of the network's last features is drawn with so many dots a side."""


@dataclass(frozen=True)
class Attention:
    """Where the classifier looked.

    Attributes:
        maps: for each class `[H, W] uint8` over the whole upright picture, 255 at the place that
            spoke most for the class and 0 where nothing did.
    """

    photo_id: PhotoId
    maps: dict[str, NDArray[np.uint8]]


def attend_to_photo(
    workspace: Workspace, cancel: CancelToken, report: Report, *, photo_id: PhotoId
) -> Attention:
    """Look at a photo again, this time asking where. Takes half a second after the first time.

    Raises:
        ModelError: there is no classifier that can be used.
        PhotoError: the photo can't be read.
        WrongUseError: it is gone from the library.
    """
    del report  # too short to be told
    file = workspace.library.picture_files([photo_id]).get(photo_id)
    if file is None:
        raise WrongUseError("This photo is no longer in the library.")
    bundle = bundle_in_use(workspace.home)
    activator = _load(bundle.folder, bundle.info.fingerprint)
    cancel.raise_if_cancelled()
    image = decode_photo(file.path, short_side_px=bundle.info.transform.resize_px)
    names = [entry.name for entry in bundle.info.classes]
    maps = activator.compute(image)
    return Attention(photo_id, {name: draw_map(m) for name, m in zip(names, maps, strict=True)})


def draw_map(places: NDArray[np.float32]) -> NDArray[np.uint8]:
    """What speaks for a class, `[h, w]` of any range, finely drawn from 0 to 255."""
    positive = np.maximum(places, 0.0)
    top = float(positive.max())
    levels = (positive / top if top > 0 else positive).astype(np.float32)
    size = (places.shape[1] * _FINE, places.shape[0] * _FINE)
    fine = Image.fromarray(levels).resize(size, Image.Resampling.BICUBIC)
    drawn: NDArray[np.uint8] = np.clip(np.asarray(fine) * 255, 0, 255).astype(np.uint8)
    return drawn


@lru_cache(maxsize=1)
def _load(folder: Path, fingerprint: str) -> Activator:
    """Kept for the next photo; the memory goes back with the process that works.

    `fingerprint`: another one is another classifier in the same folder.
    """
    del fingerprint
    from tagger.ml.activation import Activator  # noqa: PLC0415  imports torch

    return Activator.load(folder)
