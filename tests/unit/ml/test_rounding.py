from __future__ import annotations

import copy

import torch
from hypothesis import given
from hypothesis import strategies as st

from tagger.ml.rounding import diffuse, round_convolutions


@given(st.integers(0, 2**31), st.integers(1, 80))
def test_bf16_holds_every_weight_and_no_sum_moves(seed: int, inputs: int) -> None:
    weight = torch.randn(3, inputs, 2, 2, generator=torch.Generator().manual_seed(seed))
    rounded = diffuse(weight)
    assert torch.equal(rounded, rounded.bfloat16().float())
    assert torch.equal(diffuse(rounded), rounded)
    step = weight.abs().amax() / 128  # of bf16 at the largest weight
    assert ((rounded - weight).abs() <= 2 * step).all()
    assert ((rounded - weight).sum(dim=1).abs() <= 2 * step).all()


def test_sums_of_positive_inputs_are_nearer_to_float32_than_with_plain_rounding() -> None:
    torch.manual_seed(0)
    exact = torch.nn.Conv2d(256, 32, 3)
    plain, diffused = copy.deepcopy(exact), copy.deepcopy(exact)
    pictures = 1 + 0.3 * torch.randn(4, 256, 8, 8).clamp(-3, 3)
    with torch.no_grad():
        plain.weight.copy_(plain.weight.bfloat16())
        round_convolutions(torch.nn.Sequential(diffused))
        errors = [float((conv(pictures) - exact(pictures)).norm()) for conv in (plain, diffused)]
    assert errors[1] < 0.5 * errors[0]
