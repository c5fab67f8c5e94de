from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.core.ids import PhotoId
from tagger.services.browsing import _group_by_shoot
from tagger.services.listing import Listing


@settings(deadline=None)
@given(st.lists(st.integers(1, 200), unique=True), st.sets(st.integers(1, 200)))
def test_places_of_photos_are_found_whatever_the_order(ids: list[int], wanted: set[int]) -> None:
    listing = Listing(ids=[PhotoId(photo) for photo in ids])

    rows = listing.rows_of({PhotoId(photo) for photo in wanted})

    assert rows == [row for row, photo in enumerate(ids) if photo in wanted]


@settings(deadline=None)
@given(st.permutations(range(1, 31)), st.lists(st.integers(0, 4), min_size=31, max_size=31))
def test_photos_of_a_shoot_stand_together_in_their_order(ids: list[int], shoots: list[int]) -> None:
    titles = [f"shoot {number}" for number in range(5)]

    photos = [PhotoId(photo) for photo in ids]
    grouped, sections = _group_by_shoot(photos, np.asarray(shoots), titles)

    assert sorted(grouped) == sorted(ids)
    first_seen = list(dict.fromkeys(titles[shoots[photo]] for photo in ids))
    assert [section.title for section in sections] == first_seen
    for section in sections:
        members = grouped[section.start : section.start + section.count]
        assert members == [photo for photo in ids if titles[shoots[photo]] == section.title]


def test_no_photos_have_no_sections() -> None:
    assert _group_by_shoot([], np.asarray([0]), []) == ([], ())
