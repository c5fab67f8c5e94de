from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from tagger.core.cancel import CancelToken
from tagger.core.errors import ModelError
from tagger.ml import backbone
from tagger.ml.backbone import (
    BackboneRequest,
    Published,
    download_backbone,
    find_backbone,
    load_pretrained,
    obtain_backbone,
    published_weights,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.network import ResNet50


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_the_nearest_word_wins(tmp_path: Path) -> None:
    chosen, setting, variable = (touch(tmp_path / name) for name in ("a", "b", "c"))
    older, newer = (touch(tmp_path / "cache" / p.file_name) for p in published_weights())
    environment = {"TAGGER_BACKBONE": str(variable)}
    cache = tmp_path / "cache"
    request = BackboneRequest(chosen, setting)
    assert find_backbone(request, environment, cache) == chosen
    assert find_backbone(BackboneRequest(setting=setting), environment, cache) == setting
    assert find_backbone(BackboneRequest(), environment, cache) == variable
    assert find_backbone(BackboneRequest(), {}, cache) == older
    older.unlink()
    assert find_backbone(BackboneRequest(), {}, cache) == newer
    newer.unlink()
    assert find_backbone(BackboneRequest(), {}, cache) is None


def test_a_file_that_was_named_and_is_not_there_is_never_replaced(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There are no weights at"):
        find_backbone(BackboneRequest(), {"TAGGER_BACKBONE": str(tmp_path / "no")}, tmp_path)


def test_torchvision_publishes_hashes() -> None:
    assert [len(entry.sha256_prefix) for entry in published_weights()] == [8, 8]


def test_offline_without_any_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TAGGER_BACKBONE", raising=False)
    monkeypatch.setattr(backbone, "cache_folder", lambda: tmp_path)
    nowhere = (Published("http://127.0.0.1:9/resnet50-0676ba61.pth", "0676ba61"),)
    monkeypatch.setattr(backbone, "published_weights", lambda: nowhere)
    with pytest.raises(ModelError, match=r"tagger settings train\.backbone FILE or TAGGER_B") as e:
        obtain_backbone(BackboneRequest(), CancelToken())
    assert "\n" not in str(e.value)
    with pytest.raises(ModelError, match="can't be reached"):
        download_backbone(nowhere[0], tmp_path, CancelToken())


def test_the_metadata_name_the_variant(backbone_file: Path) -> None:
    assert load_pretrained(backbone_file).variant == "v1"
    assert load_pretrained(backbone_file, variant="v1.5").variant == "v1"


def test_torchvisions_own_file_is_known_by_its_hash(
    tmp_path: Path, network: ResNet50, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "renamed.pth"
    torch.save(network.state_dict(), path)
    with pytest.raises(ModelError, match=r"train\.backbone_variant"):
        load_pretrained(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(backbone, "published_weights", lambda: (Published("", digest[:8]),))
    found = load_pretrained(path)
    assert found.variant == "v1.5"
    assert torch.equal(found.conv1.weight, network.conv1.weight)


@pytest.mark.parametrize("variant", ["v1", "v1.5"])
def test_else_the_user_says_it(tmp_path: Path, network: ResNet50, variant: str) -> None:
    path = tmp_path / "plain.safetensors"
    save_file(network.state_dict(), path)
    assert load_pretrained(path, variant).variant == variant
    with pytest.raises(ModelError, match="don't say which variant"):
        load_pretrained(path)


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("code of the file was run",))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "damaged"),
        (b"no weights at all", "damaged"),
        (b"\x08\0\0\0\0\0\0\0{half", "damaged"),
        (pickle.dumps({"conv1.weight": Evil()}), "damaged"),
        (pickle.dumps({"conv1.weight": Evil()}, protocol=2), "damaged"),
        (pickle.dumps([1, 2]), "damaged"),
    ],
)
def test_files_that_are_no_weights(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=sentence) as caught:
        load_pretrained(path, "v1")
    assert "\n" not in str(caught.value)


def test_weights_of_another_network(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save({"conv1.weight": torch.zeros(3)}, path)
    with pytest.raises(ModelError, match="not those of a ResNet50"):
        load_pretrained(path, "v1")
    torch.save([torch.zeros(3)], path)
    with pytest.raises(ModelError, match="something else"):
        load_pretrained(path, "v1")
