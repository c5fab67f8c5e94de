"""Merging what changed."""

from __future__ import annotations

from tagger.core.changes import Changes
from tagger.core.ids import PhotoId

ONE = Changes(frozenset({PhotoId(1)}), tags=True)
TWO = Changes(frozenset({PhotoId(2)}), membership=True, read_again=frozenset({PhotoId(2)}))
ANY = Changes(tags=True)


def test_two_changes_are_one_with_the_photos_of_both() -> None:
    both = ONE | TWO
    assert both == TWO | ONE
    assert sorted(both.photo_ids) == [1, 2]
    assert sorted(both.read_again) == [2]
    assert both.membership
    assert both.tags


def test_what_may_concern_any_photo_still_does_beside_another_change() -> None:
    for merged in (ANY | TWO, TWO | ANY, ANY | ONE, ONE | ANY | TWO):
        assert merged.is_everywhere
        assert merged.photo_ids == frozenset()
    assert not (ONE | Changes(membership=True)).is_everywhere
    assert (Changes() | ONE) == ONE
