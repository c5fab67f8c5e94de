"""Which index each queue and each search clause reads. A plan that scans rows fails here."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tagger.core.query import Sort
from tagger.core.tag import Verdict
from tagger.library import Library
from tagger.services.searching import parse_query
from tests.unit.library.shelf import TAKEN, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Reading every row of these costs what the library costs. A covering index is allowed: it is
# what makes a search over all names or all photos fast. So is one that holds a queue alone.
BIG = "photos|p|c|q|twin|predictions|pr|photo_tags|pt|decisions|d|history|h|file_keywords|k|f"
QUEUES = "photos_(to_tag|to_write|failed|raw|gone)"
FULL_SCAN = re.compile(rf"SCAN ({BIG})\b(?! USING (COVERING INDEX|INDEX {QUEUES}))")

SEARCHES = (
    "bride",
    "bouquet AND NOT bride",
    "score(bride):>0.8",
    "state:confirmed",
    "state:unsure",
    "untagged",
    "rating:>=4",
    "taken:2026",
    "folder:2026",
    "shoot:2026",
    "camera:canon",
    "file:*.cr3",
    "is:failed",
    "is:conflict",
    "is:pending",
    "is:raw",
    "is:missing",
    "is:offline",
    "posted:<180d",
)


class Recorder:
    """Notes every statement that a call runs, with its parameters filled in."""

    def __init__(self, library: Library, path: Path) -> None:
        self._library = library
        self._path = path

    def plans(self, call: Callable[[], object]) -> dict[str, list[str]]:
        """Statement to the lines of its plan."""
        statements: list[str] = []
        with self._library._store.reading() as db:
            db.set_trace_callback(statements.append)
        try:
            call()
        finally:
            with self._library._store.reading() as db:
                db.set_trace_callback(None)
        with closing(sqlite3.connect(self._path)) as db:
            return {
                statement: [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]
                for statement in statements
                if re.match(r"\s*(SELECT|WITH|UPDATE|INSERT|DELETE)", statement)
            }


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with Library.open(tmp_path_factory.mktemp("home")) as library:
        shelf = Shelf(library)
        shelf.scan(
            *(picture(f"2026/{n}.jpg", taken_at=TAKEN, keywords=["x"]) for n in range(50)),
            picture("2026/0.cr3", taken_at=TAKEN),
        )
        shelf.score({f"2026/{n}.jpg": {"bride": n / 50, "bouquet": 0.6} for n in range(40)})
        shelf.decide("2026/0.jpg", Verdict.CONFIRMED)
        yield shelf


@pytest.fixture(scope="module")
def recorder(shelf: Shelf) -> Recorder:
    return Recorder(shelf.library, shelf.library._store.path)


def assert_reads_indexes(plans: dict[str, list[str]]) -> None:
    assert plans
    for statement, plan in plans.items():
        for line in plan:
            assert not FULL_SCAN.search(line), f"{line}\n{statement}"
            assert "CORRELATED" not in line or "photos" not in line, f"{line}\n{statement}"


@pytest.mark.parametrize("text", SEARCHES)
def test_each_clause_reads_an_index(shelf: Shelf, recorder: Recorder, text: str) -> None:
    query = parse_query(text, ["bride", "bouquet"])

    assert_reads_indexes(recorder.plans(lambda: shelf.library.find(query)))


@pytest.mark.parametrize("sort", list(Sort))
def test_each_order_reads_an_index(shelf: Shelf, recorder: Recorder, sort: Sort) -> None:
    plans = recorder.plans(lambda: shelf.library.find(None, sort=sort))

    assert_reads_indexes(plans)
    assert not any("TEMP B-TREE" in line for plan in plans.values() for line in plan)


def test_counts_and_queues_read_indexes(shelf: Shelf, recorder: Recorder) -> None:
    library, folder_ids = shelf.library, [shelf.folder_id]
    for call in (
        library.count_by_class,
        library.summary,
        lambda: library.count_untagged(folder_ids),
        lambda: library.next_untagged(folder_ids, 9),
        lambda: library.count_unwritten(folder_ids),
        lambda: library.next_unwritten(folder_ids, 9),
        lambda: library.photo_rows(library.find(None)[:5]),
    ):
        assert_reads_indexes(recorder.plans(call))


def test_decisions_scans_and_scores_read_indexes(shelf: Shelf, recorder: Recorder) -> None:
    for call in (
        lambda: shelf.decide("2026/1.jpg", Verdict.REJECTED),
        shelf.library.undo,
        shelf.library.redo,
        lambda: shelf.score({"2026/2.jpg": {"bride": 0.9}}),
        lambda: shelf.scan(picture("2026/new.jpg", "2026/3.jpg"), gone=["2026/3.jpg"]),
        lambda: shelf.scan(picture("2026/4.jpg", "edited", taken_at=TAKEN)),
    ):
        assert_reads_indexes(recorder.plans(call))


def test_decisions_that_stand_are_looked_up_by_photo(shelf: Shelf, recorder: Recorder) -> None:
    plans = recorder.plans(shelf.library.undo)

    made = [line for plan in plans.values() for line in plan if "SEARCH s USING AUTOMATIC" in line]
    assert made
    assert all("photo_id=? AND tag_id=?" in line for line in made), "by tag alone it is quadratic"
