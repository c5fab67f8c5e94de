from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.core.ids import PhotoId
from tagger.services.browsing import _group_by_shoot
from tagger.services.listing import Listing, PhotoIds


@settings(deadline=None)
@given(st.lists(st.integers(1, 200), unique=True), st.sets(st.integers(1, 200)))
def test_places_of_photos_are_found_whatever_the_order(ids: list[int], wanted: set[int]) -> None:
    listing = Listing(ids=PhotoIds(np.asarray(ids, dtype=np.int64)))

    rows = listing.rows_of({PhotoId(photo) for photo in wanted})

    assert rows == [row for row, photo in enumerate(ids) if photo in wanted]


@settings(deadline=None)
@given(st.permutations(range(1, 31)), st.lists(st.integers(0, 4), min_size=31, max_size=31))
def test_photos_of_a_shoot_stand_together_in_their_order(ids: list[int], shoots: list[int]) -> None:
    titles = [f"shoot {number}" for number in range(5)]

    array, sections = _group_by_shoot(np.asarray(ids), np.asarray(shoots), titles)

    grouped = array.tolist()
    assert sorted(grouped) == sorted(ids)
    first_seen = list(dict.fromkeys(titles[shoots[photo]] for photo in ids))
    assert [section.title for section in sections] == first_seen
    for section in sections:
        members = grouped[section.start : section.start + section.count]
        assert members == [photo for photo in ids if titles[shoots[photo]] == section.title]


def test_no_photos_have_no_sections() -> None:
    nothing, sections = _group_by_shoot(np.empty(0, dtype=np.int64), np.asarray([0]), [])

    assert (nothing.tolist(), sections) == ([], ())


def test_ids_are_a_list_of_whole_numbers_that_keep_no_list() -> None:
    ids = PhotoIds(np.asarray([5, 3, 9]))

    assert (ids[1], ids[-1], ids[1:], list(ids), len(ids), 3 in ids) == (
        3,
        9,
        [3, 9],
        [5, 3, 9],
        3,
        True,
    )
    assert type(ids[0]) is int
    assert ids == [5, 3, 9]
    assert ids == PhotoIds(np.asarray([5, 3, 9]))
    assert ids != PhotoIds(np.asarray([5, 3]))
    assert not PhotoIds(np.empty(0, dtype=np.int64))
