"""Jobs go round among this process, its threads and its helpers, and none is lost."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError
from tagger.core.tag import Verdict
from tagger.services.writing import crew, helping, jobs
from tagger.services.writing.helping import Helper
from tagger.services.writing.jobs import Placing
from tagger.services.writing.placing import HeldError, place_change
from tagger.services.writing.running import write_pending
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, ignore, keywords

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.metadata import Profile
    from tagger.services.writing.jobs import Job

BRIDE = {"Wedding|Bride"}
PHOTOS = 60


class Ready(Helper):
    """A helper that the run begins with."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(profile)
        super().answer()  # it has started


class Mute(Ready):
    """It dies when it has written its first photos, before anybody hears of it."""

    def answer(self) -> list[tuple[Job, Any]]:
        share = self.asked[0]
        done = super().answer()
        if not isinstance(share[0], Placing):
            return done
        self.asked.appendleft(share)
        raise EOFError


@pytest.fixture
def photos(desk: Desk) -> list[Path]:
    saved = [
        save_jpeg(desk.folder / f"{n:03}.jpg", width=16, height=8, seed=n) for n in range(PHOTOS)
    ]
    desk.scan()
    for photo in saved:
        desk.confirm(photo)
    return saved


def help_with(helper: type[Helper], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "Helper", helper)
    monkeypatch.setattr(helping, "HELPED_FROM", PHOTOS)
    monkeypatch.setattr(helping, "core_count", lambda: 2)


def test_a_slow_disk_is_waited_for_side_by_side(
    desk: Desk, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_LONG_WAIT_S", -1.0)  # every wait is long
    arrivals, has_company = count(), threading.Event()

    def meet(*args: Any, **options: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            if next(arrivals) == 0:
                assert has_company.wait(60)  # another one comes while this one waits
            has_company.set()
        place_change(*args, **options)

    monkeypatch.setattr(jobs, "place_change", meet)

    result = desk.write()

    assert has_company.is_set()
    assert (result.written, result.failed) == (PHOTOS, [])
    assert all(keywords(photo) == BRIDE for photo in photos)


def test_what_a_helper_wrote_before_it_died_is_known_as_ours(
    desk: Desk, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    help_with(Mute, monkeypatch)

    result = desk.write()

    assert (result.written, result.failed, result.conflicts) == (PHOTOS, [], [])
    assert all(keywords(photo) == BRIDE for photo in photos)
    assert desk.scan().stored == 0
    for photo in photos:
        desk.decide(photo, Verdict.REJECTED)
    desk.write()
    assert all(keywords(photo) == set() for photo in photos)


def test_a_stop_reaches_helpers_too(
    desk: Desk, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = CancelToken()

    class Stopping(Ready):
        def answer(self) -> list[tuple[Job, Any]]:
            done = super().answer()
            if isinstance(done[0][0], Placing):
                cancel.cancel()
            return done

    def hold(*_: Any, **__: Any) -> None:
        raise HeldError  # so that only the helper places, for this process

    help_with(Stopping, monkeypatch)
    monkeypatch.setattr(crew, "_ASKED_AHEAD", PHOTOS)  # all that it will ever get
    monkeypatch.setattr(jobs, "place_change", hold)

    with pytest.raises(CancelledError):
        write_pending(desk.workspace, cancel, ignore)

    written = [photo for photo in photos if keywords(photo)]
    assert 1 <= len(written) <= PHOTOS // 2
    assert desk.workspace.library.planned_lines() == []
    monkeypatch.setattr(jobs, "place_change", place_change)
    assert desk.write().written == PHOTOS - len(written)
    assert all(keywords(photo) == BRIDE for photo in photos)
