"""A photographer's day on the command line, from a folder to keywords and a selection."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flow.conftest import Tagger

SUMMARY_KEYS = {
    "photos",
    "tagged",
    "failed",
    "offline",
    "pending_writes",
    "by_class",
    "seconds",
    "photos_per_second",
    "device",
    "model",
}


def test_run_tags_every_photo_and_prints_the_contract(tagger: Tagger, photos: Path) -> None:
    outcome = tagger("run", photos, "--json", "--device", "cpu")

    assert outcome.code == 0, outcome.err
    assert set(outcome.json) == SUMMARY_KEYS
    assert (outcome.json["photos"], outcome.json["tagged"]) == (8, 8)
    assert (outcome.json["failed"], outcome.json["offline"]) == (0, 0)
    assert outcome.json["device"] == "cpu"
    assert outcome.json["model"] == "wedding-scenes"
    assert "bouquet" in outcome.json["by_class"]
    assert outcome.json["photos_per_second"] > 0


def test_second_run_does_nothing_twice_and_says_so(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    first = tagger("status", "--json").json

    second = tagger("run", photos)

    assert second.code == 0
    assert "none new or changed" in second.out
    assert "Nothing to tag" in second.out
    assert tagger("status", "--json").json == first


def test_a_new_photo_alone_is_tagged_by_the_next_run(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    Image.new("RGB", (200, 150), "white").save(photos / "late.jpg")

    outcome = tagger("run", "--json")

    assert outcome.json["photos"] == 9
    assert outcome.json["tagged"] == 9
    assert "1 new or changed" in tagger("run", photos).out or outcome.code == 0


def test_mark_write_and_undo_reach_the_file(tagger: Tagger, photos: Path, exiftool: str) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-20" / "IMG_0000.jpg"

    marked = tagger("mark", photo, "+bouquet", "-bride")
    plan = tagger("write", "--dry-run", "--json").json
    untouched = _keywords(exiftool, photo)
    written = tagger("write")

    assert marked.code == 0
    assert [entry["path"] for entry in plan] == [str(photo)]
    assert plan[0]["add"] == ["Wedding|Bouquet"]
    assert untouched == {}
    assert written.code == 0
    assert _keywords(exiftool, photo) == {
        "Subject": "Bouquet",
        "HierarchicalSubject": "Wedding|Bouquet",
    }
    assert tagger("status", "--json").json["pending_writes"] == 0

    tagger("undo")
    assert tagger("status", "--json").json["pending_writes"] == 1
    tagger("write")
    assert _keywords(exiftool, photo) == {}


def test_writing_leaves_every_other_photo_untouched(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    before = {path: path.read_bytes() for path in photos.rglob("*.jpg")}
    photo = photos / "2026-06-20" / "IMG_0002.jpg"
    tagger("mark", photo, "+cake")

    tagger("write")
    tagger("run", photos, "--write")

    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert changed == {photo}
    assert set(photos.rglob("*")) == set(before) | {path.parent for path in before}


def test_replace_rejects_what_stood_there(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-21" / "IMG_0001.jpg"
    tagger("mark", photo, "+bride")

    tagger("mark", photo, "=newlyweds")

    states = {tag["name"]: tag["state"] for tag in tagger("show", photo, "--json").json["tags"]}
    assert states["newlyweds"] == "corrected"
    assert states["bride"] == "rejected"


def test_none_of_the_classes_is_an_answer(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-21" / "IMG_0003.jpg"

    tagger("mark", photo, "=none")

    states = {tag["state"] for tag in tagger("show", photo, "--json").json["tags"]}
    assert states == {"rejected"}
    assert str(photo) in {row["path"] for row in tagger("find", "untagged", "--json").json}


def test_find_prints_the_contract(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)
    photo = photos / "2026-06-20" / "IMG_0004.jpg"
    tagger("mark", photo, "=bouquet")

    found = tagger("find", "bouquet AND (state:corrected OR state:confirmed)", "--json").json

    assert [row["path"] for row in found] == [str(photo)]
    assert set(found[0]) == {"path", "sidecar", "taken_at", "tags"}
    assert found[0]["taken_at"] == "2026-06-20T15:00:04"
    assert {"name", "score", "state"} == set(found[0]["tags"][0])
    assert (
        tagger("find", "taken:2026-06-21", "--json", "--limit", "3")
        .json[2]["path"]
        .endswith("IMG_0005.jpg")
    )


def test_export_fills_a_folder_once(tagger: Tagger, photos: Path, tmp_path: Path) -> None:
    tagger("run", photos)
    for name in ("IMG_0000.jpg", "IMG_0002.jpg"):
        tagger("mark", photos / "2026-06-20" / name, "=rings")
    originals = {path: path.read_bytes() for path in photos.rglob("*.jpg")}

    chosen = "rings AND (state:corrected OR state:confirmed)"
    first = tagger("export", chosen, "--to", tmp_path / "post", "--preset", "instagram-4x5")
    again = tagger("export", chosen, "--to", tmp_path / "post", "--preset", "instagram-4x5")

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert "2 of the files were there already" in again.out
    made = sorted((tmp_path / "post").iterdir())
    assert len(made) == 2
    for path in made:
        with Image.open(path) as image:
            assert image.size == (1080, 1350)
    assert {path: path.read_bytes() for path in photos.rglob("*.jpg")} == originals


def test_export_into_a_watched_folder_is_refused(tagger: Tagger, photos: Path) -> None:
    tagger("run", photos)

    outcome = tagger("export", "taken:2026", "--to", photos / "post")

    assert outcome.code == 2
    assert "is watched" in outcome.err
    assert not (photos / "post").exists()


def test_classify_prints_the_contract(tagger: Tagger, photos: Path) -> None:
    photo = photos / "2026-06-20" / "IMG_0000.jpg"

    result = tagger("classify", photo, "--json").json

    assert set(result) == {"path", "model", "scores", "tags"}
    assert result["path"] == str(photo)
    assert all(0 <= score <= 1 for score in result["scores"].values())
    assert set(result["tags"]) <= set(result["scores"])


def _keywords(exiftool: str, photo: Path) -> dict[str, str]:
    output = subprocess.run(
        [exiftool, "-j", "-XMP:Subject", "-XMP:HierarchicalSubject", "-IPTC:Keywords", str(photo)],
        capture_output=True,
        check=True,
    ).stdout
    [values] = json.loads(output)
    return {name: value for name, value in values.items() if name != "SourceFile"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["find", "bouquet AND ("], 2, "^"),
        (["mark", "nowhere.jpg", "+bouquet"], 2, "not in the library"),
        (["mark", "nowhere.jpg"], 2, "Give photos and marks"),
        (["run"], 2, "no folder"),
        (["run", "/nowhere/at/all"], 2, "not a folder"),
        (["export", "bouquet", "--to", "x", "--preset", "nothing"], 2, "no preset"),
        (["settings", "write.predictions_from", "2"], 2, "no value"),
        (["classify", "/nowhere.jpg"], 1, "nowhere.jpg"),
        (["unheard"], 2, "unheard"),
    ],
)
def test_wrong_use_is_one_sentence_and_an_exit_code(
    tagger: Tagger, arguments: list[str], code: int, words: str
) -> None:
    outcome = tagger(*arguments)

    assert outcome.code == code
    assert words in outcome.err
    assert "Traceback" not in outcome.err
