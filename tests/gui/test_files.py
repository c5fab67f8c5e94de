"""Writing keywords, exporting and problems, on real files."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from tagger.core.errors import WrongUseError
from tagger.gui.dialogs.export import ExportDialog
from tagger.gui.dialogs.problems import ProblemList
from tagger.gui.work.jobs import JobKind, JobState, Status
from tagger.metadata import read_metadata
from tagger.services.classifiers import IN_USE
from tagger.services.exporting import ExportResult
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier


def test_writing_puts_confirmed_keywords_into_the_files(day: Day) -> None:
    day.go_to(0)
    path = day.row(0).path
    before = {other: other.read_bytes() for other in path.parent.iterdir() if other != path}
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: "confirmed" in day.widgets.jobs.message)

    day.press(Qt.Key.Key_S, _CTRL)

    day.wait_until(lambda: "1 file written" in day.widgets.jobs.message and day.is_idle)
    [name] = day.standing(day.shown_ids[0])
    assert ("Wedding", name.title()) in read_metadata(path).paths
    assert {other: other.read_bytes() for other in before} == before


def test_export_of_the_selection_fills_a_folder(day: Day, tmp_path: Path) -> None:
    originals = {row.path: row.path.read_bytes() for row in day.library.photo_rows(day.shown_ids)}
    day.go_to(0)
    day.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    day.press(Qt.Key.Key_E, _CTRL)
    [dialog] = day.window.findChildren(ExportDialog)
    assert not dialog.isModal()
    dialog.folder.setText(str(tmp_path / "post"))

    dialog.export_button.click()

    day.wait_until(lambda: "2 files written" in day.widgets.jobs.message)
    for path in (tmp_path / "post").iterdir():
        with Image.open(path) as image:
            assert image.size == (240, 160)
    assert {path: path.read_bytes() for path in originals} == originals


def test_an_export_that_failed_while_the_next_one_waited_is_told_at_the_end(
    day: Day, tmp_path: Path
) -> None:
    all_are_started = threading.Event()
    jobs, row = day.session.jobs, day.widgets.jobs.rows[JobKind.EXPORT]
    done = ExportResult([tmp_path / "post" / "one.jpg"], [], [])

    def fail(*_: object) -> None:
        all_are_started.wait(10)
        raise WrongUseError("The drive is full. Choose another folder.")

    jobs.start_export(lambda *_: all_are_started.wait(10) and done)
    jobs.start_export(fail)
    jobs.start_export(lambda *_: None)
    all_are_started.set()
    day.wait_until(lambda: jobs.state(JobKind.EXPORT).status is not Status.RUNNING)

    assert "1 file written" in day.widgets.jobs.message
    assert row.isVisible()
    assert "The drive is full" in row.figures.text()
    jobs.start_export(lambda *_: None)
    day.wait_until(lambda: jobs.state(JobKind.EXPORT).status is Status.IDLE)


def test_export_into_a_watched_folder_is_refused_in_words(day: Day, photos: Path) -> None:
    day.go_to(0)
    dialog = day.window.working.open_export()
    assert dialog is not None
    dialog.folder.setText(str(photos / "post"))

    dialog.export_button.click()

    row = day.widgets.jobs.rows[JobKind.EXPORT]
    day.wait_until(lambda: "is watched" in row.figures.text())
    row.cancel_button.click()
    assert not row.isVisible()


def test_every_picture_is_shown_before_it_is_written_and_its_crop_moves(
    day: Day, tmp_path: Path
) -> None:
    day.library.change_setting(IN_USE, "none")  # loading the network takes long; detail does here
    day.go_to(0)
    day.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    dialog = day.window.working.open_export()
    assert dialog is not None
    dialog.folder.setText(str(tmp_path / "post"))
    dialog.presets.setCurrentIndex(dialog.presets.findText("Instagram, square"))
    crop = dialog.preview.crop
    day.wait_until(lambda: crop.window_shown is not None)
    day.wait_until(lambda: "1080 x 1080" in dialog.preview.caption.text())
    first = crop.window_shown

    day.press(Qt.Key.Key_Left, on=crop)
    day.press(Qt.Key.Key_Left, on=crop)
    placed = crop.window_shown
    assert first is not None
    assert placed is not None
    assert placed.left < first.left
    ids = day.shown_ids[:2]
    kept = pytest.approx(placed.left)
    day.wait_until(lambda: [crop[0] for crop in day.library.crops(ids, "1:1").values()] == [kept])
    dialog.preview.forth.click()
    day.wait_until(lambda: dialog.preview.photo_id == ids[1])
    dialog.preview.back.click()
    day.wait_until(lambda: dialog.preview.photo_id == ids[0])
    assert crop.window_shown == placed

    dialog.preview.reset.click()
    day.wait_until(lambda: crop.window_shown == first)
    assert day.library.crops(ids, "1:1") == {}
    dialog.reject()


def test_the_name_is_shown_while_it_is_typed(day: Day) -> None:
    day.go_to(0)
    dialog = day.window.working.open_export()
    assert dialog is not None
    dialog.template.setText("{date}_{n}")
    assert dialog.example.text() == "2026-06-20_03.jpg"
    dialog.template.setText("{dote}")
    assert "there is no {dote}" in dialog.example.text()
    assert not dialog.export_button.isEnabled()
    dialog.template.setText("{name}")
    assert dialog.export_button.isEnabled()
    dialog.reject()


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 no picture at all"])
def test_a_broken_photo_is_listed_with_its_reason_and_read_again(
    day: Day, photos: Path, content: bytes
) -> None:
    broken = photos / "2026-06-20" / "broken.jpg"
    broken.write_bytes(content)
    day.press(Qt.Key.Key_F5, on=day.window)
    day.wait_until(lambda: day.library.summary().failed == 1 and day.is_idle)

    day.press(Qt.Key.Key_P, _CTRL, on=day.window)
    day.wait_until(lambda: bool(day.window.findChildren(ProblemList)))
    [problems] = day.window.findChildren(ProblemList)
    item = problems.list.topLevelItem(0)
    assert item is not None
    assert item.text(0) == "broken.jpg"
    assert item.text(1).endswith(".")
    day.press(Qt.Key.Key_Return, on=problems.list)
    assert problems.isVisible(), "Enter on a line closes nothing"

    (photos / "2026-06-20" / "IMG_0000.jpg").replace(broken)
    problems.retry_wanted.emit()
    day.wait_until(lambda: day.library.summary().failed == 0 and day.is_idle)


def test_another_program_at_work_is_said_in_words(day: Day) -> None:
    other = Workspace(day.session.workspace.home, day.library)
    with other.working():
        day.press(Qt.Key.Key_F5, on=day.window)
        assert day.session.jobs.state(JobKind.INDEX).status is Status.FAILED
        assert "Another tagger" in day.widgets.jobs.rows[JobKind.INDEX].figures.text()

    day.press(Qt.Key.Key_F5, on=day.window)
    day.wait_until(lambda: day.is_idle)


def test_a_long_sentence_is_read_to_its_end(day: Day) -> None:
    jobs = day.widgets.jobs
    words = "12 photos could not be written. " + "The drive is full. " * 14 + "Choose another one."

    jobs.say(words)
    row = jobs.rows[JobKind.WRITE]
    row.show_state(JobState(JobKind.WRITE, Status.FAILED, problem=words))
    labels = (jobs._message, row.figures)

    day.wait_until(
        lambda: all(0 < one.heightForWidth(one.width()) <= one.height() for one in labels)
    )
    assert row.cancel_button.geometry().right() < row.width()
    assert day.window.rect().contains(jobs.geometry().bottomRight())
