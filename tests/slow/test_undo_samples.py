"""Every real file: stars, a label and a keyword are written, and undoing the run brings each byte
back."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest

from tagger.core.formats import format_of
from tagger.core.rating import RatingChange
from tagger.core.tag import Verdict
from tagger.library import ClassRecord, DecisionRequest, ModelRecord
from tagger.services.workspace import Workspace
from tests.conftest import read_manifest
from tests.flow.conftest import Tagger

if TYPE_CHECKING:
    from pathlib import Path

MODEL = ModelRecord("m", "f", "b", (ClassRecord("bride", ("Wedding", "Bride"), 0.5),))


def take_digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def decide_on_all(home: Path) -> int:
    with Workspace.open(home) as workspace:
        library = workspace.library
        library.register_model(MODEL)
        ids = library.find(None)
        tag = library.find_tag("bride")
        library.decide(
            [DecisionRequest(photo_id, tag.id, Verdict.CONFIRMED) for photo_id in ids], label="all"
        )
        library.rate(ids, RatingChange(4, "Gelb"), label="all")
        return len(ids)


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["lightroom", "windows", "agency", "sidecars-only"])
def test_undoing_a_run_brings_every_byte_back(
    photos_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], profile: str
) -> None:
    tagger, folder = Tagger(tmp_path / "home", capsys), tmp_path / "photos"
    for number, row in enumerate(read_manifest(photos_dir / "valid")):
        if format_of(row.path) is not None:
            (folder / str(number)).mkdir(parents=True)
            shutil.copyfile(row.path, folder / str(number) / row.path.name)
    tagger("settings", "write.profile", profile)
    tagger("add", folder)
    tagger("scan")
    before = take_digests(folder)
    photos = decide_on_all(tagger.home)

    written = tagger("write", "--json").json
    assert written["written"] > photos * 0.8
    changed = {name for name, digest in take_digests(folder).items() if before.get(name) != digest}
    assert len(changed) >= written["written"]
    if profile == "sidecars-only":
        assert {name.rpartition(".")[2] for name in changed} == {"xmp"}

    (run,) = tagger("history", "--json").json
    tagger("undo-run", str(run["run"]))
    assert take_digests(folder) == before
