from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.rating import RatingChange
from tagger.core.tag import Verdict
from tagger.library import Library
from tagger.library.kept_reads import KeptReads
from tagger.library.revisions import Subject, read_revisions
from tagger.services.searching import parse_query
from tests.unit.library.shelf import TAKEN, Clock, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.library.kept_reads import Question

PHOTOS = ("a/1.jpg", "b/2.jpg")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Two photos, scored."""
    with Library.open(tmp_path, now=Clock()) as library:
        shelf = Shelf(library)
        shelf.scan(*(picture(path, taken_at=TAKEN, keywords=["old"]) for path in PHOTOS))
        shelf.score({path: {"bride": 0.9} for path in PHOTOS})
        yield shelf


def find(shelf: Shelf, text: str) -> int:
    """How many photos a search finds."""
    return len(shelf.library.find(parse_query(text, ["bride"])))


def read(shelf: Shelf) -> dict[Subject, int]:
    with shelf.library._store.reading() as db:
        return read_revisions(db)


def ask(number: int) -> Question:
    return (Subject.FILES, "id FROM photos WHERE id = ?", (number,))


def test_an_answer_counts_for_its_revision_alone() -> None:
    kept = KeptReads()
    kept.put(ask(1), 7, np.arange(3))

    answer = kept.get(ask(1), 7)

    assert answer is not None
    assert answer.tolist() == [0, 1, 2]
    assert not answer.flags.writeable
    assert kept.get(ask(1), 6) is None
    assert kept.get(ask(1), 8) is None
    assert kept.get(ask(2), 7) is None


def test_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    kept = KeptReads(most_bytes=3000)
    for number in (1, 2):
        kept.put(ask(number), 0, np.arange(100))
    kept.get(ask(1), 0)
    kept.put(ask(3), 0, np.arange(100))

    assert [number for number in (1, 2, 3) if kept.get(ask(number), 0) is not None] == [1, 3]


def test_an_answer_too_big_to_keep_pushes_out_all_and_stays_out() -> None:
    kept = KeptReads(most_bytes=700)
    kept.put(ask(1), 0, np.arange(100))

    assert kept.get(ask(1), 0) is None
    kept.put(ask(2), 0, np.arange(10))
    assert kept.get(ask(2), 0) is not None


def test_answers_without_a_photo_are_bounded_too() -> None:
    kept = KeptReads(most_bytes=10_000)
    for number in range(100):
        kept.put(ask(number), 0, np.arange(0))

    assert sum(kept.get(ask(number), 0) is not None for number in range(100)) < 20


def test_changes_of_files_show_in_the_next_search(shelf: Shelf) -> None:
    assert (find(shelf, "folder:a"), find(shelf, "old"), find(shelf, "rating:5")) == (1, 2, 0)

    shelf.scan(picture("a/3.jpg", keywords=["new"], rating=5), gone=["b/2.jpg"])

    assert (find(shelf, "folder:a"), find(shelf, "old"), find(shelf, "rating:5")) == (2, 1, 1)
    assert find(shelf, "new") == 1


def test_changes_by_another_program_show_in_the_next_search(shelf: Shelf, tmp_path: Path) -> None:
    assert find(shelf, "bride") == 2

    with Library.open(tmp_path) as other:
        Shelf(other).decide("a/1.jpg", Verdict.REJECTED)

    assert find(shelf, "bride") == 1
    assert shelf.library.count_by_class()["bride"] == 1


def test_only_what_changed_is_read_again(shelf: Shelf) -> None:
    before = read(shelf)
    shelf.decide("a/1.jpg", Verdict.CONFIRMED)
    decided = read(shelf)
    shelf.library.rate([shelf.row("a/1.jpg").id], RatingChange(rating=4), label="stars")
    rated = read(shelf)
    shelf.score({"a/1.jpg": {"bride": 0.8}})
    scored = read(shelf)

    assert grown(before, decided) == {Subject.TAGS}
    assert grown(decided, rated) == {Subject.FILES}
    assert grown(rated, scored) == {Subject.SCORES, Subject.TAGS}


def grown(before: dict[Subject, int], after: dict[Subject, int]) -> set[Subject]:
    return {subject for subject in Subject if after[subject] > before[subject]}
