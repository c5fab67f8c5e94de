"""What arrives in the folders appears and is tagged without a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError
from tagger.gui.work.jobs import JobKind, Status
from tagger.gui.work.watching import Arriving
from tests.gui.day import Day
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tagger.gui.session import Session
    from tagger.gui.window import MainWindow
    from tagger.gui.work.worker import Work
    from tagger.services.reporting import Report
    from tagger.services.watching import Arrivals


def test_a_photo_that_arrives_is_tagged_by_itself(
    qtbot: QtBot, session: Session, window: MainWindow, photos: Path
) -> None:
    window.watch()
    window.add_folders([photos])
    day = Day(qtbot, session, window)
    day.wait_for_tags(12)

    save_jpeg(photos / "late" / "IMG_0100.jpg", seed=100)
    day.wait_for_tags(13)

    assert session.watching.notes == ()
    assert "Nothing new" not in window.widgets.jobs.message


def test_a_network_drive_says_that_it_is_seen_with_a_delay(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.files.watch.is_network_drive", lambda _: True)

    day.window.watch()

    day.wait_until(lambda: "network drive" in day.widgets.jobs.message)
    assert "1 folder seen with a delay" in {
        button.text() for button in day.widgets.jobs.findChildren(type(day.widgets.jobs._notes))
    }


@pytest.mark.slow
def test_a_drive_that_goes_away_and_comes_back_is_shown_so(
    day: Day, photos: Path, tmp_path: Path
) -> None:
    thumbnails = day.session.thumbnails
    day.wait_until(lambda: thumbnails.pixmap(day.shown_ids[0]) is not None)
    day.window.watch()
    day.wait_until(lambda: not day.session.jobs._workers[JobKind.INDEX].is_busy)

    told: list[bool] = []
    day.session.watching.drives_changed.connect(lambda: told.append(True))
    photos.rename(tmp_path / "elsewhere")
    day.wait_until(lambda: bool(told) and "12 offline" in day.widgets.jobs.state_text)
    thumbnails._failed.update(day.shown_ids)
    thumbnails._cache.forget(day.shown_ids)
    (tmp_path / "elsewhere").rename(photos)

    day.wait_until(lambda: "offline" not in day.widgets.jobs.state_text)
    day.wait_until(lambda: thumbnails.pixmap(day.shown_ids[0]) is not None)


def test_what_arrives_while_paused_is_read_afterwards(day: Day, photos: Path) -> None:
    day.session.jobs.pause(JobKind.INDEX)
    day.window.watch()
    day.wait_until(lambda: bool(day.session._arriving._arrivals))
    assert day.session.jobs.state(JobKind.INDEX).status is Status.PAUSED
    save_jpeg(photos / "late.jpg", seed=50)

    day.session.jobs.start(JobKind.INDEX)

    day.wait_for_tags(13)


def test_what_arrived_is_kept_when_its_reading_is_stopped(tmp_path: Path) -> None:
    asked: list[object] = []

    def index(arrivals: Arrivals) -> Work:
        def run(cancel: CancelToken, _: Report) -> object:
            asked.append(dict(arrivals.paths))
            cancel.raise_if_cancelled()
            return None

        return run

    arriving = Arriving(lambda *_: asked.append("everything"), index)
    arriving.add((tmp_path, [tmp_path / "a.jpg"]))
    stopped = CancelToken()
    stopped.cancel()

    with pytest.raises(CancelledError):
        arriving.run(stopped, lambda _: None)
    arriving.run(CancelToken(), lambda _: None)
    arriving.run(CancelToken(), lambda _: None)

    arrived = {tmp_path: {tmp_path / "a.jpg"}}
    assert asked == [arrived, arrived, "everything"]


@pytest.mark.parametrize("reported", ["Somebody asked for it.", None])
def test_a_look_through_all_folders_that_was_stopped_is_made_up_for(
    tmp_path: Path, reported: str | None
) -> None:
    asked: list[object] = []

    def scan(cancel: CancelToken, _: Report) -> None:
        asked.append("everything")
        cancel.raise_if_cancelled()

    arriving = Arriving(scan, lambda arrivals: lambda *_: asked.append(dict(arrivals.paths)))
    if reported is not None:
        arriving.add(reported)
    stopped = CancelToken()
    stopped.cancel()
    with pytest.raises(CancelledError):
        arriving.run(stopped, lambda _: None)

    arriving.add((tmp_path, [tmp_path / "a.jpg"]))
    arriving.run(CancelToken(), lambda _: None)

    assert asked == ["everything", "everything"]


def test_beside_a_text_with_a_mistake_the_photos_on_screen_stay_true(day: Day) -> None:
    day.search("shoot:2026-06-20")
    shown = day.shown_ids
    day.search("shoot:2026-06-20 AND (")
    complaint = day.widgets.search.complaint
    assert complaint

    day.row(0).path.unlink()
    day.window.working.rescan()

    day.wait_until(lambda: day.shown_ids == shown[1:])
    day.wait_until(lambda: "11 photos" in day.widgets.jobs.state_text)
    assert day.widgets.search.complaint == complaint
    assert day.widgets.search.line.text() == "shoot:2026-06-20 AND ("
    day.search("")
    day.wait_until(lambda: len(day.shown_ids) == 11 and not day.widgets.search.complaint)
