from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, WrongUseError
from tagger.core.query import Sort
from tagger.core.tag import Verdict
from tagger.library import Library, ScoredPhoto
from tagger.library.facets import FacetQuestion
from tagger.services.searching import parse_query
from tests.unit.library.shelf import MODEL, ROOT, TAKEN, Clock, Shelf, picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.ids import FolderId

DAY = timedelta(days=1)
ALL = {"1", "2", "3", "4", "5", "6"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Six photos; 5 has a RAW companion, 6 is unreadable, 7 and its tags are gone."""
    with Library.open(tmp_path_factory.mktemp("home"), now=Clock()) as library:
        shelf = Shelf(library)
        shelf.scan(
            picture("2026/Ana & Luis/1.jpg", taken_at=TAKEN, rating=5, camera="Canon EOS R6"),
            picture("2026/Ana & Luis/2.jpg", taken_at=TAKEN + DAY, rating=3, keywords=["Élan"]),
            picture("2026/Ana & Luis/party/3.jpg", taken_at=TAKEN + 40 * DAY, camera="NIKON Z 8"),
            picture("2025/Bo [x]/4.jpg", taken_at=TAKEN - 365 * DAY, rating=-1),
            picture("2025/Bo [x]/5.jpg", taken_at=TAKEN - 364 * DAY, keywords=["Wedding|Cake"]),
            picture("2025/Bo [x]/5.NEF", taken_at=TAKEN - 364 * DAY),
            picture("6.jpg", error="It is cut off."),
            picture("7.jpg"),
        )
        shelf.score(
            {
                "2026/Ana & Luis/1.jpg": {"bride": 0.9, "bouquet": 0.8},
                "2026/Ana & Luis/2.jpg": {"bride": 0.6, "bouquet": 0.1},
                "2026/Ana & Luis/party/3.jpg": {"bride": 0.45, "reception_room": 0.99},
                "2025/Bo [x]/4.jpg": {"bride": 0.95, "bouquet": 0.95},
                "2025/Bo [x]/5.jpg": {"bride": 0.1, "bouquet": 0.2},
                "7.jpg": {"bride": 0.99},
            }
        )
        shelf.decide("2026/Ana & Luis/1.jpg", Verdict.CONFIRMED)
        shelf.decide("2025/Bo [x]/4.jpg", Verdict.REJECTED)
        shelf.decide("2025/Bo [x]/5.jpg", Verdict.CORRECTED, "bouquet")
        shelf.write("2025/Bo [x]/5.jpg")
        shelf.scan(gone=["7.jpg"])
        vectors = {"2026/Ana & Luis/1.jpg": (1, 0), "2026/Ana & Luis/2.jpg": (0.9, 0.1)}
        for path, vector in vectors.items():
            row = shelf.row(path)
            scores = {library.find_tag(name).id: s for name, s in library.scores(row.id).items()}
            feature = np.array(vector, dtype="<f2").tobytes()
            library.store_scores(shelf.model_id, [ScoredPhoto(row.id, scores, feature)])
        yield shelf


def find(
    shelf: Shelf, text: str, sort: Sort = Sort.TAKEN, offline: tuple[FolderId, ...] = ()
) -> str:
    """The names of what a text finds, without suffix, in order."""
    library = shelf.library
    query = parse_query(text, [tag.name for tag in library.tags()])
    rows = library.photo_rows(library.find(query, sort=sort, offline=offline))
    return "".join(row.path.stem for row in rows)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "123456"),
        ("bride", "12"),
        ("bouquet", "145"),
        ("bouquet AND NOT bride", "45"),
        ("bride OR reception", "123"),
        ("NOT bride", "3456"),
        ("NOT (bride OR bouquet)", "36"),
        ("NOT NOT bride", "12"),
        ("score(bride):>=0.9", "14"),
        ("score(bride):<0.5", "35"),
        ("state:unsure", "23"),
        ("state(bride):unsure", "23"),
        ("state:predicted", "1234"),
        ("state:confirmed", "1"),
        ("state:corrected", "5"),
        ("state:rejected", "4"),
        ("state(bouquet):rejected", ""),
        ("untagged", "6"),
        ("rating:5", "1"),
        ("rating:>=3", "12"),
        ("rating:0", "356"),
        ("rating:<=0", "3456"),
        ("rating:<0", "4"),
        ("rating:>-1", "12356"),
        ("taken:2026", "123"),
        ("taken:2026-06", "12"),
        ("taken:2026-06-20", "1"),
        ("taken:2026-07..", "3"),
        ("taken:..2025", "45"),
        ("taken:2025-06-21..2026-06-20", "15"),
        ("taken:..9999", "12345"),
        ("taken:2026-06-20T00..2026-06-20T23", "1"),
        ("taken:2026-06-20T23:59:59..9999-12-31T23:59:59", "23"),
        ("taken:..2025-06-20T23", "4"),
        ('folder:"2026/Ana & Luis"', "123"),
        ("folder:ana*", "123"),
        ("folder:an", ""),
        ("folder:party", "3"),
        ('folder:"bo [x]"', "45"),
        ('folder:"b? [x]"', "45"),
        (f'folder:"{ROOT.as_posix()}/2025"', "45"),
        (f"folder:{ROOT.name}", "123456"),
        ("shoot:ana", "123"),
        ("shoot:2025*", "45"),
        ('shoot:"2025/Bo [x]"', "45"),
        ("camera:canon", "1"),
        ("camera:*8", "3"),
        ("file:*.nef", "5"),
        ("file:?.jpg", "123456"),
        ("file:[1].jpg", ""),
        ("luis", "123"),
        ("ÉLAN", "2"),
        ("e\u0301lan", "2"),
        ('"wedding|cake"', "5"),
        ("nef", "5"),
        ("photos", "123456"),
        ("zebra", ""),
        ("is:failed", "6"),
        ("is:pending", "15"),
        ("is:written", "5"),
        ("is:raw", "5"),
        ("is:missing", "7"),
        ("is:missing OR bride", "127"),
        ("is:missing bride", "7"),
        ("is:offline", ""),
        ("similar:1", "12"),
        ("similar:1 rating:3", "2"),
    ],
)
def test_each_clause(shelf: Shelf, text: str, names: str) -> None:
    assert "".join(sorted(find(shelf, text))) == names


def test_orders(shelf: Shelf) -> None:
    assert find(shelf, "") == "451236"
    assert find(shelf, "", Sort.NAME) == "123456"
    assert find(shelf, "", Sort.ADDED) == "654321"
    assert find(shelf, "bride", Sort.SCORE) == "12"
    assert find(shelf, "NOT bouquet", Sort.SCORE) == "326"
    assert find(shelf, "score(bride):>0 OR bouquet", Sort.SCORE) == "41235"


def test_a_photo_without_a_score_yet_comes_last(library: Library) -> None:
    shelf = Shelf(library)
    shelf.scan(picture("1.jpg"), picture("2.jpg"))
    shelf.score({"1.jpg": {"bride": 0.3, "bouquet": 0.2}, "2.jpg": {"bride": 0.1, "bouquet": 0.6}})
    assert find(shelf, "", Sort.SCORE) == "21"

    shelf.scan(picture("0.jpg"))

    assert find(shelf, "", Sort.SCORE) == "210"


def test_a_search_that_nobody_waits_for_ends_before_it_reads(shelf: Shelf) -> None:
    library, cancel = shelf.library, CancelToken()
    ids = library.find_ids(None, sort=Sort.NAME, cancel=cancel)
    assert ids.tolist() == library.find(None, sort=Sort.NAME)
    library._kept.clear()
    cancel.cancel()

    with pytest.raises(CancelledError):
        library.find_ids(None, sort=Sort.NAME, cancel=cancel)
    with pytest.raises(CancelledError):
        library.count_by_class(cancel=cancel)
    with pytest.raises(CancelledError):
        library.count_facets(FacetQuestion(), cancel=cancel)


def test_limit_and_folders(shelf: Shelf) -> None:
    library = shelf.library
    assert library.find(None, limit=2) == library.find(None)[:2]
    assert library.find(None, folder_ids=[]) == []
    assert library.find(None, folder_ids=[shelf.folder_id]) == library.find(None)


def test_offline_photos_are_found_as_such(shelf: Shelf) -> None:
    offline = (shelf.folder_id,)

    assert sorted(find(shelf, "is:offline", offline=offline)) == sorted(ALL)
    assert find(shelf, "NOT is:offline", offline=offline) == ""
    assert shelf.library.summary(offline=offline).offline == 6


def test_similar_by_path(shelf: Shelf) -> None:
    path = ROOT / "2026/Ana & Luis/1.jpg"

    assert sorted(find(shelf, f'similar:"{path.as_posix()}"')) == ["1", "2"]


@pytest.mark.parametrize("reference", ["999", "/nowhere.jpg", "3", "9" * 30])
def test_nothing_is_similar_to_what_was_not_seen(shelf: Shelf, reference: str) -> None:
    with pytest.raises(WrongUseError):
        find(shelf, f"similar:{reference}")


def test_a_class_that_is_gone_from_a_saved_search(shelf: Shelf) -> None:
    query = parse_query("tag:mermaid", ["mermaid"])

    with pytest.raises(WrongUseError, match="mermaid"):
        shelf.library.find(query)


def test_counts(shelf: Shelf) -> None:
    count = shelf.library.count_by_class
    assert count() == {"bride": 2, "bouquet": 3, "reception_room": 1}
    assert count(parse_query("rating:>=3", [])) == {"bride": 2, "bouquet": 1, "reception_room": 0}
    assert count(folder_ids=[]) == {"bride": 0, "bouquet": 0, "reception_room": 0}


def test_the_library_in_numbers(shelf: Shelf) -> None:
    summary = shelf.library.summary()

    assert (summary.photos, summary.tagged, summary.failed) == (6, 5, 1)
    assert (summary.pending_writes, summary.offline) == (2, 0)


def test_an_empty_library(library: Library) -> None:
    for text in ("", "untagged", "x", "NOT x", "is:missing", "state:unsure", "is:raw"):
        assert library.find(parse_query(text, [])) == []
    assert library.count_by_class() == {}
    for sort in Sort:
        assert library.find(None, sort=sort) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_names_that_are_not_utf_8_are_found(library: Library) -> None:
    shelf = Shelf(library)
    shelf.scan(picture(os.fsdecode(b"caf\xe9/\xff.jpg"), "x"))

    assert len(library.find(parse_query(os.fsdecode(b"folder:caf\xe9"), []))) == 1
    assert len(library.find(parse_query(os.fsdecode(b"\xff"), []))) == 1


@pytest.mark.parametrize("odd", [1, 6], ids=["most keywords fit", "half of them fit"])
def test_a_word_that_fits_many_keywords(library: Library, odd: int) -> None:
    """However many fit, a photo is found if one of its keywords does."""
    shelf = Shelf(library)
    others = [f"other {number}" for number in range(odd)]
    words = [f"Party {number}" for number in range(12)]
    shelf.scan(
        picture("1.jpg", keywords=words),
        picture("2.jpg", keywords=others),
        picture("3.jpg", keywords=[*others, words[0]]),
        picture("4.jpg"),
    )

    assert find(shelf, "party") == "13"
    assert find(shelf, "NOT party") == "24"
    assert find(shelf, "other") == "23"


def test_unsure_is_measured_by_the_way_from_the_threshold_to_either_end(library: Library) -> None:
    """A class that counts from 0.2 on is not in doubt at 0.1, nor at 0.5."""
    shelf = Shelf(library)
    shelf.scan(*(picture(f"{number}.jpg") for number in range(1, 6)))
    scores = (0.1, 0.15, 0.4, 0.5, 0.99)
    shelf.score({f"{n}.jpg": {"bride": score} for n, score in enumerate(scores, start=1)})
    lower = [replace(entry, threshold=0.2) for entry in MODEL.classes]
    library.register_model(replace(MODEL, classes=tuple(lower)))

    assert find(shelf, "state(bride):unsure") == "23"
