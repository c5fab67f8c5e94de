from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from tagger.core.errors import ModelError
from tagger.ml.weights import decode, encode, hash_body, read_weights

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.network import ResNet50


@given(st.integers(0, 2**31), st.floats(-12, 4))
def test_storing_what_was_loaded_gives_the_same_bytes(seed: int, exponent: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    spread = 10.0 ** (exponent + torch.arange(6).view(-1, 1, 1, 1))
    weight = torch.randn(6, 5, 3, 3, generator=generator) * spread
    once = encode({"conv.weight": weight}, "int8-per-channel")
    again = encode(decode(once), "int8-per-channel")
    assert once.keys() == again.keys()
    assert all(torch.equal(once[name], again[name]) for name in once)


@given(st.integers(0, 2**31), st.floats(-30, 30))
def test_no_weight_moves_by_more_than_half_a_step(seed: int, exponent: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randn(4, 8, 3, 3, generator=generator) * 10**exponent
    found = decode(encode({"conv.weight": weight}, "int8-per-channel"))["conv.weight"]
    step = weight.abs().amax(dim=(1, 2, 3), keepdim=True) / 127
    # bfloat16 rounds the step by 1 in 256 at most; the largest weights are 127 steps away
    assert ((found - weight).abs() <= step * 0.76).all()


def test_dead_channels_stay_dead() -> None:
    stored = encode({"conv.weight": torch.zeros(2, 3, 1, 1)}, "int8-per-channel")
    assert torch.equal(decode(stored)["conv.weight"], torch.zeros(2, 3, 1, 1))


@pytest.mark.parametrize(
    ("storage", "bytes_a_weight"), [("int8-per-channel", 1), ("float16", 2), ("float32", 4)]
)
def test_only_convolutions_are_stored_small(
    network: ResNet50, storage: str, bytes_a_weight: int
) -> None:
    stored = encode(network.state_dict(), storage)  # type: ignore[arg-type]  # parametrised
    assert stored["layer1.0.conv1.weight"].element_size() == bytes_a_weight
    assert stored["fc.weight"].dtype == stored["bn1.running_var"].dtype == torch.float32
    assert not any("num_batches_tracked" in name for name in stored)


def test_the_body_hash_ignores_the_head() -> None:
    body = {"conv.weight": torch.ones(1, 1, 1, 1)}
    same = hash_body({**body, "fc.weight": torch.ones(2, 2)})
    assert hash_body({**body, "fc.weight": torch.zeros(3, 2)}) == same
    assert hash_body({"conv.weight": torch.zeros(1, 1, 1, 1)}) != same


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights"):
        read_weights(tmp_path / "absent.safetensors")


def test_reading_what_is_no_weights(tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(b"\x80\x04]\x94.")  # a pickle
    with pytest.raises(ModelError, match="damaged"):
        read_weights(path)


@pytest.mark.parametrize("metadata", [None, {"variant": "v7"}])
def test_weights_that_name_no_variant(tmp_path: Path, metadata: dict[str, str] | None) -> None:
    path = tmp_path / "nameless.safetensors"
    save_file({"fc.bias": torch.zeros(2)}, path, metadata=metadata)
    with pytest.raises(ModelError, match="which variant"):
        read_weights(path)
