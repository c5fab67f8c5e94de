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
    weight = torch.randn(6, 25_001, 1, 1, generator=generator) * spread
    once = encode({"conv.weight": weight}, "int8")
    again = encode(decode(once), "int8")
    assert once.keys() == again.keys()
    assert all(torch.equal(once[name], again[name]) for name in once)


@given(st.integers(0, 2**31), st.floats(-30, 30), st.integers(0, 15))
def test_no_weight_moves_by_more_than_a_step_and_errors_cancel(
    seed: int, exponent: float, more: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    weight = torch.randn(2, 75_000 + more, 1, 1, generator=generator) * 10**exponent
    found = decode(encode({"conv.weight": weight}, "int8"))["conv.weight"]
    for before, after in zip(weight.flatten(1), found.flatten(1), strict=True):
        whole = len(before) // 16 * 16  # the last run may be shorter
        for run, same in (
            (before[:whole].view(-1, 16), after[:whole].view(-1, 16)),
            (before[None, whole:], after[None, whole:]),
        ):
            if run.numel():
                # bfloat16 rounds a step by 1 in 256 at most; the largest weights are 127 steps away
                steps = run.abs().amax(dim=1, keepdim=True) / 127
                assert ((same - run).abs() <= 1.26 * steps).all()
                assert (((same - run) / steps).sum(dim=1).abs() <= 3).all()


def test_small_changes_survive_beside_large_weights() -> None:
    """What fine-tuning did to most weights is less than one step of a scale for the channel."""
    before = torch.full((1, 150_000, 1, 1), 1 / 127)
    before[0, 0] = 1.0
    after = before * 1.2
    stored = decode(encode({"conv.weight": after}, "int8"))["conv.weight"]
    torch.testing.assert_close(stored[0, 16:], after[0, 16:], rtol=0.01, atol=0)


def test_first_layers_are_stored_finely() -> None:
    weight = torch.randn(64, 3, 7, 7)
    stored = encode({"conv1.weight": weight}, "int8")
    assert stored["conv1.weight"].dtype == torch.float16
    torch.testing.assert_close(decode(stored)["conv1.weight"], weight, rtol=1e-3, atol=1e-6)


def test_dead_channels_stay_dead() -> None:
    stored = encode({"conv.weight": torch.zeros(2, 75_000, 1, 1)}, "int8")
    assert torch.equal(decode(stored)["conv.weight"], torch.zeros(2, 75_000, 1, 1))


@pytest.mark.parametrize(
    ("storage", "bytes_a_weight"), [("int8", 1), ("float16", 2), ("float32", 4)]
)
def test_only_convolutions_are_stored_small(
    network: ResNet50, storage: str, bytes_a_weight: int
) -> None:
    stored = encode(network.state_dict(), storage)  # type: ignore[arg-type]  # parametrised
    assert stored["layer4.0.conv1.weight"].element_size() == bytes_a_weight
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
