"""Photos that are one picture twice: they must not stand on both sides of a split.

A picture's hash is that of its coarse shapes in grey (pHash, Zauner 2010, with 256 bits instead of
64), which survives other sizes, compression, light and white balance. Features of the network add
pictures that were cropped or straightened, and look-alikes.

The rules were chosen on the clothing photos, whose many garments on one cloth are the hardest case
there is. Of 5.8 million pairs 3 have the hash alone (one is the same picture, in two classes), and
41 the hash or both; copies made smaller, lighter, warmer or grey are all found. Of copies cropped
by a twentieth the hash finds a sixth, and both find 85 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml.labelled_photos import Split

    Pair = tuple[int, int]

HASH_BITS = 256
_SIDE = 16  # frequencies in each direction
_PIXELS = 64
_SAME_BITS = 208  # alone
_SAME_BITS_ALIKE = 175  # together with features that point in nearly one direction
_ALIKE = 0.95
_BLOCK = 2048  # rows compared at once: 16 MB


def hash_picture(image: Image.Image) -> NDArray[np.bool_]:
    """256 bits: which of the lowest 16 x 16 frequencies in grey are above their median."""
    small = image.convert("L").resize((_PIXELS, _PIXELS), Image.Resampling.BOX)
    # Rounded, so that a blank picture has no bits rather than those of rounding errors.
    frequencies = (_COSINES @ np.asarray(small, np.float64) @ _COSINES.T).ravel().round(6)
    # The first is the mean light, which would only shift the median.
    bits: NDArray[np.bool_] = frequencies > np.median(frequencies[1:])
    return bits


def _make_cosines() -> NDArray[np.float64]:
    """The first rows `[16, 64]` of the orthonormal discrete cosine transform (type II)."""
    places = np.arange(_PIXELS) + 0.5
    rows: NDArray[np.float64] = np.cos(np.pi / _PIXELS * np.arange(_SIDE)[:, None] * places)
    rows *= np.sqrt(2 / _PIXELS)
    rows[0] /= np.sqrt(2)
    return rows


_COSINES = _make_cosines()


def find_duplicates(
    hashes: NDArray[np.bool_], features: NDArray[np.float16] | None = None
) -> list[Pair]:
    """Pairs of row numbers, the lower first, that show one picture.

    Args:
        hashes: `[N, 256]` of `hash_picture`.
        features: `[N, 2048]` of the same photos. With them crops are found too, and some
            look-alikes: right for keeping photos together, too much for saying they are the same.
    """
    signs = np.where(hashes, np.float32(1), np.float32(-1))
    units = None if features is None else _normalise(features)
    pairs: list[Pair] = []
    for top in range(0, len(signs), _BLOCK):
        for left in range(top, len(signs), _BLOCK):
            rows, columns = slice(top, top + _BLOCK), slice(left, left + _BLOCK)
            same_bits = (signs[rows] @ signs[columns].T + HASH_BITS) / 2
            is_near = same_bits >= _SAME_BITS
            if units is not None:
                is_alike = units[rows] @ units[columns].T >= _ALIKE
                is_near |= is_alike & (same_bits >= _SAME_BITS_ALIKE)
            pairs += [
                (top + int(i), left + int(j)) for i, j in np.argwhere(is_near) if top + i < left + j
            ]
    return sorted(pairs)


def find_lookalikes(features: NDArray[np.float16], sides: Sequence[str]) -> list[Pair]:
    """Pairs on different sides whose features point in nearly one direction.

    Candidates for `are_same_picture`, so that few photos have to be decoded for their hash.
    """
    units = _normalise(features)
    _, side = np.unique(np.asarray(sides), return_inverse=True)
    pairs: list[Pair] = []
    for top in range(0, len(units), _BLOCK):
        for left in range(top, len(units), _BLOCK):
            rows, columns = slice(top, top + _BLOCK), slice(left, left + _BLOCK)
            is_alike = units[rows] @ units[columns].T >= _ALIKE
            is_alike &= side[rows, None] != side[None, columns]
            pairs += [
                (top + int(i), left + int(j))
                for i, j in np.argwhere(is_alike)
                if top + i < left + j
            ]
    return sorted(pairs)


def are_same_picture(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Whether two lookalikes are one picture, by their hashes `[256]`."""
    return int((one == other).sum()) >= _SAME_BITS_ALIKE


def _normalise(features: NDArray[np.float16]) -> NDArray[np.float32]:
    floats = features.astype(np.float32)
    unit: NDArray[np.float32] = floats / np.maximum(
        np.linalg.norm(floats, axis=1, keepdims=True), 1e-6
    )
    return unit


def find_copies(content_ids: Sequence[str]) -> list[Pair]:
    """Pairs of row numbers with the same content: each photo with the first one like it."""
    first: dict[str, int] = {}
    return [
        (first[content_id], row)
        for row, content_id in enumerate(content_ids)
        if first.setdefault(content_id, row) != row
    ]


def join_groups(groups: Sequence[str], pairs: Sequence[Pair]) -> list[str]:
    """Groups in which the photos of every pair stand together; joined ones take the first's name.

    Args:
        groups: shoot or source of each photo.
        pairs: row numbers.
    """
    root = {name: name for name in groups}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for one, other in pairs:
        root[find(groups[other])] = find(groups[one])
    return [find(name) for name in groups]


def find_leaks(splits: Sequence[Split | None], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that stand in two parts of a data set."""
    return [(one, other) for one, other in pairs if splits[one] != splits[other]]


def describe_leaks(names: Sequence[str], leaks: Sequence[Pair]) -> str | None:
    """A sentence on photos that stand in two parts, with the first as an example; None for none.

    Args:
        names: what to call each photo.
        leaks: of `find_leaks`.
    """
    if not leaks:
        return None
    one, other = leaks[0]
    return (
        f"Photos that stand in two parts of the data set, so that its figures are too good: "
        f"{len(leaks)} ({names[one]} is {names[other]})."
    )
