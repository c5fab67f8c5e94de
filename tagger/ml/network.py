"""ResNet50 (He et al. 2015), with the parameter names of torchvision.

Written here and not imported, since torchvision takes seconds to import and knows one variant only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from tagger.core.errors import ModelError
from tagger.ml.pooling import pool_places
from tagger.ml.weights import read_weights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Variant = Literal["v1", "v1.5"]
FEATURES = 2048


class Bottleneck(nn.Module):
    """Three convolutions and the way around them; widens to four times `planes`."""

    def __init__(self, inputs: int, planes: int, stride: int, variant: Variant) -> None:
        super().__init__()
        first, second = (stride, 1) if variant == "v1" else (1, stride)
        outputs = 4 * planes
        self.conv1 = nn.Conv2d(inputs, planes, 1, first, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, second, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        """`[N, inputs, H, W]` to `[N, 4 * planes, H / stride, W / stride]`."""
        around = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        result: Tensor = self.relu(self.bn3(self.conv3(out)) + around)
        return result


class ResNet50(nn.Module):
    """The network of a bundle: 2048 features, one logit a class."""

    def __init__(self, classes: int, variant: Variant) -> None:
        super().__init__()
        self.variant = variant
        self.conv1 = nn.Conv2d(3, 64, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = (
            nn.MaxPool2d(3, 2, ceil_mode=True) if variant == "v1" else nn.MaxPool2d(3, 2, padding=1)
        )
        self.layer1 = _stage(64, 64, 3, 1, variant)
        self.layer2 = _stage(256, 128, 4, 2, variant)
        self.layer3 = _stage(512, 256, 6, 2, variant)
        self.layer4 = _stage(1024, 512, 3, 2, variant)
        self.fc = nn.Linear(FEATURES, classes)

    def places(self, x: Tensor) -> Tensor:
        """Features `[N, 2048, H / 32, W / 32]` of places of normalised images `[N, 3, H, W]`."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        result: Tensor = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return result

    def body(self, x: Tensor, focus: float | None = None) -> Tensor:
        """Features `[N, 2048] float32` of normalised images `[N, 3, H, W]`.

        `focus` as in `Transform`: how the places are weighed.
        """
        return pool_places(self.places(x), focus)

    def forward_features(self, x: Tensor, focus: float | None = None) -> tuple[Tensor, Tensor]:
        """Features `[N, 2048]` and logits `[N, C]` of normalised images `[N, 3, H, W]`."""
        features = self.body(x, focus)
        return features, self.fc(features)

    def forward(self, x: Tensor) -> Tensor:
        """Logits `[N, C]` of normalised images `[N, 3, H, W]`."""
        return self.forward_features(x)[1]


def _stage(inputs: int, planes: int, blocks: int, stride: int, variant: Variant) -> nn.Sequential:
    first = Bottleneck(inputs, planes, stride, variant)
    rest = (Bottleneck(4 * planes, planes, 1, variant) for _ in range(blocks - 1))
    return nn.Sequential(first, *rest)


def build_network(state_dict: Mapping[str, Tensor], variant: Variant) -> ResNet50:
    """The network with these weights; the number of classes is that of the head.

    Raises:
        ModelError: the weights are not those of a ResNet50.
    """
    weights = {
        name: tensor for name, tensor in state_dict.items() if "num_batches_tracked" not in name
    }
    head = weights.get("fc.weight")
    with torch.device("meta"):
        network = ResNet50(1 if head is None else len(head), variant)
    for name, module in network.named_modules():
        if isinstance(module, nn.BatchNorm2d):
            weights[f"{name}.num_batches_tracked"] = torch.tensor(0)
    try:
        network.load_state_dict(weights, assign=True)
    except RuntimeError as error:
        raise ModelError("The weights are not those of a ResNet50.") from error
    return network.requires_grad_(requires_grad=True)


def load_backbone(path: Path, variant: Variant | None = None) -> ResNet50:
    """A pretrained ResNet50 from a safetensors file that names its variant in its metadata.

    Raises:
        ModelError: unreadable, another variant than asked for, or no ResNet50.
    """
    state_dict, found = read_weights(path)
    if variant is not None and found != variant:
        raise ModelError(f"The weights in {path} are of variant {found}, and {variant} is needed.")
    return build_network(state_dict, "v1" if found == "v1" else "v1.5")


def fold_batch_norm(network: ResNet50) -> ResNet50:
    """Multiply the batch norms into the convolutions, in place: the same answers in fewer passes.

    For predicting, and for training with frozen batch norms, which small batches ask for: half the
    time of a step, and the biases can still be learned. `restore_batch_norm` undoes it.
    """
    network.eval()
    with torch.no_grad():
        for parent, conv_name, norm_name in _pairs(network):
            conv, norm = parent.get_submodule(conv_name), parent.get_submodule(norm_name)
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(parent, conv_name, fuse_conv_bn_eval(conv, norm))
                setattr(parent, norm_name, nn.Identity())
    return network


def restore_batch_norm(network: ResNet50) -> ResNet50:
    """Give a folded network batch norms that only add the biases, in place: the same answers."""
    with torch.no_grad():
        for parent, conv_name, norm_name in _pairs(network):
            conv = parent.get_submodule(conv_name)
            if isinstance(conv, nn.Conv2d) and conv.bias is not None:
                norm = nn.BatchNorm2d(conv.out_channels).to(conv.weight).eval()
                norm.bias.copy_(conv.bias)
                assert norm.running_var is not None
                norm.running_var.fill_(1 - norm.eps)
                conv.bias = None
                setattr(parent, norm_name, norm)
    return network


def _pairs(network: ResNet50) -> list[tuple[nn.Module, str, str]]:
    """Each convolution with its batch norm: the module they are in and their names there."""
    blocks = [module for module in network.modules() if isinstance(module, Bottleneck)]
    return [
        (network, "conv1", "bn1"),
        *((block, f"conv{i}", f"bn{i}") for block in blocks for i in (1, 2, 3)),
        *((block.downsample, "0", "1") for block in blocks if block.downsample is not None),
    ]
