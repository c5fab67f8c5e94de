"""Deciding on the command line: what to look at next, answering, and taking one answer back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tagger.library import ScoredPhoto
from tagger.services.classifiers import register_bundle
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, make_info

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Run

SCORES = {
    f"{name}{n}.jpg": {name: score}
    for name in ("bride", "cake")
    for n, score in enumerate((0.97, 0.55, 0.6, 0.52))
}
"""Two sure photos, and six that the classifier is not sure of."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Eight photos, each with one tag."""
    with Workspace.open(tmp_path / "home") as workspace:
        info = make_info("small", ["bride", "cake"])
        ids = add_photos(workspace, tmp_path / "photos", dict.fromkeys(SCORES, ()), info)
        model_id = register_bundle(workspace, info)
        tag_ids = {tag.name: tag.id for tag in workspace.library.tags()}
        workspace.library.store_scores(
            model_id,
            [
                ScoredPhoto(ids[path], {tag_ids[name]: score for name, score in scores.items()})
                for path, scores in SCORES.items()
            ],
        )
    return tmp_path / "home"


def _review(run: Run, *arguments: str) -> Any:
    code, out = run("review", *arguments, "--json")
    assert code == 0, out
    return json.loads(out)


def _decided(run: Run, photo: Path) -> dict[str, str]:
    code, out = run("show", photo, "--json")
    assert code == 0, out
    tags = json.loads(out)["tags"]
    return {tag["name"]: tag["state"] for tag in tags if tag["state"] != "predicted"}


def test_review_asks_by_photo_and_class_and_tells_the_precision_of_what_was_answered(
    run: Run,
) -> None:
    first = _review(run)
    assert first["precision"] is None
    assert {entry["class"] for entry in first["queue"]} == {"bride", "cake"}
    assert len(_review(run, "--limit", "2")["queue"]) == 2
    assert all("cake" in Path(e["path"]).name for e in _review(run, "tag:cake")["queue"])
    assert f"{first['queue'][0]['class']}?" in run("review")[1]

    for entry in first["queue"]:
        code, out = run("mark", entry["path"], f"+{entry['class']}")
        assert code == 0, out

    assert _review(run)["precision"]["right"] == _review(run)["precision"]["looked_at"]
    assert "were right" in run("review")[1]


def test_one_decision_on_one_photo_is_taken_back_whatever_was_decided_since(
    run: Run, tmp_path: Path
) -> None:
    photos = [tmp_path / "photos" / name for name in SCORES]
    run("mark", *photos, "+bride", "-cake")
    run("mark", photos[1], "+cake")

    code, out = run("undo", "--photo", photos[0], "--class", "bride")
    assert (code, out) == (0, f"Taken back on {photos[0].name}: confirmed bride.\n")
    assert _decided(run, photos[0]) == {"cake": "rejected"}
    assert _decided(run, photos[1])["bride"] == "confirmed"

    assert "confirmed cake" in run("undo", "--photo", photos[1])[1]
    assert _decided(run, photos[1]) == {"bride": "confirmed", "cake": "rejected"}
    run("undo")
    assert _decided(run, photos[1])["cake"] == "confirmed"


def test_nothing_to_take_back_and_wrong_use_are_said_in_words(run: Run, tmp_path: Path) -> None:
    photo = tmp_path / "photos" / next(iter(SCORES))

    assert run("undo", "--photo", photo) == (0, "There is nothing to take back on this photo.\n")
    assert run("undo") == (0, "There is nothing to take back.\n")
    code, out = run("undo", "--class", "bride")
    assert code == 2
    assert "--photo PHOTO" in out
    assert run("undo", "--photo", photo, "--class", "shoes")[0] == 2
