"""Power lost at a random moment, again and again: the library whole, every photo whole.

`TAGGER_KILLS=1000` kills as often in each test. The processes are forked from one that has all
imports behind it, so that most of a short life is work.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command
from tagger.core.tag import Verdict
from tagger.images import decode_photo, read_content_id
from tagger.library import DecisionRequest
from tagger.services.workspace import Workspace
from tests.flow.conftest import Tagger
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, keywords

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from tagger.core.ids import ContentId

KILLS = int(os.environ.get("TAGGER_KILLS", "50"))
PHOTOS = 60
BRIDE = {"Wedding|Bride"}


@pytest.fixture(scope="module")
def forks() -> multiprocessing.context.ForkServerContext:
    if sys.platform == "win32":
        pytest.skip("Windows has no fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "torch", "torchvision", "tagger.ml.network"])
    return context


def run_quietly(arguments: list[str]) -> None:
    """What a forked process does: one command, printing nowhere."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - not to be decoded
        sys.stdout = sys.stderr = nowhere
        sys.exit(run_command(arguments))


class Victim:
    """Starts commands on one library and kills them."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, home: Path) -> None:
        self._context = context
        self._home = home
        self._moments = random.Random(7)

    def start(self, *arguments: str | Path) -> BaseProcess:
        words = [*map(str, arguments), "--home", str(self._home)]
        process = self._context.Process(target=run_quietly, args=(words,))
        process.start()
        return process

    def run(self, *arguments: str | Path) -> float:
        """Let a command end; returns how long it took."""
        started = time.monotonic()
        process = self.start(*arguments)
        process.join(300)
        assert process.exitcode == 0
        return time.monotonic() - started

    def kill(self, duration_s: float, *arguments: str | Path) -> None:
        process = self.start(*arguments)
        time.sleep(self._moments.uniform(0, duration_s))  # the moment of the power cut
        process.kill()
        process.join()


@pytest.mark.slow
@pytest.mark.timeout(200 + 60 * KILLS)
def test_killed_at_random_moments_nothing_is_harmed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    forks: multiprocessing.context.ForkServerContext,
) -> None:
    tagger = Tagger(tmp_path / "home", capsys)
    victim = Victim(forks, tagger.home)
    folder = tmp_path / "photos"
    content_ids: dict[Path, ContentId] = {}
    for number in range(PHOTOS):
        path = save_jpeg(folder / f"{number:03}.jpg", width=480, height=320, seed=number)
        content_ids[path] = read_content_id(path)
    tagger("settings", "write.predictions_from", "0")
    victim.run("run", folder, "--write", "--device", "cpu")
    tagger("settings", "write.predictions_from", "off")
    duration_s = victim.run("run", folder, "--write", "--device", "cpu")

    for kill in range(KILLS):
        # Every round has keywords to add or to take out, and a photo to find and tag.
        tagger("settings", "write.predictions_from", "off" if kill % 2 else "0")
        path = save_jpeg(folder / f"new-{kill:03}.jpg", width=480, height=320, seed=1000 + kill)
        content_ids[path] = read_content_id(path)
        victim.kill(duration_s, "run", folder, "--write", "--device", "cpu")
        _check(tagger.home, content_ids)

    assert tagger("run", folder, "--write").code == 0
    _check(tagger.home, content_ids)
    assert set(folder.iterdir()) == set(content_ids)


@pytest.mark.slow
@pytest.mark.timeout(200 + 20 * KILLS)
def test_killed_while_writing_and_taking_back_the_journal_stays_true(
    tmp_path: Path, forks: multiprocessing.context.ForkServerContext
) -> None:
    home, folder = tmp_path / "home", tmp_path / "photos"
    victim = Victim(forks, home)
    photos = [
        save_jpeg(folder / f"{number:03}.jpg", width=96, height=64, seed=number)
        for number in range(PHOTOS)
    ]
    content_ids = {photo: read_content_id(photo) for photo in photos}
    with Workspace.open(home) as workspace:
        Desk(workspace, folder).scan()
    _decide(home, Verdict.CONFIRMED)
    duration_s = victim.run("write")

    for kill in range(KILLS):
        if kill % 3 == 2:
            victim.kill(duration_s, "undo-run", _newest_run(home))
        else:
            _decide(home, Verdict.REJECTED if kill % 2 else Verdict.CONFIRMED)
            victim.kill(duration_s, "write")
        _check(home, content_ids)
        assert all(keywords(photo) in (set(), BRIDE) for photo in photos)

    _decide(home, Verdict.REJECTED)
    _decide(home, Verdict.CONFIRMED)
    victim.run("scan")
    victim.run("write")
    assert [photo for photo in photos if keywords(photo) != BRIDE] == []
    assert sorted(folder.iterdir()) == photos
    with Workspace.open(home) as workspace:
        assert workspace.library.planned_lines() == []


def _decide(home: Path, verdict: Verdict) -> None:
    with Workspace.open(home) as workspace:
        library = workspace.library
        tag_id = library.find_tag("bride").id
        requests = [DecisionRequest(one, tag_id, verdict) for one in library.find(None)]
        library.decide(requests, label=str(verdict))


def _newest_run(home: Path) -> str:
    with Workspace.open(home) as workspace:
        return str(workspace.library.write_runs()[0].id)


def _check(home: Path, content_ids: dict[Path, ContentId]) -> None:
    with Workspace.open(home) as workspace:
        assert workspace.library.check() == "ok"
    for path, content_id in content_ids.items():
        assert read_content_id(path) == content_id
        decode_photo(path)
