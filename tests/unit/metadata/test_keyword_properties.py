"""Keywords in any script, added and taken back, in photos with every carrier."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.metadata import KeywordChange, keywords_after, plan_edits, read_metadata
from tagger.metadata.keyword_paths import (
    clean_path,
    join_path,
    name_key,
    path_key,
    split_path,
    unique_paths,
)
from tests.packets import (
    array,
    dataset,
    exif_block,
    exif_segment,
    packet,
    photoshop_segment,
    resource,
    save_jpeg_with,
    xmp_segment,
)

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
names = st.text(min_size=1, max_size=90).filter(lambda name: clean_path((name,)) != ())
paths = st.lists(names, min_size=1, max_size=3).map(tuple)


@given(st.lists(paths, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_what_is_added_is_there_and_can_be_taken_back(added: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as folder:
        photo = save_jpeg_with(
            Path(folder) / "a.jpg",
            exif_segment(exif_block("Windows")),
            photoshop_segment(resource(0x0404, dataset(2, 120, b"caption"))),
            xmp_segment(
                packet(
                    array("digiKam:TagsList", ["Places/Berlin"], "Seq"),
                    array("dc:subject", ["Berlin"]),
                )
            ),
        )
        before = read_metadata(photo)
        change = KeywordChange(add=tuple(added))
        for edit in plan_edits(photo, change, now=NOW):
            edit.verify(edit.after)
            photo.write_bytes(edit.after)

        held = read_metadata(photo)
        keys = {name_key(name) for name in held.keywords}
        for path in unique_paths(change.add):
            assert name_key(path[-1]) in keys
            assert len(path) == 1 or path_key(path) in {path_key(one) for one in held.paths}
        assert len(keys) == len(held.keywords)
        assert set(before.keywords) <= set(held.keywords)
        assert plan_edits(photo, change, now=NOW) == ()

        present = {path_key(path) for path in before.paths} | {
            (name_key(name),) for name in before.keywords
        }
        new = tuple(path for path in unique_paths(change.add) if path_key(path) not in present)
        after = keywords_after(photo, plan_edits(photo, KeywordChange(remove=new), now=NOW))
        assert {name_key(one) for one in after.keywords} == {
            name_key(one) for one in before.keywords
        } or any(name_key(path[-1]) in {"berlin", "windows"} for path in new)
        assert set(after.paths) == set(before.paths) or not new


@given(paths, st.sampled_from("|/"))
def test_paths_survive_their_spelling(path: tuple[str, ...], separator: str) -> None:
    clean = clean_path(path)
    again = split_path(join_path(clean, separator), separator)
    assert path_key(again) == path_key(clean)


@given(names)
def test_cleaning_is_final_and_unicode_forms_are_one(name: str) -> None:
    clean = clean_path((name,))
    assert clean_path(clean) == clean
    for form in ("NFC", "NFD"):
        assert name_key(unicodedata.normalize(form, clean[0])) == name_key(clean[0])
