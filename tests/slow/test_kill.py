"""Power lost again and again, at random moments and at every system call: all photos whole.

`TAGGER_KILLS=1000` kills as often in all tests of this file together: one time in twenty a whole
`tagger run`, one in twenty the commands that write and take back, all others writing itself on few
photos. The processes are forked from one that has all imports behind it, so that most of a short
life is work.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import time
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command
from tagger.core.cancel import CancelToken
from tagger.core.errors import WrongUseError
from tagger.core.tag import Verdict
from tagger.images import decode_photo, read_content_id
from tagger.library import DecisionRequest
from tagger.services.journal_undo import undo_run
from tagger.services.workspace import Workspace
from tagger.services.writing import helping
from tagger.services.writing.running import write_pending
from tests.flow.conftest import Tagger
from tests.pictures import save_jpeg
from tests.unit.files.test_replace_faults import CALLS
from tests.unit.services.writing.desk import Desk, ignore, keywords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from tagger.core.ids import ContentId

ALL_KILLS = int(os.environ.get("TAGGER_KILLS", "200"))
KILLS = max(1, ALL_KILLS // 20)
PHOTOS = 60
FEW_PHOTOS = 3
BRIDE = {"Wedding|Bride"}


@pytest.fixture(scope="module")
def forks() -> multiprocessing.context.ForkServerContext:
    if sys.platform == "win32":
        pytest.skip("Windows has no fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "torch", "torchvision", "tagger.ml.network"])
    first = context.Process(target=time.sleep, args=(0,))
    first.start()
    first.join()  # all imports are done, so the durations that are measured are those of work
    return context


def run_quietly(arguments: list[str], helped_from: int) -> None:
    """What a forked process does: one command, printing nowhere."""
    helping.HELPED_FROM = helped_from
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - not to be decoded
        sys.stdout = sys.stderr = nowhere
        sys.exit(run_command(arguments))


class Victim:
    """Starts commands on one library and kills them."""

    def __init__(
        self,
        context: multiprocessing.context.ForkServerContext,
        home: Path,
        helped_from: int = helping.HELPED_FROM,
    ) -> None:
        self._context = context
        self._home = home
        self._helped_from = helped_from
        self._moments = random.Random(7)

    def start(self, *arguments: str | Path) -> BaseProcess:
        words = [*map(str, arguments), "--home", str(self._home)]
        process = self._context.Process(target=run_quietly, args=(words, self._helped_from))
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
        self._cut(self.start(*arguments), duration_s)

    def kill_work(self, duration_s: float, work: Work) -> None:
        """Kill what writes or takes back at a random moment."""
        self._cut(self._start_work(work, 0), duration_s)

    def kill_work_at(self, call: int, work: Work) -> bool:
        """Let it die at its n-th system call; returns whether it had so many."""
        process = self._start_work(work, call)
        process.join(300)
        assert process.exitcode in {0, -signal.SIGKILL}
        return process.exitcode != 0

    def _start_work(self, work: Work, call: int) -> BaseProcess:
        process = self._context.Process(target=work_until, args=(self._home, work, call))
        process.start()
        return process

    def _cut(self, process: BaseProcess, duration_s: float) -> None:
        time.sleep(self._moments.uniform(0, duration_s))  # the moment of the power cut
        process.kill()
        process.join()


Work = int | None
"""The run to take back, or None to write what waits."""


def work_until(home: Path, work: Work, call: int) -> None:
    """What a forked process does: it kills itself at this system call; 0 for never."""
    with Workspace.open(home) as workspace:
        if call:
            calls = count(1)
            for name in CALLS:
                setattr(os, name, _let_die(getattr(os, name), calls, call))
        if work is None:
            write_pending(workspace, CancelToken(), ignore)
        else:
            with suppress(WrongUseError):  # nothing of the run was ever written
                undo_run(workspace, work, CancelToken(), ignore)
    os._exit(0)


def _let_die(
    real: Callable[..., object], calls: Iterator[int], fatal: int
) -> Callable[..., object]:
    def call(*args: object, **kwargs: object) -> object:
        if next(calls) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    return call


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
@pytest.mark.parametrize("helped_from", [helping.HELPED_FROM, PHOTOS // 2])
def test_killed_while_writing_and_taking_back_the_journal_stays_true(
    tmp_path: Path, forks: multiprocessing.context.ForkServerContext, helped_from: int
) -> None:
    home, folder = tmp_path / "home", tmp_path / "photos"
    victim = Victim(forks, home, helped_from)
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


@pytest.mark.slow
@pytest.mark.timeout(200 + 5 * ALL_KILLS)
def test_killed_at_every_call_and_at_random_each_photo_is_the_old_or_the_new_one(
    tmp_path: Path, forks: multiprocessing.context.ForkServerContext
) -> None:
    home, folder = tmp_path / "home", tmp_path / "photos"
    victim = Victim(forks, home)
    for number in range(FEW_PHOTOS):
        save_jpeg(folder / f"{number}.jpg", width=48, height=32, seed=number)
    content_ids = {photo: read_content_id(photo) for photo in sorted(folder.iterdir())}
    with Workspace.open(home) as workspace:
        Desk(workspace, folder).scan()
    _decide(home, Verdict.CONFIRMED)
    _decide(home, Verdict.CONFIRMED)
    started = time.monotonic()
    assert not victim.kill_work_at(1 << 30, None)
    duration_s = time.monotonic() - started
    fatal = {"write": count(1), "undo": count(1)}

    for kill in range(ALL_KILLS - 2 * KILLS):
        step = kill % 6
        kind, verdict = _STEPS[step % 3]
        work = _prepare_work(home, verdict)
        if step < 3:
            victim.kill_work(duration_s, work)
        elif not victim.kill_work_at(next(fatal[kind]), work):
            fatal[kind] = count(1)
        for path, content_id in content_ids.items():
            assert read_content_id(path) == content_id
            assert keywords(path) in (set(), BRIDE)
        if step == 5:
            _settle(home, folder, Verdict.REJECTED if kill % 12 > 5 else Verdict.CONFIRMED)

    assert sorted(folder.iterdir()) == list(content_ids)
    _check(home, content_ids)


_STEPS = (("write", Verdict.CONFIRMED), ("write", Verdict.REJECTED), ("undo", None))


def _prepare_work(home: Path, verdict: Verdict | None) -> Work:
    """Decide, so that there is something to write; without a verdict the newest run to undo."""
    with Workspace.open(home) as workspace:
        assert workspace.library.check() == "ok"
        if verdict is None:
            return int(workspace.library.write_runs()[0].id)
        _decide_in(workspace, verdict)
        return None


def _settle(home: Path, folder: Path, verdict: Verdict) -> None:
    """What the next start does: nothing was left behind, and what a person says is written."""
    with Workspace.open(home) as workspace:
        _decide_in(workspace, verdict)
        desk = Desk(workspace, folder)
        desk.scan()
        assert desk.write().failed == []
        assert workspace.library.planned_lines() == []
    for photo in folder.iterdir():
        assert keywords(photo) == (BRIDE if verdict is Verdict.CONFIRMED else set()), photo


def _decide(home: Path, verdict: Verdict) -> None:
    with Workspace.open(home) as workspace:
        _decide_in(workspace, verdict)


def _decide_in(workspace: Workspace, verdict: Verdict) -> None:
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
