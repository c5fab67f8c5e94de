"""The greedy choice on made-up looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.ids import PhotoId
from tagger.services.lookalikes import ALIKE, SURE
from tagger.services.posts.choosing import Chosen, ClassPool

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray


class _Looks:
    """Vectors by photo; everything but `blurred` is sharp."""

    def __init__(self, angles: dict[int, float], blurred: Collection[int] = ()) -> None:
        self._angles = angles
        self._blurred = set(blurred)

    def vectors(self, ids: Collection[PhotoId]) -> dict[PhotoId, NDArray[np.float32]]:
        return {
            photo: np.array([np.cos(angle), np.sin(angle)], np.float32)
            for photo in ids
            if (angle := self._angles.get(photo)) is not None
        }

    def is_sharp(self, photo: PhotoId) -> bool:
        return photo not in self._blurred


def _pool(worth: Sequence[float], shoots: Sequence[int] | None = None) -> ClassPool:
    """Photos 0, 1, … the worthiest first."""
    ids = np.arange(len(worth), dtype=np.int64)
    numbers = np.arange(len(worth)) if shoots is None else np.array(shoots)
    return ClassPool(ids, np.array(worth, np.float32), numbers.astype(np.int64))


def _choose(chosen: Chosen, pool: ClassPool, count: int) -> list[int | None]:
    return [chosen.choose(pool) for _ in range(count)]


def test_the_worthiest_goes_first_and_none_comes_twice() -> None:
    chosen = Chosen(_Looks({0: 0.0, 1: 1.5, 2: 0.8}), None, allows_alike=False)
    assert _choose(chosen, _pool([0.9, 0.8, 0.7]), 4) == [0, 1, 2, None]


def test_look_alikes_are_left_out_unless_allowed() -> None:
    looks = {0: 0.0, 1: 0.05, 2: 1.4}
    strict = Chosen(_Looks(looks), None, allows_alike=False)
    assert _choose(strict, _pool([0.9, 0.89, 0.5]), 3) == [0, 2, None]
    free = Chosen(_Looks(looks), None, allows_alike=True)
    assert set(_choose(free, _pool([0.9, 0.89, 0.5]), 3)) == {0, 1, 2}


def test_a_copy_of_a_chosen_photo_is_no_look_alike_but_the_same() -> None:
    free = Chosen(_Looks({0: 0.3, 1: 0.3, 2: 1.4}), None, allows_alike=True)
    assert _choose(free, _pool([0.9, 0.9, 0.1]), 3) == [0, 2, None]


def test_within_one_wedding_photos_are_alike_sooner() -> None:
    looks = {0: 0.0, 1: float(np.arccos((ALIKE + SURE) / 2))}
    other = Chosen(_Looks(looks), None, allows_alike=False)
    assert _choose(other, _pool([0.9, 0.8], [1, 2]), 2) == [0, 1]
    same = Chosen(_Looks(looks), None, allows_alike=False)
    assert _choose(same, _pool([0.9, 0.8], [1, 1]), 2) == [0, None]


def test_a_little_less_worth_but_something_new_is_better() -> None:
    looks = {0: 0.0, 1: 0.8, 2: 1.57}
    chosen = Chosen(_Looks(looks), None, allows_alike=False)
    assert _choose(chosen, _pool([0.9, 0.8, 0.75]), 2) == [0, 2]


def test_so_many_of_one_wedding_and_no_more() -> None:
    chosen = Chosen(_Looks({}), 2, allows_alike=False)
    assert _choose(chosen, _pool([5, 4, 3, 2, 1], [7, 7, 7, 8, 7]), 4) == [0, 1, 3, None]


def test_blurred_photos_are_passed() -> None:
    chosen = Chosen(_Looks({}, blurred={0, 2}), None, allows_alike=False)
    assert _choose(chosen, _pool([4, 3, 2, 1]), 3) == [1, 3, None]


def test_a_class_without_photos_leaves_its_slide_empty_beside_chosen_ones() -> None:
    chosen = Chosen(_Looks({0: 0.0}), None, allows_alike=False)
    chosen.add(PhotoId(0), 0)
    assert chosen.choose(_pool([])) is None


def test_photos_far_down_are_reached_when_the_first_do_not_do() -> None:
    chosen = Chosen(_Looks({}, blurred=range(2000)), None, allows_alike=False)
    assert chosen.choose(_pool(np.linspace(1, 0, 2001).tolist(), [1] * 2001)) == 2000


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 3), st.floats(0, 6.3)), min_size=1, max_size=40
    ),
    st.integers(1, 3),
)
def test_the_rules_hold_for_any_library(
    photos: list[tuple[float, int, float]], per_shoot: int
) -> None:
    photos.sort(reverse=True)
    looks = _Looks({place: photo[2] for place, photo in enumerate(photos)})
    chosen = Chosen(looks, per_shoot, allows_alike=False)
    pool = _pool([photo[0] for photo in photos], [photo[1] for photo in photos])
    found = [place for place in _choose(chosen, pool, 9) if place is not None]
    assert len(set(found)) == len(found)
    for shoot in range(4):
        assert sum(photos[place][1] == shoot for place in found) <= per_shoot
    for one in found:
        for other in found:
            if one < other:
                assert np.cos(photos[one][2] - photos[other][2]) < SURE + 1e-4
