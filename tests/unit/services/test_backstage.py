"""Work in another process: what it tells, how it stops, and what a crash leaves."""

from __future__ import annotations

import os
import signal
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, TaggerError, WrongUseError
from tagger.core.progress import Progress
from tagger.services.backstage import Backstage
from tagger.services.indexing import ScanResult, scan_library
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.changes import Changes
    from tagger.services.reporting import Report


def tell_process(_: Workspace, __: CancelToken, report: Report) -> int:
    report(Progress("Looking", 1, 2, 0.1))
    report(Progress("Looking", 2, 2, 0.2))
    return os.getpid()


def refuse(_: Workspace, __: CancelToken, ___: Report) -> None:
    raise WrongUseError("That makes no sense.")


def stumble(_: Workspace, __: CancelToken, ___: Report) -> None:
    raise ZeroDivisionError("nobody expected this")


def wait_for_stop(_: Workspace, cancel: CancelToken, report: Report) -> None:
    report(Progress("Waiting", 0, None, 0.0))
    cancel.wait(60)
    cancel.raise_if_cancelled()


def crash(_: Workspace, __: CancelToken, ___: Report) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def changes() -> list[Changes]:
    return []


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture(scope="module")
def backstage(home: Path, changes: list[Changes]) -> Iterator[Backstage]:
    """One process for most tests: each takes a second to start."""
    backstage = Backstage(home, changes.append)
    yield backstage
    backstage.close()
    backstage.join(5)


def _ignore(_: Progress) -> None:
    pass


def test_a_task_runs_elsewhere_and_tells_progress_and_result(backstage: Backstage) -> None:
    told: list[Progress] = []

    first = backstage.run(tell_process, CancelToken(), told.append)
    second = backstage.run(tell_process, CancelToken(), told.append)

    assert first == second != os.getpid()
    assert told[-1].done == 2


def test_changes_in_the_library_reach_the_window(
    backstage: Backstage, changes: list[Changes], home: Path, tmp_path: Path
) -> None:
    save_jpeg(tmp_path / "photos" / "a.jpg", width=60, height=40)
    with Workspace.open(home) as workspace:
        workspace.library.add_folder(tmp_path / "photos")

        result = backstage.run(scan_library, CancelToken(), _ignore)

        assert isinstance(result, ScanResult)
        assert result.stored == 1
        [photo] = workspace.library.find(None)
        assert any(photo in told.photo_ids for told in changes)


def test_errors_come_back_as_sentences(
    backstage: Backstage, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TaggerError, match=r"^That makes no sense\.$"):
        backstage.run(refuse, CancelToken(), _ignore)

    with pytest.raises(TaggerError, match="unexpected went wrong"):
        backstage.run(stumble, CancelToken(), _ignore)

    assert "in stumble" in caplog.text


def test_a_cancelled_task_stops_and_the_next_one_runs(backstage: Backstage) -> None:
    cancel = CancelToken()

    with pytest.raises(CancelledError):
        backstage.run(wait_for_stop, cancel, lambda _: cancel.cancel())

    assert isinstance(backstage.run(tell_process, CancelToken(), _ignore), int)


def test_after_a_crash_the_next_task_gets_a_new_process(backstage: Backstage) -> None:
    first = backstage.run(tell_process, CancelToken(), _ignore)

    with pytest.raises(TaggerError, match="stopped unexpectedly"):
        backstage.run(crash, CancelToken(), _ignore)

    assert backstage.run(tell_process, CancelToken(), _ignore) != first


def test_a_process_without_work_leaves_and_the_next_task_starts_another(
    tmp_path: Path,
) -> None:
    backstage = Backstage(tmp_path / "home", lambda _: None, idle_s=0.1)
    first = backstage.run(tell_process, CancelToken(), _ignore)
    assert backstage._stage is not None
    backstage._stage._reader.join(10)
    assert backstage.is_resting

    assert backstage.run(tell_process, CancelToken(), _ignore) != first

    backstage.close()
    backstage.join(5)


def test_closing_stops_what_runs(tmp_path: Path) -> None:
    backstage = Backstage(tmp_path / "home", lambda _: None)
    ends: list[type[BaseException]] = []

    def run() -> None:
        try:
            backstage.run(wait_for_stop, CancelToken(), lambda _: backstage.close())
        except TaggerError as error:
            ends.append(type(error))

    thread = Thread(target=run)
    thread.start()
    thread.join(20)
    backstage.join(5)

    assert ends == [CancelledError]
    assert backstage.is_resting
    with pytest.raises(CancelledError):
        backstage.run(tell_process, CancelToken(), _ignore)
