"""Stars, labels and other programs' keywords, as a user meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.metadata import read_metadata
from tests.packets import array, packet, save_jpeg_with, xmp_segment
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flow.conftest import Tagger


@pytest.fixture
def folder(tagger: Tagger, tmp_path: Path) -> Path:
    """A folder of the library with three photos; nothing is classified."""
    folder = tmp_path / "photos"
    save_jpeg(folder / "a.jpg", seed=1)
    save_jpeg(folder / "b.jpg", seed=2)
    subject = array("dc:subject", ["Cake"])
    save_jpeg_with(folder / "c.jpg", xmp_segment(packet(subject, attributes='xmp:Rating="2"')))
    assert tagger("add", folder).code == 0
    assert tagger("scan").code == 0
    return folder


def test_stars_and_labels_are_written_and_taken_back(tagger: Tagger, folder: Path) -> None:
    photos = [folder / name for name in ("a.jpg", "c.jpg")]

    assert "5 stars" in tagger("rate", *photos, "5").out
    assert "Red" in tagger("label", *photos, "red").out
    (planned, _) = tagger("write", "--dry-run", "--json").json
    assert (planned["rating"], planned["label"]) == (5, "Red")
    assert tagger("write").code == 0
    assert {(read_metadata(one).rating, read_metadata(one).label) for one in photos} == {(5, "Red")}
    assert len(tagger("find", "rating:5", "--json").json) == 2

    tagger("undo")
    tagger("undo")
    tagger("write")
    shown = tagger("show", photos[0], "--json").json
    assert [(line["label"], line["is_undone"]) for line in shown["ratings"]] == [
        ("label Red", True),
        ("5 stars", True),
    ]
    assert [(read_metadata(one).rating or 0, read_metadata(one).label) for one in photos] == [
        (0, None),
        (2, None),
    ]


def test_stars_that_another_program_changed_are_never_written_over(
    tagger: Tagger, folder: Path
) -> None:
    photo = folder / "c.jpg"
    tagger("rate", photo, "5")
    save_jpeg_with(photo, xmp_segment(packet(attributes='xmp:Rating="1"')))

    outcome = tagger("write")

    assert "1 star" in outcome.out + outcome.err
    assert read_metadata(photo).rating == 1
    tagger("rate", photo, "5")
    tagger("write")
    assert read_metadata(photo).rating == 5


def test_rejected_photos_are_minus_one(tagger: Tagger, folder: Path) -> None:
    assert tagger("rate", folder / "a.jpg", "-1").code == 0
    tagger("write")

    assert read_metadata(folder / "a.jpg").rating == -1


@pytest.mark.parametrize(
    "arguments",
    [("rate", "a.jpg", "6"), ("rate", "a.jpg", "many"), ("rate", "5"), ("label", "Red")],
)
def test_what_makes_no_sense_is_said(
    tagger: Tagger, folder: Path, arguments: tuple[str, ...]
) -> None:
    words = [str(folder / word) if word.endswith(".jpg") else word for word in arguments]

    assert tagger(*words).code == 2


def test_programs_disagree_until_they_are_made_to_agree(tagger: Tagger, folder: Path) -> None:
    photo = folder / "c.jpg"
    before = photo.read_bytes()

    report = tagger("interop", photo, "--json").json
    assert report["disagreements"] == ["“Cake” is not shown by Immich."]
    assert len(report["programs"]) == 9
    assert report["written"] == []
    assert "c.jpg" in tagger("interop", photo, "--agree", "--dry-run").out
    planned = tagger("interop", photo, "--agree", "--dry-run", "--json").json
    assert planned["written"] == [str(photo)]
    assert photo.read_bytes() == before

    assert "--agree writes what is missing" in tagger("interop", photo).out

    outcome = tagger("interop", photo, "--agree")
    assert "All that read this photo agree." in outcome.out
    assert tagger("interop", photo, "--json").json["disagreements"] == []
    assert "Nothing to write." in tagger("interop", photo, "--agree").out
    assert tagger("show", photo).code == 0


def test_making_programs_agree_is_a_run_that_can_be_taken_back(
    tagger: Tagger, folder: Path
) -> None:
    photo = folder / "c.jpg"
    before = photo.read_bytes()
    tagger("interop", photo, "--agree")
    assert photo.read_bytes() != before

    (run,) = tagger("history", "--json").json
    tagger("undo-run", str(run["run"]))

    assert photo.read_bytes() == before


def test_interop_of_a_photo_outside_the_library(tagger: Tagger, tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "elsewhere" / "a.jpg")

    assert "no keywords" in tagger("interop", photo).out
    assert tagger("interop", photo, "--agree").code == 2
    assert tagger("interop", tmp_path / "none.jpg").code == 2
    (tmp_path / "notes.txt").write_text("no photo")
    assert tagger("interop", tmp_path / "notes.txt").code == 2


@pytest.mark.parametrize(
    ("profile", "mark"),
    [("digikam-immich", b"TagsList"), ("windows", b"LastKeywordXMP"), ("agency", b"Photoshop 3.0")],
)
def test_a_profile_is_a_setting(tagger: Tagger, folder: Path, profile: str, mark: bytes) -> None:
    assert tagger("settings", "write.profile", profile).code == 0
    assert tagger("settings", "write.profile", "picasa").code == 2

    tagger("interop", folder / "c.jpg", "--agree")

    assert mark in (folder / "c.jpg").read_bytes()
