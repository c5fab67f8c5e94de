"""What the network looked at, over the photo in the loupe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from tagger.core.errors import ModelError
from tagger.gui.inspector.heat import draw_heat
from tagger.gui.session import Session
from tagger.gui.window import MainWindow
from tagger.services.attention import Attention
from tagger.services.models.class_changes import retire_class
from tagger.services.preferences import order_classes
from tests.gui.day import Day
from tests.gui.photos import CLASSES

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from tagger.core.ids import PhotoId
    from tagger.gui.appearance.look import Look


@pytest.fixture
def asked(day: Day) -> list[PhotoId]:
    """The photos that the network was asked for; it looks at another corner for each class."""
    photos: list[PhotoId] = []

    def attend(photo_id: PhotoId) -> Attention:
        photos.append(photo_id)
        maps = {}
        for place, name in enumerate(CLASSES[:4]):
            levels = np.zeros((40, 60), np.uint8)
            levels[20 * (place // 2) :, 30 * (place % 2) :][:20, :30] = 255
            maps[name] = levels
        return Attention(photo_id, maps)

    day.session.attend = attend
    return photos


def test_h_shows_where_the_network_looked_for_the_strongest_class(
    day: Day, asked: list[PhotoId]
) -> None:
    photo = day.go_to(0)
    [strongest] = day.standing(photo)
    loupe = day.widgets.loupe

    day.press(Qt.Key.Key_H)
    day.wait_until(lambda: strongest in loupe.hint.lower() or "not know" in loupe.hint)
    assert loupe.isVisible()
    assert asked == [photo]

    day.press(Qt.Key.Key_H, on=loupe)
    assert not loupe.picture.has_heat
    assert "H shows" in loupe.hint


def test_numbers_choose_a_class_to_look_at_and_decide_nothing(
    day: Day, asked: list[PhotoId]
) -> None:
    photo = day.go_to(0)
    before = day.states(photo)
    loupe = day.widgets.loupe
    day.press(Qt.Key.Key_H)
    day.wait_until(lambda: (bool(asked) and "looked at" in loupe.hint) or "not know" in loupe.hint)

    day.press(Qt.Key.Key_3, on=loupe)
    assert "Newlyweds" in loupe.hint
    assert loupe.picture.has_heat
    day.press(Qt.Key.Key_5, on=loupe)
    assert "does not know Dance" in loupe.hint

    day.press(Qt.Key.Key_Down, on=loupe)
    first = loupe.hint
    assert "looked at for" in first
    day.press(Qt.Key.Key_Down, on=loupe)
    assert "looked at for" in loupe.hint
    assert loupe.hint != first
    day.press(Qt.Key.Key_Up, on=loupe)
    assert loupe.hint == first
    assert day.window.selection.current_row == 0

    day.press(Qt.Key.Key_Escape, on=loupe)
    assert loupe.isVisible()
    assert not loupe.is_hot
    assert day.states(photo) == before


def test_the_map_follows_to_the_next_photo_and_is_kept(day: Day, asked: list[PhotoId]) -> None:
    first = day.go_to(0)
    loupe = day.widgets.loupe
    day.press(Qt.Key.Key_H)
    day.wait_until(lambda: asked == [first] and loupe.hint != "" and "Asking" not in loupe.hint)

    day.press(Qt.Key.Key_Right, on=loupe)
    day.wait_until(lambda: asked == day.shown_ids[:2] and "Asking" not in loupe.hint)
    day.press(Qt.Key.Key_Left, on=loupe)

    assert loupe.is_hot
    assert asked == day.shown_ids[:2]


def test_the_chosen_class_stays_chosen_when_classes_change_their_order(
    day: Day, asked: list[PhotoId]
) -> None:
    day.go_to(0)
    loupe = day.widgets.loupe
    day.press(Qt.Key.Key_H)
    day.wait_until(lambda: len(asked) == 1 and "Asking" not in loupe.hint)
    day.press(Qt.Key.Key_4, on=loupe)
    assert "Cake" in loupe.hint

    order_classes(day.session.workspace, ["cake"])
    for name in CLASSES[:3]:
        retire_class(day.session.workspace, name)
    day.press(Qt.Key.Key_Right, on=loupe)
    day.wait_until(lambda: len(asked) == 2 and "Asking" not in loupe.hint)

    assert "Cake" in loupe.hint


def test_a_map_that_is_called_up_again_takes_the_numbers_and_goes_away_again(
    day: Day, asked: list[PhotoId]
) -> None:
    photo = day.go_to(0)
    before = day.states(photo)
    loupe = day.widgets.loupe
    day.press(Qt.Key.Key_H)
    day.wait_until(lambda: bool(asked) and "Asking" not in loupe.hint)
    day.press(Qt.Key.Key_H, on=loupe)

    day.press(Qt.Key.Key_H, on=loupe)
    day.press(Qt.Key.Key_3, on=loupe)
    assert "Newlyweds" in loupe.hint
    has_heat = [loupe.picture.has_heat]
    day.press(Qt.Key.Key_H, on=loupe)
    has_heat.append(loupe.picture.has_heat)

    assert has_heat == [True, False]
    day.wait_until(lambda: not day.session.decisions.is_busy)
    assert day.states(photo) == before
    assert asked == [photo]


def test_a_photo_that_can_not_be_looked_at_says_why(day: Day) -> None:
    def refuse(photo_id: PhotoId) -> Attention:
        raise ModelError("There is no classifier.")

    day.session.attend = refuse
    day.go_to(0)

    day.press(Qt.Key.Key_H)

    day.wait_until(lambda: day.widgets.loupe.hint == "There is no classifier.")


def test_cold_places_let_the_photo_through() -> None:
    levels = np.zeros((10, 10), np.uint8)
    levels[5, 5] = 255

    heat = draw_heat(levels)

    assert heat.pixelColor(0, 0).alpha() == 0
    assert heat.pixelColor(5, 5).alpha() > 150


@pytest.mark.slow
def test_the_real_network_finds_the_bouquet(
    qtbot: QtBot, tmp_path: Path, wedding_dir: Path, look: Look, settings: QSettings
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    path = min((wedding_dir / "images" / "bouquet").iterdir())
    (folder / path.name).write_bytes(path.read_bytes())
    session = Session.open(tmp_path / "home")
    window = MainWindow(session, look, settings)
    qtbot.addWidget(window)
    window.show()
    day = Day(qtbot, session, window)
    window.add_folders([folder])
    qtbot.waitUntil(lambda: session.workspace.library.summary().tagged == 1, timeout=120_000)

    day.go_to(0)
    day.press(Qt.Key.Key_H)

    qtbot.waitUntil(lambda: day.widgets.loupe.picture.has_heat, timeout=60_000)
    assert "looked at for" in day.widgets.loupe.hint
    assert session.close()
