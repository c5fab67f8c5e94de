from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from tagger.ml.duplicates import (
    HASH_BITS,
    describe_leaks,
    find_copies,
    find_duplicates,
    find_leaks,
    hash_picture,
    join_groups,
)

if TYPE_CHECKING:
    from pathlib import Path


def make_texture(seed: int) -> Image.Image:
    """Shapes of every size, as photos have them."""
    rng = np.random.default_rng(seed)
    layers = [
        np.asarray(
            Image.fromarray(rng.integers(0, 255, (n, n, 3), np.uint8)).resize((300, 300)),
            np.float32,
        )
        for n in (4, 8, 16, 32)
    ]
    return Image.fromarray(np.mean(layers, axis=0).astype(np.uint8))


def shrink(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    small = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=50)
    return Image.open(file)


def lighten(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.2)


def test_a_copy_in_another_size_light_or_colour_is_found() -> None:
    image = make_texture(seed=1)
    hashes = np.stack([hash_picture(i) for i in (image, shrink(image), lighten(image))])
    assert hashes.shape == (3, HASH_BITS)
    assert find_duplicates(hashes) == [(0, 1), (0, 2), (1, 2)]


def test_other_pictures_are_not_taken_for_copies() -> None:
    hashes = np.stack([hash_picture(make_texture(seed=i)) for i in range(60)])
    assert find_duplicates(hashes) == []


def test_features_find_a_crop() -> None:
    """70 % of the bits are the same: a crop or another picture. Only the network can tell."""
    rng = np.random.default_rng(0)
    one = rng.random(HASH_BITS) < 0.5
    hashes = np.stack([one, one ^ (np.arange(HASH_BITS) < 0.3 * HASH_BITS)])
    features = rng.uniform(0.5, 1, size=(2, 2048)).astype(np.float16)
    features[1] = features[0] * np.float16(1.1)
    assert find_duplicates(hashes) == []
    assert find_duplicates(hashes, features) == [(0, 1)]
    features[1, ::2] = 0
    assert find_duplicates(hashes, features) == []


def test_features_alone_are_no_proof() -> None:
    hashes = np.random.default_rng(0).random((2, HASH_BITS)) < 0.5
    assert find_duplicates(hashes, np.ones((2, 2048), np.float16)) == []


def test_pairs_are_found_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagger.ml.duplicates._BLOCK", 4)
    hashes = np.random.default_rng(0).random((11, HASH_BITS)) < 0.5
    hashes[9] = hashes[2]
    hashes[10] = hashes[8]
    hashes[1] = hashes[0]
    assert find_duplicates(hashes) == [(0, 1), (2, 9), (8, 10)]


def test_a_blank_picture_has_a_hash() -> None:
    """One bit, of the mean light, and none of rounding errors."""
    assert hash_picture(Image.new("RGB", (50, 50), "white")).sum() == 1


def test_equal_content() -> None:
    assert find_copies(["a", "b", "a", "c", "b", "a"]) == [(0, 2), (1, 4), (0, 5)]


def test_groups_are_joined() -> None:
    groups = ["Ana", "Ana", "Eva", "Eva", "Mia"]
    assert join_groups(groups, [(1, 2)]) == ["Ana", "Ana", "Ana", "Ana", "Mia"]
    assert join_groups(groups, []) == groups


@given(
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8),
)
def test_joined_groups_hold_pairs_and_old_groups_together(
    groups: list[str], pairs: list[tuple[int, int]]
) -> None:
    pairs = [(i % len(groups), j % len(groups)) for i, j in pairs]
    joined = join_groups(groups, pairs)
    assert all(joined[i] == joined[j] for i, j in pairs)
    assert all(
        joined[i] == joined[j]
        for i in range(len(groups))
        for j in range(len(groups))
        if groups[i] == groups[j]
    )
    touched = {groups[i] for pair in pairs for i in pair}
    assert all(joined[i] == groups[i] for i in range(len(groups)) if groups[i] not in touched)


def test_photos_on_both_sides_are_said() -> None:
    leaks = find_leaks(["train", "train", "validation"], [(0, 1), (0, 2)])
    assert leaks == [(0, 2)]
    sentence = describe_leaks(["a.jpg", "b.jpg", "c.jpg"], leaks)
    assert sentence is not None
    assert "1 (a.jpg is c.jpg)" in sentence
    assert describe_leaks(["a.jpg"], []) is None


@pytest.mark.slow
def test_the_wedding_photos_hold_no_picture_twice_but_copies_are_found(wedding_dir: Path) -> None:
    paths = sorted((wedding_dir / "images").rglob("*.jpg"))
    images = [Image.open(path) for path in paths]
    hashes = [hash_picture(image) for image in images]
    assert find_duplicates(np.stack(hashes)) == []
    copies = [hash_picture(lighten(shrink(image.convert("RGB")))) for image in images[:100]]
    found = find_duplicates(np.stack(hashes[:100] + copies))
    assert sum(other == one + 100 for one, other in found) >= 99
