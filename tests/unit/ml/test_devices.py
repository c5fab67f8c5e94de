from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from tagger.core.errors import ModelError
from tagger.ml.devices import choose_device, count_cores

_POLICY = "OMP_WAIT_POLICY"


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


@pytest.mark.parametrize(("asked", "policy"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_leave_their_core_to_others_while_they_wait(asked: str | None, policy: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != _POLICY}
    if asked is not None:
        environment[_POLICY] = asked
    code = f"import tagger.ml, os, sys; print(os.environ['{_POLICY}'], 'torch' in sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [policy, "False"]
