from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from tagger.core.errors import ModelError
from tagger.ml import Calibration, ClassInfo, Transform, list_bundles, load_info
from tagger.ml import weights as weights_module
from tagger.ml.bundle import save_bundle
from tests.unit.ml.conftest import make_info

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.network import ResNet50


@pytest.fixture
def copied(tmp_path: Path, bundle: Path) -> Path:
    return shutil.copytree(bundle, tmp_path / "copied")


def edit(folder: Path, **changes: Any) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_importing_the_package_loads_no_torch() -> None:
    code = "import sys, tagger.ml; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_saved_bundle_loads_as_it_was(bundle: Path) -> None:
    info = load_info(bundle)
    assert info.model_copy(update={"weights": make_info().weights, "created_at": None}) == (
        make_info().model_copy(update={"created_at": None})
    )
    assert info.weights.sha256 != make_info().weights.sha256
    assert [path.name for path in sorted(bundle.parent.iterdir())] == ["small"]


def test_a_model_is_never_overwritten(bundle: Path, network: ResNet50) -> None:
    with pytest.raises(ModelError, match="already"):
        save_bundle(bundle, make_info(), network.state_dict())


def test_a_full_disk_leaves_no_half_bundle(
    tmp_path: Path, network: ResNet50, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(tensors: object, path: Path, metadata: object) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(weights_module, "save_file", write_half)
    with pytest.raises(ModelError, match="No space left"):
        save_bundle(tmp_path / "new", make_info(), network.state_dict())
    assert list(tmp_path.iterdir()) == []


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model"):
        load_info(tmp_path)


@pytest.mark.parametrize("place", ["title", "licence"])
def test_text_that_would_command_a_terminal(copied: Path, place: str) -> None:
    edit(copied, **{place: "Wedding\x1b[2Jscenes"})
    with pytest.raises(ModelError, match=f"not right at {place}"):
        load_info(copied)


def test_weights_missing(copied: Path) -> None:
    (copied / "weights.safetensors").unlink()
    with pytest.raises(ModelError, match=r"has no weights\.safetensors"):
        load_info(copied)


@pytest.mark.parametrize("kept", [0, 1000, -1])
def test_weights_cut_off(copied: Path, kept: int) -> None:
    path = copied / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ModelError, match="damaged or belong to another model"):
        load_info(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format_version": 1'])
def test_information_cut_off(copied: Path, text: str) -> None:
    (copied / "model.json").write_text(text)
    with pytest.raises(ModelError, match="cut off or damaged"):
        load_info(copied)


def test_information_that_is_no_text(copied: Path) -> None:
    (copied / "model.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ModelError, match="can't be read"):
        load_info(copied)


@pytest.mark.parametrize("version", [0, 2, None, "1"])
def test_another_format(copied: Path, version: object) -> None:
    edit(copied, format_version=version)
    with pytest.raises(ModelError, match=f"has format {version}, and this program reads format 1"):
        load_info(copied)


def test_unknown_entries(copied: Path) -> None:
    edit(copied, colour="blue")
    with pytest.raises(ModelError, match="not right at colour"):
        load_info(copied)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"classes": []}, "classes"),
        ({"architecture": {"name": "resnet50", "variant": "v2"}}, "architecture.variant"),
        ({"calibration": {"scale": [1], "shift": [0]}}, "calibration does not fit"),
        ({"calibration": {"scale": [1, 1, float("nan")], "shift": [0, 0, 0]}}, "calibration"),
        ({"transform": {"resize_px": 200}}, "larger than the resized"),
        ({"weights": {"file": "../../weights.safetensors"}}, "weights.file"),
        ({"name": "../small"}, "name"),
    ],
)
def test_senseless_entries(copied: Path, changes: dict[str, object], place: str) -> None:
    edit(copied, **changes)
    with pytest.raises(ModelError, match=place) as caught:
        load_info(copied)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "a|b", "a/b", " a", "a\\b"])
def test_class_names_that_break_keywords_or_folders(copied: Path, name: str) -> None:
    classes = json.loads((copied / "model.json").read_text())["classes"]
    edit(copied, classes=[{**classes[0], "name": name}, *classes[1:]])
    with pytest.raises(ModelError, match="can't be the name"):
        load_info(copied)


def test_classes_that_differ_by_case_only(copied: Path) -> None:
    classes = json.loads((copied / "model.json").read_text())["classes"]
    edit(copied, classes=[*classes[:2], {**classes[1], "name": "BOUQUET"}])
    with pytest.raises(ModelError, match="same name"):
        load_info(copied)


def test_listing_tells_the_good_from_the_bad(tmp_path: Path, bundle: Path) -> None:
    shutil.copytree(bundle, tmp_path / "a good")
    shutil.copytree(bundle, tmp_path / "bad")
    (tmp_path / "bad/weights.safetensors").write_bytes(b"")
    shutil.copytree(bundle, tmp_path / ".being-written")
    good, bad = list_bundles([tmp_path / "absent", tmp_path])
    assert good.folder.name == "a good"
    assert good.info == load_info(bundle)
    assert good.error is None
    assert bad.info is None
    assert bad.error is not None
    assert "damaged" in bad.error


def test_fingerprint_follows_what_changes_scores(bundle: Path) -> None:
    info = load_info(bundle)
    renamed = info.model_copy(update={"title": "Other", "licence": "MIT"})
    strict = info.classes[0].model_copy(update={"threshold": 0.9})
    calibrated = Calibration(scale=(1, 1, 1), shift=(0, 0, 0))
    assert renamed.fingerprint == info.fingerprint
    assert (
        info.model_copy(update={"classes": (strict, *info.classes[1:])}).fingerprint
        == info.fingerprint
    )
    for change in (
        {"calibration": calibrated},
        {"exclusive": True},
        {"transform": Transform()},
        {"classes": info.classes[::-1]},
    ):
        assert info.model_copy(update=change).fingerprint != info.fingerprint


def test_backbone_is_shared_by_models_that_differ_in_the_head(
    tmp_path: Path, bundle: Path, network: ResNet50
) -> None:
    head = {name: value for name, value in network.state_dict().items() if name[:2] == "fc"}
    changed = network.state_dict() | {name: value + 1 for name, value in head.items()}
    other = save_bundle(tmp_path / "other", make_info(), changed)
    info = load_info(bundle)
    assert other.backbone == info.backbone
    assert other.fingerprint != info.fingerprint
    assert info.model_copy(update={"transform": Transform()}).backbone != info.backbone


def test_brackets_without_end_are_damage(copied: Path) -> None:
    (copied / "model.json").write_text("[" * 100_000)
    with pytest.raises(ModelError, match="cut off or damaged"):
        load_info(copied)


def test_a_keyword_of_another_program_may_hold_a_slash() -> None:
    entry = ClassInfo(name="bride", keyword_path=("Wedding", "Bride/Groom"), threshold=0.5)
    assert entry.keyword_path[1] == "Bride/Groom"
    with pytest.raises(ValidationError, match="can't be the name"):
        ClassInfo(name="bride", keyword_path=("Wedding|Bride",), threshold=0.5)
