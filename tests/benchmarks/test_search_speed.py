"""How long searches and counts take on 100,000 photos, and what storing costs.

Each search is measured twice: the first time, when all photos are listed, as the window does when
it opens, and nothing else is in memory; and again, as while somebody clicks through filters. The
machine may be busy, so each figure is given as time that passed and as processor time.

Repeat with: `.venv/bin/pytest tests/benchmarks/test_search_speed.py -m benchmark_only -s`
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

import pytest

from tagger.core.ids import ContentId
from tagger.core.photo import Capture, ScannedPhoto, Stamp
from tagger.core.tag import Verdict
from tagger.library import ClassRecord, DecisionRequest, Library, ModelRecord, ScoredPhoto, Sort
from tagger.services.facets import ask_counts
from tagger.services.ribbon import read_ribbon
from tagger.services.searching import parse_query
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# Filling the library takes minutes on a busy machine.
pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(1800)]

PHOTOS = 100_000
CLASSES = (
    *("bride", "bouquet", "newlyweds", "reception_room", "wedding_party", "details"),
    *("ceremony", "cake", "venue", "dance", "rings", "groom"),
)

TWO_CLAUSES = (
    "bouquet AND NOT bride",
    "bride OR NOT bouquet",
    "NOT bride NOT bouquet",
    "bride rating:>=4",
    "NOT bride rating:>=0",
    "bride IMG_1",
    "NOT bride IMG",
    "bride taken:2026-06..2026-08",
    "NOT bride taken:2020..",
    'dance folder:"2026/Wedding 03*"',
    "IMG rating:>=3",
    "IMG taken:2024..",
    "score(bride):>0.8 rating:5",
    "score(bride):>=0 NOT cake",
    "state:confirmed shoot:2026*",
    "state:unsure bride",
    "untagged camera:canon",
    "file:*.jpg NOT bride",
    "keyword OR DSC",
    "is:pending bride",
    "state:predicted NOT untagged",
    "state(bride):unsure rating:5",
    "state:rejected OR state:corrected",
    'keyword "keyword 17"',
    "wedding NOT keyword",
    "camera:sony taken:2020..2022",
    "shoot:wedding rating:<3",
    "folder:2026 file:img_*",
    "score(rings):<0.1 OR score(groom):>0.9",
    "is:failed OR is:raw",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library as ten years of weddings leave it, through the same door as the program."""
    with Library.open(tmp_path_factory.mktemp("home")) as library:
        started = perf_counter()
        _fill(library)
        print(f"\nfilled with {PHOTOS:,} photos in {perf_counter() - started:.0f} s")
        yield library


def _fill(library: Library) -> None:
    rng = random.Random(1)
    folder = library.add_folder(Path("/photos"))
    for start in range(0, PHOTOS, 5_000):
        library.store_scan(folder.id, [_photo(n, rng) for n in range(start, start + 5_000)])
    model = ModelRecord(
        "bench", "f", "b", tuple(ClassRecord(name, ("Wedding", name), 0.5) for name in CLASSES)
    )
    model_id = library.register_model(model)
    tag_ids = [tag.id for tag in library.tags()]
    decided: list[DecisionRequest] = []
    while page := library.next_untagged([folder.id], 5_000):
        library.store_scores(
            model_id,
            [ScoredPhoto(photo.id, {tag: rng.random() ** 4 for tag in tag_ids}) for photo in page],
        )
        decided += [
            DecisionRequest(photo.id, rng.choice(tag_ids), rng.choice(list(Verdict)))
            for photo in page[::10]
        ]
    library.decide(decided, label="bench")


def _photo(number: int, rng: random.Random) -> ScannedPhoto:
    wedding = number // 800
    year = 2017 + wedding // 13
    stem = f"IMG_{number % 10_000:04d}" if wedding % 2 else f"DSC{number % 10_000:05d}"
    taken_at = datetime(year, 1 + wedding % 12, 1 + wedding % 28, 10) + timedelta(  # noqa: DTZ001
        seconds=number % 800 * 45
    )
    return ScannedPhoto(
        rel_path=f"{year}/Wedding {wedding:03d}/{stem}.jpg",
        stamp=Stamp(8_000_000 + number, number),
        content_id=ContentId(f"{number:032x}"),
        capture=Capture(taken_at, ("Canon EOS R6", "SONY ILCE-7M4")[wedding % 2], 6000, 4000),
        keywords=tuple(f"Keyword {rng.randrange(300)}" for _ in range(3)),
        rating=rng.choice((None, None, 0, 1, 2, 3, 4, 5)),
    )


