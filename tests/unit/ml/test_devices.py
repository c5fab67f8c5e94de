from __future__ import annotations

import os

import pytest
import torch

from tagger.core.errors import ModelError
from tagger.ml.devices import choose_device, count_cores


def test_the_processor_is_always_there_and_says_so() -> None:
    choice = choose_device("cpu")
    assert choice.name == "cpu"
    assert "processor" in choice.reason
    assert choice.dtype in {torch.bfloat16, torch.float32}


def test_auto_takes_an_accelerator_before_the_processor() -> None:
    accelerated = torch.cuda.is_available() or torch.backends.mps.is_available()
    assert (choose_device("auto").name != "cpu") == (accelerated or torch.xpu.is_available())


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA card")
def test_a_device_that_is_asked_for_and_absent() -> None:
    with pytest.raises(ModelError, match="No CUDA graphics card was found"):
        choose_device("cuda")


def test_a_device_that_does_not_exist() -> None:
    with pytest.raises(ModelError, match="no device “tpu”"):
        choose_device("tpu")


def test_old_processors_compute_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict, raising=False)
    choice = choose_device("cpu")
    assert choice.dtype == torch.float32
    assert "float32" in choice.reason


def test_cores_are_those_this_process_may_use() -> None:
    assert 1 <= count_cores() <= (os.cpu_count() or 1)
