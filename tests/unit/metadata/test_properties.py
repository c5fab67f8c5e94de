"""What holds for any keywords: any script, any separator, any length, any order."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tagger.core.rating import RatingChange
from tagger.metadata import PROFILES, KeywordChange, KeywordPath, plan_edits, read_metadata
from tagger.metadata.carriers import open_photo
from tagger.metadata.iptc import parse_iptc
from tagger.metadata.keyword_paths import clean_path, name_key, path_key
from tagger.metadata.photoshop import IPTC_ID, parse_resources
from tagger.metadata.profiles import Extra, Profile
from tests.pictures import make_picture

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
EVERYTHING = Profile("everything", "All at once, for tests.", frozenset(Extra))
SIGNS = "|/\\;,&<>'\"[]{}#@%=+*?:.-_~ "
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

any_script = st.text(
    st.one_of(
        st.sampled_from(SIGNS + "aZéÉeß\u017f\u0130\u0131"),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("e\u0301o\u0308花束حفل शादी свадьба😀👰🏽"),
    ),
    max_size=24,
)
names = st.one_of(any_script, any_script.map(lambda text: text * 5))
paths = st.lists(names, min_size=1, max_size=9).map(tuple)
flat_paths = names.map(lambda name: (name,))
keyword_sets = st.lists(st.one_of(paths, flat_paths), max_size=6).map(tuple)
profiles = st.sampled_from([*PROFILES.values(), EVERYTHING])
BARE = BytesIO()
make_picture(32, 24).save(BARE, "jpeg")


def write(photo: Path, change: KeywordChange, profile: Profile = EVERYTHING) -> None:
    for edit in plan_edits(photo, change, now=NOW, profile=profile):
        edit.verify(edit.after)
        edit.path.write_bytes(edit.after)


def fresh(folder: Path) -> Path:
    photo = folder / "a.jpg"
    photo.write_bytes(BARE.getvalue())
    photo.with_name("a.jpg.xmp").unlink(missing_ok=True)
    return photo


def read(photo: Path) -> tuple[set[str], set[tuple[str, ...]]]:
    """Keys of keywords and of paths."""
    sidecar = photo.with_name("a.jpg.xmp")
    held = read_metadata(photo, sidecars=[sidecar] if sidecar.exists() else [])
    assert not held.problems
    return set(map(name_key, held.keywords)), set(map(path_key, held.paths))


def wanted_keys(added: tuple[KeywordPath, ...]) -> tuple[set[str], set[tuple[str, ...]]]:
    cleaned = [path for path in map(clean_path, added) if path]
    long = {path_key(path) for path in cleaned if len(path) > 1}
    return {name_key(path[-1]) for path in cleaned}, long


@FEW
@given(added=keyword_sets, profile=profiles)
@example(added=(("a|b/c;d&e<f",), ("A|B", "c\\d")), profile=EVERYTHING)
@example(added=(("é", "e\u0301"), ("E\u0301",)), profile=EVERYTHING)
@example(added=(("\ufffe\uffff\x00",),), profile=EVERYTHING)
def test_what_is_written_is_read_back_and_can_be_taken_out(
    tmp_path: Path, added: tuple[KeywordPath, ...], profile: Profile
) -> None:
    photo = fresh(tmp_path)
    change = KeywordChange(add=added)

    write(photo, change, profile)
    assert read(photo) == wanted_keys(added)
    assert plan_edits(photo, change, now=NOW, profile=profile) == ()

    write(photo, KeywordChange(remove=added), profile)
    assert read(photo) == (set(), set())


@FEW
@given(first=keyword_sets, second=keyword_sets)
def test_what_was_there_stays_and_is_spelled_as_it_was(
    tmp_path: Path, first: tuple[KeywordPath, ...], second: tuple[KeywordPath, ...]
) -> None:
    photo = fresh(tmp_path)
    write(photo, KeywordChange(add=first))
    before = read_metadata(photo)

    write(photo, KeywordChange(add=second))

    after = read_metadata(photo)
    assert set(before.keywords) <= set(after.keywords)
    assert set(before.paths) <= set(after.paths)
    assert len(set(map(name_key, after.keywords))) == len(after.keywords)
    assert len(set(map(path_key, after.paths))) == len(after.paths)


@FEW
@given(first=keyword_sets, second=keyword_sets)
def test_adding_commutes(
    tmp_path: Path, first: tuple[KeywordPath, ...], second: tuple[KeywordPath, ...]
) -> None:
    results = []
    for order in permutations((first, second)):
        photo = fresh(tmp_path)
        for added in order:
            write(photo, KeywordChange(add=added))
        results.append(read(photo))

    photo = fresh(tmp_path)
    write(photo, KeywordChange(add=(*first, *second)))
    assert results[0] == results[1] == read(photo)


@FEW
@given(added=keyword_sets, stars=st.integers(-1, 5), label=any_script)
def test_stars_and_keywords_commute(
    tmp_path: Path, added: tuple[KeywordPath, ...], stars: int, label: str
) -> None:
    (text,) = clean_path((label,)) or ("",)
    rating = KeywordChange(rating=RatingChange(stars, text))
    results = []
    for order in permutations((KeywordChange(add=added), rating)):
        photo = fresh(tmp_path)
        for change in order:
            write(photo, change)
        held = read_metadata(photo)
        results.append((read(photo), held.rating or 0, held.label or ""))

    assert results[0] == results[1] == (wanted_keys(added), stars, text)


@FEW
@given(added=st.lists(names, max_size=6))
def test_iptc_holds_64_bytes_of_whole_characters(tmp_path: Path, added: list[str]) -> None:
    photo = fresh(tmp_path)
    write(photo, KeywordChange(add=tuple((name,) for name in added)))

    resources = parse_resources(open_photo(photo.read_bytes()).blocks.resources or b"")
    for keyword in parse_iptc(resources.find(IPTC_ID) or b"").keywords:
        assert 0 < len(keyword) <= 64
        assert keyword.decode()


@pytest.mark.parametrize("depth", [2, 30, 120])
def test_long_hierarchies_stay_whole(tmp_path: Path, depth: int) -> None:
    path = tuple(f"level {number} / of; {depth}" for number in range(depth))
    photo = fresh(tmp_path)

    write(photo, KeywordChange(add=(path,)))

    assert read(photo) == wanted_keys((path,))


@given(text=any_script)
def test_normal_forms_are_one_keyword(text: str) -> None:
    forms = {name_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}

    assert len(forms) == 1
