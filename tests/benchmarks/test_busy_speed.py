"""Looking at photos beside a busy program, torch's threads waiting as they come and as ours do.

    pytest -m benchmark_only -s tests/benchmarks/test_busy_speed.py

Both in one run, by turns, on all cores.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(1800)]

ROUNDS = 3
LOOK = """
import sys, time
from pathlib import Path
import numpy as np
from tagger.ml import Transform
from tagger.ml.body import Body
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.network import load_backbone
transform = Transform(resize_px=256, crop_px=256)
body = Body(load_backbone(Path(sys.argv[1])), transform, choose_device("cpu"), count_cores())
photos = list(np.random.default_rng(0).integers(0, 255, (16, 256, 256, 3), np.uint8))
body.compute(photos)
start_s = time.perf_counter()
for _ in range(4):
    body.compute(photos)
print(64 / (time.perf_counter() - start_s))
"""


def look(backbone: Path, policy: str) -> float:
    """Photos a second in a process of its own."""
    environment = os.environ | {"OMP_WAIT_POLICY": policy}
    command = [sys.executable, "-c", LOOK, str(backbone)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


@contextmanager
def busy(programs: int) -> Iterator[None]:
    """So many programs that want a core each."""
    turning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)
    ]
    try:
        yield
    finally:
        for program in turning:
            program.kill()
            program.wait()


@pytest.mark.parametrize("programs", [0, 1])
def test_looking_beside_busy_programs(backbone_file: Path, programs: int) -> None:
    rates: dict[str, list[float]] = {"ACTIVE": [], "PASSIVE": []}
    with busy(programs):
        for _ in range(ROUNDS):
            for policy, found in rates.items():
                found.append(look(backbone_file, policy))
    middle = {policy: statistics.median(found) for policy, found in rates.items()}
    print(
        f"\nbeside {programs} busy programs: {middle['PASSIVE']:.1f} photos a second, "
        f"{middle['PASSIVE'] / middle['ACTIVE']:.2f} of threads that wait actively"
    )