@dataclass(frozen=True)
class Cost:
    """The best of several rounds in milliseconds.

    Attributes:
        wall: as a person waits; grows with what else the machine does.
        cpu: what the code itself took; the same on an idle machine as `wall`.
    """

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:7.1f} ms ({self.cpu:5.1f} of CPU)"


def slowest(costs: list[Cost]) -> Cost:
    return Cost(max(cost.wall for cost in costs), max(cost.cpu for cost in costs))


def do_nothing() -> None:
    """Before a round that needs no preparing."""


def measure(
    call: Callable[[], object], rounds: int = 7, *, before: Callable[[], object] = do_nothing
) -> Cost:
    wall, cpu = [], []
    for _ in range(rounds):
        before()
        started, started_cpu = perf_counter(), thread_time()
        call()
        wall.append(perf_counter() - started)
        cpu.append(thread_time() - started_cpu)
    return Cost(min(wall) * 1000, min(cpu) * 1000)


def test_id_lists_of_two_clauses(library: Library) -> None:
    first, again = [], []

    def list_all() -> None:
        library._kept.clear()
        library.find(None)

    for text in TWO_CLAUSES:
        find = partial(library.find, parse_query(text, CLASSES))
        first.append(measure(find, before=list_all))
        again.append(measure(find))
        print(f"{first[-1]} first {again[-1]} again {len(find()):7,} photos  {text}")
    print(f"{slowest(first)} slowest of {len(TWO_CLAUSES)} the first time")
    print(f"{slowest(again)} slowest of {len(TWO_CLAUSES)} again; 60 ms are the aim")


def test_orders(library: Library) -> None:
    query = parse_query("bride OR bouquet", CLASSES)
    for sort in Sort:
        print(f"{measure(partial(library.find, query, sort=sort))} sorted by {sort}")
    every = partial(library.find, None)
    print(f"{measure(every, before=library._kept.clear)} all photos the first time")
    print(f"{measure(every)} all photos again")


def test_counts(library: Library) -> None:
    query = parse_query("rating:>=4", CLASSES)
    for name, before in (("first", library._kept.clear), ("again", do_nothing)):
        print(f"{name}:")
        cost = measure(library.count_by_class, before=before)
        print(f"{cost} counts by class; 250 ms are the aim")
        cost = measure(partial(library.count_by_class, query), before=before)
        print(f"{cost} counts within a search")
        print(f"{measure(library.summary, before=before)} summary")


def test_counts_beside_the_filters(library: Library) -> None:
    """Days, cameras, ratings and states, as the window asks for them after each change."""
    for text in ("", "bride", "rating:>=4", "bride taken:2019 camera:canon"):
        question = ask_counts(parse_query(text, CLASSES) if text else None)
        count = partial(library.count_facets, question)
        first, again = measure(count, 5, before=library._kept.clear), measure(count)
        print(f"{first} first {again} again, counts beside the filters: {text or 'everything'}")
    print("100 ms are the aim")


def test_the_hours_of_a_shoot(library: Library, tmp_path: Path) -> None:
    """The largest shoot of the library as a coloured strip."""
    largest = max(library.count_shoots(), key=lambda item: item.count)
    read = partial(read_ribbon, Workspace(tmp_path, library), largest.shoot)
    print(f"{measure(read)} ribbon of {largest.count} photos; 100 ms are the aim")


def test_a_screen_of_rows(library: Library) -> None:
    ids = library.find(None)[50_000:50_100]
    print(f"{measure(partial(library.photo_rows, ids))} for 100 rows")


def test_queues(library: Library) -> None:
    folder_ids = [folder.id for folder in library.folders()]
    print(f"{measure(partial(library.next_untagged, folder_ids, 64))} next 64 to tag")
    print(f"{measure(partial(library.next_unwritten, folder_ids, 64))} next 64 to write")


def test_one_decision(library: Library) -> None:
    photo_id = library.find(None)[0]
    tag_id = library.tags()[0].id
    verdicts = iter([Verdict.CONFIRMED, Verdict.REJECTED] * 10)

    def decide() -> None:
        library.decide([DecisionRequest(photo_id, tag_id, next(verdicts))], label="x")

    print(f"{measure(decide, 20)} one decision, on the disk")
