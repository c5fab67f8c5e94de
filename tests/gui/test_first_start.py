"""From an empty library to photos with tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.gui.day import Day
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from tagger.gui.session import Session
    from tagger.gui.window import MainWindow


def test_an_empty_library_welcomes_with_one_action(
    qtbot: QtBot, session: Session, window: MainWindow
) -> None:
    day = Day(qtbot, session, window)
    day.wait_until(window.widgets.welcome.isVisible)
    assert not window.widgets.left.isVisible()

    window.widgets.welcome.button.click()

    day.wait_until(lambda: bool(window.findChildren(QFileDialog)))
    [chooser] = window.findChildren(QFileDialog)
    assert chooser.fileMode() is QFileDialog.FileMode.Directory
    chooser.reject()


def test_a_chosen_folder_appears_and_is_tagged(day: Day) -> None:
    assert day.widgets.grid.isVisible()
    assert day.widgets.left.isVisible()
    assert [section.count for section in day.widgets.grid.photos.listing.sections] == [6, 6]
    assert sum(day.counts.values()) == 12
    assert "12 photos" in day.widgets.jobs.state_text


def test_a_dropped_folder_is_added(
    qtbot: QtBot, session: Session, window: MainWindow, photos: Path
) -> None:
    _drop(window, photos)

    Day(qtbot, session, window).wait_for_tags(12)


def test_a_folder_dropped_on_the_photos_of_another_is_added(day: Day, tmp_path: Path) -> None:
    for number in range(3):
        save_jpeg(tmp_path / "more" / f"{number}.jpg", seed=100 + number)
    taking: QWidget | None = day.widgets.grid.viewport()
    while taking is not None and not taking.acceptDrops():  # as Qt looks for who takes it
        taking = taking.parentWidget()
    assert taking is day.window

    _drop(day.window, tmp_path / "more")

    day.wait_for_tags(15)
    assert {folder.path.name for folder in day.library.folders()} == {"photos", "more"}


def _drop(window: MainWindow, photos: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photos))])
    arguments = (QPoint(100, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    enter = QDragEnterEvent(*arguments, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()

    QApplication.sendEvent(
        window,
        QDropEvent(
            QPoint(100, 100).toPointF(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )


def test_thumbnails_appear_and_are_kept_on_disk(day: Day) -> None:
    first = day.shown_ids[0]
    day.wait_until(lambda: day.session.thumbnails.pixmap(first) is not None)

    assert (day.session.workspace.home / "thumbnails.db").stat().st_size > 0


def test_a_folder_that_is_inside_another_is_refused_in_words(day: Day, photos: Path) -> None:
    day.window.add_folders([photos / "2026-06-20"])

    day.wait_until(lambda: str(photos) in day.widgets.jobs.message)


def test_a_new_photo_is_found_by_looking_again(day: Day, photos: Path) -> None:
    (photos / "2026-06-20" / "IMG_0000.jpg").replace(photos / "moved.jpg")

    day.press(Qt.Key.Key_F5, on=day.window)

    day.wait_until(lambda: _has_moved(day))
    assert len(day.shown_ids) == 12


def _has_moved(day: Day) -> bool:
    return any(row.path.name == "moved.jpg" for row in day.library.photo_rows(day.shown_ids))
