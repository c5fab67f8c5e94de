"""After a correction: similar photos of the same shoot, decided together when a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tagger.core.tag import TagState, Verdict
from tagger.images import read_content_id
from tagger.services.lookalikes import decide_class, find_lookalikes
from tagger.services.models.class_changes import rename_class
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier
_ANGLES = (0, 10, 15, 20, 39, 90)
"""Between the feature vectors of the first shoot's six photos and that of the first one."""


@pytest.fixture
def shoot(day: Day) -> list[PhotoId]:
    """Six photos without cake: 1, 2 and 3 look like 0, 4 a little, 5 not at all."""
    photos = day.shown_ids[:6]
    vectors = {}
    for photo, angle in zip(day.library.photo_rows(photos), np.radians(_ANGLES), strict=True):
        vector = np.array([np.cos(angle), np.sin(angle)], np.float16)
        vectors[read_content_id(photo.path)] = vector.tobytes()
    day.library._features.store("colours", vectors)
    day.session.decisions.start("none", lambda *_: None)
    return photos


def test_enter_applies_to_the_ticked_ones_as_one_step(day: Day, shoot: list[PhotoId]) -> None:
    offer = day.widgets.offer
    name = _absent_class(day, shoot)
    _toggle(day, shoot[0], name)
    day.wait_until(offer.isVisible)
    assert "4 similar photos in this shoot" in offer.question
    assert offer.ticked == shoot[1:4]

    day.press(Qt.Key.Key_S)
    assert QApplication.focusWidget() is offer.strip
    day.press(Qt.Key.Key_Return, on=offer.strip)

    day.wait_until(
        lambda: all(day.states(photo).get(name) is TagState.CONFIRMED for photo in shoot[:4])
    )
    assert name not in day.states(shoot[4])
    assert not offer.isVisible()
    assert QApplication.focusWidget() is day.widgets.grid
    day.press(Qt.Key.Key_Z, _CTRL)
    day.wait_until(lambda: not any(name in day.states(photo) for photo in shoot[1:4]))
    assert day.states(shoot[0])[name] is TagState.CONFIRMED


def test_space_ticks_and_escape_dismisses(day: Day, shoot: list[PhotoId]) -> None:
    offer = day.widgets.offer
    name = _absent_class(day, shoot)
    _toggle(day, shoot[0], name)
    day.wait_until(offer.isVisible)

    day.press(Qt.Key.Key_S)
    day.press(Qt.Key.Key_Space, on=offer.strip)
    assert offer.ticked == shoot[2:4]
    assert offer.apply_button.text() == "Apply to 2"
    day.press(Qt.Key.Key_Escape, on=offer.strip)

    assert not offer.isVisible()
    assert name not in day.states(shoot[2])


def test_what_was_decided_beside_the_offer_stays(day: Day, shoot: list[PhotoId]) -> None:
    offer = day.widgets.offer
    name = _absent_class(day, shoot)
    _toggle(day, shoot[0], name)
    day.wait_until(offer.isVisible)
    day.go_to(1)
    day.press(Qt.Key.Key_0)
    day.wait_until(lambda: day.states(shoot[1]).get(name) is TagState.REJECTED)
    assert shoot[1] in offer.ticked

    offer.apply_button.click()

    day.wait_until(lambda: "confirmed on 2 photos" in day.widgets.jobs.message)
    assert day.states(shoot[1])[name] is TagState.REJECTED
    assert day.states(shoot[2])[name] is TagState.CONFIRMED


def test_a_class_with_another_name_is_not_offered_where_it_was_rejected(
    day: Day, shoot: list[PhotoId]
) -> None:
    name = _absent_class(day, shoot)
    decide_class(day.library, [shoot[1]], name, Verdict.REJECTED)
    rename_class(day.session.workspace, name, "torte")

    found = find_lookalikes(day.library, [shoot[0]], name, Verdict.CONFIRMED)

    assert {alike.photo_id for alike in found.photos} == set(shoot[2:5])


def test_pictures_come_to_the_offer_and_undo_takes_it_away(day: Day, shoot: list[PhotoId]) -> None:
    offer = day.widgets.offer
    _toggle(day, shoot[0], _absent_class(day, shoot))
    day.wait_until(lambda: offer.isVisible() and not offer.strip.item(3).icon().isNull())

    day.press(Qt.Key.Key_Z, _CTRL)

    day.wait_until(lambda: not offer.isVisible())


def test_a_rejection_is_offered_where_the_class_stands(day: Day, shoot: list[PhotoId]) -> None:
    [name] = day.standing(shoot[0])

    found = find_lookalikes(day.library, [shoot[0]], name, Verdict.REJECTED)

    with_it = [photo for photo in shoot[1:5] if name in day.standing(photo)]
    assert [alike.photo_id for alike in found.photos] == with_it


def test_without_a_shoot_those_of_the_folder_are_offered(day: Day, tmp_path: Path) -> None:
    for number in range(3):
        save_jpeg(tmp_path / "loose" / f"{number}.jpg", seed=200 + number)
    day.window.add_folders([tmp_path / "loose"])
    day.wait_for_tags(15)
    loose = [p for p in day.library.photo_rows(day.shown_ids) if p.path.parent.name == "loose"]
    assert [photo.shoot for photo in loose] == ["", "", ""]
    vector = np.array([1, 0], np.float16).tobytes()
    day.library._features.store("colours", {read_content_id(photo.path): vector for photo in loose})
    name = _absent_class(day, [photo.id for photo in loose])

    found = find_lookalikes(day.library, [loose[0].id], name, Verdict.CONFIRMED)

    assert {alike.photo_id for alike in found.photos} == {photo.id for photo in loose[1:]}


def test_many_photos_at_once_bring_no_offer(day: Day) -> None:
    many = day.shown_ids * 5

    assert find_lookalikes(day.library, many, "cake", Verdict.CONFIRMED).photos == ()


def _absent_class(day: Day, photos: list[PhotoId]) -> str:
    present = {name for photo in photos for name in day.states(photo)}
    tags = [tag.name for tag in day.library.tags()]
    return next(name for name in tags if name not in present)


def _toggle(day: Day, photo: PhotoId, name: str) -> None:
    place = [tag.name for tag in day.library.tags()].index(name)
    assert day.go_to(0) == photo
    day.press(Qt.Key(Qt.Key.Key_1 + place))
