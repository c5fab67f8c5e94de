"""Power lost at a random moment, again and again: the library whole, every photo whole."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tagger.images import decode_photo, read_content_id
from tagger.services.workspace import Workspace
from tests.flow.conftest import Tagger
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import ContentId

KILLS = 50


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_killed_at_random_moments_nothing_is_harmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tagger = Tagger(tmp_path / "home", capsys)
    folder = tmp_path / "photos"
    content_ids: dict[Path, ContentId] = {}
    for number in range(60):
        path = save_jpeg(folder / f"{number:03}.jpg", width=480, height=320, seed=number)
        content_ids[path] = read_content_id(path)
    started = time.monotonic()
    tagger("settings", "write.predictions_from", "0")
    whole_run = tagger.start("run", folder, "--write", "--device", "cpu")
    whole_run.communicate(timeout=300)
    assert whole_run.returncode == 0
    duration_s = time.monotonic() - started
    moments = random.Random(7)

    for kill in range(KILLS):
        # Every round has keywords to add or to take out, and a photo to find and tag.
        tagger("settings", "write.predictions_from", "off" if kill % 2 else "0")
        path = save_jpeg(folder / f"new-{kill:03}.jpg", width=480, height=320, seed=1000 + kill)
        content_ids[path] = read_content_id(path)
        process = tagger.start("run", folder, "--write", "--device", "cpu")
        time.sleep(moments.uniform(0, duration_s))  # the moment of the power cut
        process.kill()
        process.communicate()
        _check(tagger.home, content_ids)

    assert tagger("run", folder, "--write").code == 0
    _check(tagger.home, content_ids)
    assert set(folder.iterdir()) == set(content_ids)


def _check(home: Path, content_ids: dict[Path, ContentId]) -> None:
    with Workspace.open(home) as workspace:
        assert workspace.library.check() == "ok"
    for path, content_id in content_ids.items():
        assert read_content_id(path) == content_id
        decode_photo(path)
