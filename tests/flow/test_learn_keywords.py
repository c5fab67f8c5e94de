"""“Learn from your Lightroom keywords”, as a user meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.tag import Verdict
from tagger.library import ClassRecord, Library, ModelRecord
from tagger.metadata import read_metadata
from tests.packets import array, packet, save_jpeg_with, xmp_segment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flow.conftest import Tagger

CLASSES = (
    ClassRecord("bride", ("Wedding", "Bride"), 0.5),
    ClassRecord("reception_room", ("Wedding", "Reception Room"), 0.5),
)


def test_keywords_of_other_programs_become_decisions(tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, words in enumerate((["BRIDE", "Ana"], ["Braut"], ["Reception Room"], ["bride"])):
        content = packet(array("dc:subject", words))
        save_jpeg_with(folder / f"{number}.jpg", xmp_segment(content))
    with Library.open(tagger.home) as library:
        library.register_model(ModelRecord("m", "f", "b", CLASSES))
    tagger("add", folder)
    tagger("scan")
    before = [path.read_bytes() for path in sorted(folder.iterdir())]

    shown = tagger("learn-keywords", "--map", "Braut=bride", "--dry-run", "--json").json
    means = {one["keyword"]: one["class_name"] for one in shown["keywords"]}
    assert means == {
        "bride": "bride",
        "Braut": "bride",
        "Reception Room": "reception_room",
        "Ana": None,
    }
    assert shown["changed"] == 0

    outcome = tagger("learn-keywords", "--map", "Braut=bride")
    assert "4 files changed" in outcome.out
    assert "Ana" in outcome.out
    found = tagger("find", "bride", "--json").json
    assert {tag["state"] for photo in found for tag in photo["tags"]} == {Verdict.CONFIRMED}
    assert len(found) == 3
    assert tagger("write", "--dry-run", "--json").json == []
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before

    tagger("undo")
    assert tagger("find", "bride", "--json").json == []

    again = tagger("learn-keywords", "--dry-run", "--json").json["keywords"]
    assert {one["keyword"]: one["class_name"] for one in again} == means
    tagger("learn-keywords", "--map", "Braut=none")
    assert len(tagger("find", "bride", "--json").json) == 2


def test_classes_whose_keywords_end_alike_are_told_apart(tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, path in enumerate(("Wedding|Bride", "Family|Bride", None)):
        hierarchy = [array("lr:hierarchicalSubject", [path])] if path else []
        content = packet(array("dc:subject", ["Bride"]), *hierarchy)
        save_jpeg_with(folder / f"{number}.jpg", xmp_segment(content))
    with Library.open(tagger.home) as library:
        library.register_model(ModelRecord("m", "f", "b", CLASSES))
        library.add_tag("mother", ("Family", "Bride"))
    tagger("add", folder)
    tagger("scan")

    def found(query: str) -> list[str]:
        return sorted(photo["path"][-5:] for photo in tagger("find", query, "--json").json)

    shown = tagger("learn-keywords", "--json").json["keywords"]
    means = {one["keyword"]: one["class_name"] for one in shown}
    assert means == {"Bride": "bride", "Family|Bride": "mother"}
    assert (found("bride"), found("mother")) == (["0.jpg", "2.jpg"], ["1.jpg"])

    tagger("undo")
    tagger("learn-keywords", "--map", "Bride=mother")
    assert (found("bride"), found("mother")) == ([], ["0.jpg", "1.jpg", "2.jpg"])


def test_a_class_is_written_as_the_files_spell_it(tagger: Tagger, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    content = packet(array("lr:hierarchicalSubject", ["Hochzeit|Bride"]))
    save_jpeg_with(folder / "1.jpg", xmp_segment(content))
    save_jpeg_with(folder / "2.jpg")
    with Library.open(tagger.home) as library:
        library.register_model(ModelRecord("m", "f", "b", CLASSES))
    tagger("add", folder)
    tagger("scan")

    tagger("mark", folder / "2.jpg", "+bride")
    tagger("write")
    assert read_metadata(folder / "2.jpg").paths == (("Hochzeit", "Bride"),)

    assert "HOCHZEIT" not in tagger("classes", "keyword", "bride", "HOCHZEIT|Braut").out
    tagger("write")
    assert read_metadata(folder / "2.jpg").paths == (("Hochzeit", "Braut"),)
    assert tagger("classes", "keyword", "bride", "a||b").code == 2


def test_mappings_that_make_no_sense(tagger: Tagger) -> None:
    assert tagger("learn-keywords", "--map", "Braut").code == 2
    assert tagger("learn-keywords", "--map", "Braut=unicorn").code == 2
    assert tagger("learn-keywords").code == 0
