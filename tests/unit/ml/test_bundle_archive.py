"""Handing a bundle out and taking one in; the zips of strangers are as bad as they can be."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load_file, save_file

from tagger.core.errors import ModelError
from tagger.ml import bundle_archive, load_info
from tagger.ml.bundle_archive import delete_folder, install_bundle, write_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def archive(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(bundle, tmp_path_factory.mktemp("zips") / "small.zip")


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def make_zip(path: Path, bundle: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    """A zip of the bundle with something more in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        change(archive)
        archive.write(bundle / "model.json", "small/model.json")
    return path


def test_out_and_in_again(archive: Path, bundle: Path, tmp_path: Path) -> None:
    info = install_bundle(archive, tmp_path / "models")
    assert files_below(tmp_path / "models") == ["small/model.json", "small/weights.safetensors"]
    assert info == load_info(tmp_path / "models/small") == load_info(bundle)


def test_a_folder_is_taken_in_under_another_name_without_what_is_no_part_of_it(
    bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    shutil.copytree(bundle, source, copy_function=os.link)
    (source / "run.sh").write_text("rm -rf /")
    (source / "README.md").write_text("A card.")
    info = install_bundle(source, tmp_path / "models", "mine")
    assert info.name == load_info(tmp_path / "models/mine").name == "mine"
    assert info.fingerprint == load_info(bundle).fingerprint
    assert files_below(tmp_path / "models") == [
        f"mine/{name}" for name in ("README.md", "model.json", "weights.safetensors")
    ]


def test_no_other_model_is_overwritten(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    with pytest.raises(ModelError, match="There is a model called small already"):
        install_bundle(archive, tmp_path)
    with pytest.raises(ModelError, match="There is a model called small already"):
        install_bundle(archive, tmp_path / "models", taken={"Small"})
    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(ModelError, match="can't be the name"):
        install_bundle(archive, tmp_path, "../../mine")


def test_no_file_is_overwritten(archive: Path, bundle: Path) -> None:
    with pytest.raises(ModelError, match="There is a file"):
        write_archive(bundle, archive)


@pytest.mark.parametrize("kept", [0, 20, 5_000_000, -1])
def test_a_zip_cut_off(archive: Path, tmp_path: Path, kept: int) -> None:
    (tmp_path / "half.zip").write_bytes(archive.read_bytes()[:kept])
    refused(tmp_path / "half.zip", tmp_path, "cut off or damaged")


def test_a_byte_that_fell_over(archive: Path, tmp_path: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(content)
    refused(tmp_path / "bad.zip", tmp_path, "cut off or damaged")


@pytest.mark.parametrize(
    "name", ["../evil.safetensors", "/evil.safetensors", "small/../../evil", "..\\evil", "C:\\evil"]
)
def test_paths_that_lead_elsewhere(bundle: Path, tmp_path: Path, name: str) -> None:
    bad = make_zip(tmp_path / "bad.zip", bundle, lambda archive: archive.writestr(name, "x"))
    refused(bad, tmp_path, "files that no model has")


def test_links(bundle: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("small/weights.safetensors")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    bad = make_zip(tmp_path / "bad.zip", bundle, lambda a: a.writestr(link, "/etc/passwd"))
    refused(bad, tmp_path, "files that no model has")


def test_many_files(bundle: Path, tmp_path: Path) -> None:
    def add(archive: zipfile.ZipFile) -> None:
        for number in range(200):
            archive.writestr(f"small/{number}", "")

    refused(make_zip(tmp_path / "bad.zip", bundle, add), tmp_path, "files that no model has")


def test_a_bomb(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_archive, "_LARGEST_WEIGHTS", 3_000_000)

    def add(archive: zipfile.ZipFile) -> None:
        archive.writestr("small/weights.safetensors", bytes(20_000_000))

    bad = make_zip(tmp_path / "bad.zip", bundle, add)
    assert bad.stat().st_size < 200_000
    refused(bad, tmp_path, "far larger")


def test_two_sets_of_weights(bundle: Path, tmp_path: Path) -> None:
    def add(archive: zipfile.ZipFile) -> None:
        archive.writestr("small/weights.safetensors", "")
        archive.writestr("small/more.safetensors", "")

    refused(make_zip(tmp_path / "bad.zip", bundle, add), tmp_path, "weights of several models")


def test_what_is_no_bundle(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "absent.zip", tmp_path, "There is no file or folder")
    refused(tmp_path / "empty", tmp_path, r"There is no model in .*empty")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.jpg", "x")
    refused(tmp_path / "photos.zip", tmp_path, r"There is no model in .*photos\.zip")
    half = make_zip(tmp_path / "half.zip", bundle, lambda _: None)
    refused(half, tmp_path, r"has no weights\.safetensors")


def test_another_version(bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "newer"
    shutil.copytree(bundle, source, copy_function=os.link)
    text = (source / "model.json").read_text()
    (source / "model.json").unlink()
    (source / "model.json").write_text(json.dumps(json.loads(text) | {"format_version": 2}))
    refused(source, tmp_path, "has format 2, and this program reads format 1")


def test_another_way_of_packing_and_a_byte_that_fell_over(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.write(bundle / "model.json", "small/model.json")
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)
    refused(path, tmp_path, "cut off or damaged")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("fc.weight", torch.zeros(5, 2048), "not those of a ResNet50"),
        ("conv1.weight", torch.zeros(64, 3, 3, 3), "not those of a ResNet50"),
        ("fc.bias", torch.tensor([0.0, float("nan"), 0.0]), "no numbers"),
        ("layer4.2.conv2.weight.scale", torch.ones(512, 1), "don't fit together"),
    ],
)
def test_weights_that_do_not_fit(
    bundle: Path, tmp_path: Path, name: str, value: torch.Tensor, sentence: str
) -> None:
    source = tmp_path / "odd"
    source.mkdir()
    tensors = load_file(bundle / "weights.safetensors")
    save_file(tensors | {name: value}, source / "weights.safetensors", {"variant": "v1"})
    values = json.loads((bundle / "model.json").read_text())
    content = (source / "weights.safetensors").read_bytes()
    values["weights"]["sha256"] = hashlib.sha256(content).hexdigest()
    (source / "model.json").write_text(json.dumps(values))
    refused(source, tmp_path, sentence)


def refused(source: Path, tmp_path: Path, sentence: str) -> None:
    """One sentence that names the source, and nothing is left behind."""
    with pytest.raises(ModelError, match=sentence) as caught:
        install_bundle(source, tmp_path / "models")
    assert "\n" not in str(caught.value)
    assert ".import-" not in str(caught.value)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_deleted_model_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    install_bundle(archive, tmp_path / "models")
    delete_folder(tmp_path / "models/small")
    assert list((tmp_path / "models").iterdir()) == []
