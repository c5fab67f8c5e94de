"""Whose small pictures come next when several places show photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tagger.core.ids import PhotoId
from tagger.gui.pictures.thumbnails import Thumbnails

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.day import Day


def list_waiting(thumbnails: Thumbnails) -> list[tuple[int, int]]:
    """Photo and side of what would be done, in order."""
    return [(task.photo_id, task.side_px) for task in thumbnails._list_tasks()]


def ids(*numbers: int) -> list[PhotoId]:
    return [PhotoId(number) for number in numbers]


def test_slides_and_the_grid_behind_them_both_get_their_pictures(
    qtbot: QtBot, looking_day: Day
) -> None:
    thumbnails = Thumbnails(looking_day.session.pictures, workers=0)
    grid, slides = QObject(), QObject()

    thumbnails.want(grid, ids(1001, 1002), 150)
    thumbnails.want(slides, ids(1003, 1001), 300)
    assert list_waiting(thumbnails) == [(1003, 320), (1001, 320), (1002, 160)]

    thumbnails.want(grid, ids(1004), 150)
    assert list_waiting(thumbnails) == [(1004, 160), (1003, 320), (1001, 320)]

    slides.deleteLater()
    qtbot.waitUntil(lambda: list_waiting(thumbnails) == [(1004, 160)])
    thumbnails.close()
