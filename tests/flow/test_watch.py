"""Staying: what arrives is tagged, and Ctrl-C ends it cleanly."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.flow.conftest import Tagger


def test_what_arrives_is_tagged_until_interrupted(tagger: Tagger, photos: Path) -> None:
    tagger("add", photos)
    with tagger.start("watch", "--device", "cpu") as process:
        _read_until(process, "8 tagged")
        save_jpeg(photos / "late" / "IMG_0100.jpg", seed=100)
        make_picture(seed=101).save(photos / "late" / "IMG_0101.png")
        _read_until(process, "tagged")

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert "Stopped watching." in out
    assert tagger("run", "--json").json["tagged"] == 10


def _read_until(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"the program ended without saying {words}")
