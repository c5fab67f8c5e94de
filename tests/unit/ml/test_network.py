from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
import torch

from tagger.core.errors import ModelError
from tagger.ml.network import (
    ResNet50,
    Variant,
    build_network,
    fold_batch_norm,
    load_backbone,
    restore_batch_norm,
)

if TYPE_CHECKING:
    from pathlib import Path


@torch.no_grad()
def answer(network: torch.nn.Module) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    result: torch.Tensor = network(torch.randn(2, 3, 40, 56, generator=generator))
    return result


@pytest.mark.parametrize("variant", ["v1", "v1.5"])
def test_computes_what_torchvision_computes(network: ResNet50, variant: Variant) -> None:
    from torchvision.models import resnet50

    reference = resnet50(num_classes=3)
    if variant == "v1":
        for stage in (reference.layer2, reference.layer3, reference.layer4):
            stage[0].conv1.stride, stage[0].conv2.stride = (2, 2), (1, 1)
        reference.maxpool = torch.nn.MaxPool2d(3, 2, 0, ceil_mode=True)
    reference.load_state_dict(network.state_dict())
    own = build_network(reference.state_dict(), variant).eval()
    torch.testing.assert_close(answer(own), answer(reference.eval()))


def test_variants_differ(network: ResNet50) -> None:
    other = build_network(network.state_dict(), "v1.5").eval()
    assert not torch.allclose(answer(network), answer(other), atol=1e-3)


def test_features_and_logits_belong_together(network: ResNet50) -> None:
    with torch.no_grad():
        features, logits = network.forward_features(torch.zeros(2, 3, 64, 64))
    assert features.shape == (2, 2048)
    torch.testing.assert_close(network.fc(features), logits)


def test_folding_and_restoring_keep_the_answers(network: ResNet50) -> None:
    folded = fold_batch_norm(copy.deepcopy(network))
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())
    torch.testing.assert_close(answer(folded), answer(network), rtol=1e-3, atol=1e-4)
    restored = restore_batch_norm(folded)
    assert restored.state_dict().keys() == network.state_dict().keys()
    reloaded = build_network(restored.state_dict(), "v1").eval()
    torch.testing.assert_close(answer(reloaded), answer(network), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("lost", ["conv1.weight", "layer3.5.bn2.bias", "fc.weight"])
def test_weights_of_another_network(network: ResNet50, lost: str) -> None:
    weights = {name: value for name, value in network.state_dict().items() if name != lost}
    with pytest.raises(ModelError, match="not those of a ResNet50"):
        build_network(weights, "v1")


def test_weights_of_another_shape(network: ResNet50) -> None:
    weights = network.state_dict() | {"conv1.weight": torch.zeros(64, 1, 7, 7)}
    with pytest.raises(ModelError, match="not those of a ResNet50"):
        build_network(weights, "v1")


def test_the_pretrained_backbone_knows_its_variant(backbone_file: Path) -> None:
    network = load_backbone(backbone_file, "v1")
    assert network.fc.out_features == 1000
    assert network.variant == "v1"
    with pytest.raises(ModelError, match=r"variant v1, and v1\.5 is needed"):
        load_backbone(backbone_file, "v1.5")
