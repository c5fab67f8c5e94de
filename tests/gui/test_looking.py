"""The inspector's preview and the loupe."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tagger.core.tag import TagState
from tagger.services.correcting import reject_shown
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QImage, QPixmap

    from tests.gui.day import Day


def test_the_preview_follows_the_current_photo(looking_day: Day) -> None:
    day = looking_day
    inspector = day.widgets.inspector
    day.go_to(0)
    day.wait_until(lambda: inspector.preview.has_picture)

    photo = day.go_to(5)

    name = day.row(5).path.name
    day.wait_until(lambda: inspector._name.text() == name)
    assert day.window.selection.current == photo


def test_space_opens_the_loupe_and_arrows_move_on(looking_day: Day) -> None:
    day = looking_day
    day.go_to(0)
    day.press(Qt.Key.Key_Space)
    loupe = day.widgets.loupe
    assert loupe.isVisible()
    day.wait_until(lambda: loupe.picture.has_picture and day.row(0).path.name in loupe.caption)

    day.press(Qt.Key.Key_Right, on=loupe)
    day.wait_until(lambda: day.row(1).path.name in loupe.caption)

    day.press(Qt.Key.Key_Space, on=loupe)
    assert day.widgets.grid.isVisible()
    assert day.window.selection.current == day.shown_ids[1]


def test_the_loupe_stays_open_while_its_key_is_held_down(looking_day: Day) -> None:
    looking_day.press(Qt.Key.Key_Space)
    loupe = looking_day.widgets.loupe

    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", autorep=True
    )
    QApplication.sendEvent(loupe, held)

    assert loupe.isVisible()
    looking_day.press(Qt.Key.Key_Space, on=loupe)
    assert not loupe.isVisible()


def test_the_loupe_never_shows_the_picture_of_the_photo_before(looking_day: Day) -> None:
    day, closeups = looking_day, looking_day.session.closeups
    loupe = day.widgets.loupe
    is_busy, may_go_on = threading.Event(), threading.Event()

    def read_slowly() -> Iterator[None]:
        is_busy.set()
        may_go_on.wait(10)
        yield None

    day.go_to(0)
    day.press(Qt.Key.Key_Space)
    day.wait_until(lambda: loupe.picture.has_picture)
    before = loupe.picture._image
    closeups._worker.ask(read_slowly)
    assert is_busy.wait(10)
    closeups.forget(day.shown_ids)

    day.press(Qt.Key.Key_Right, on=loupe)
    assert loupe.caption.startswith(day.row(1).path.name)
    assert loupe.picture._image != before
    may_go_on.set()

    day.wait_until(lambda: loupe.picture.has_picture)
    day.press(Qt.Key.Key_Space, on=loupe)


def test_the_loupe_zooms_and_a_correction_shows_in_it(day: Day) -> None:
    photo = day.go_to(0)
    day.press(Qt.Key.Key_Space)
    loupe = day.widgets.loupe
    day.wait_until(lambda: loupe.picture.has_picture)

    day.press(Qt.Key.Key_Z, on=loupe)
    assert loupe.picture.zoom > 1
    day.press(Qt.Key.Key_Z, on=loupe)
    assert loupe.picture.zoom == 1

    day.press(Qt.Key.Key_Return, on=loupe)
    day.wait_until(lambda: "✓" in loupe.caption)
    assert day.standing(photo)

    day.press(Qt.Key.Key_Escape, on=loupe)
    assert day.widgets.grid.isVisible()


def test_keys_decide_on_the_photo_in_the_loupe_and_not_on_all_that_are_selected(day: Day) -> None:
    first, second = day.go_to(0), day.shown_ids[1]
    before = day.states(second)
    day.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    day.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    day.press(Qt.Key.Key_Space)
    loupe = day.widgets.loupe
    assert loupe.caption.startswith(day.row(0).path.name)

    day.press(Qt.Key.Key_X, on=loupe)
    day.wait_until(lambda: "on 1 photo." in day.widgets.jobs.message)

    assert set(day.states(first).values()) == {TagState.REJECTED}
    assert day.states(second) == before
    day.press(Qt.Key.Key_Space, on=loupe)
    assert day.window.selection.photo_ids() == [first, second]


def test_the_photo_in_the_loupe_stays_when_an_earlier_one_is_found(day: Day, photos: Path) -> None:
    day.window.browsing.narrow(None)
    shown = day.shown_ids[0]
    assert day.window.selection.current == shown
    day.press(Qt.Key.Key_Space)
    caption = day.widgets.loupe.caption

    save_jpeg(photos / "earlier.jpg", seed=99, taken_at="2026:06:01 09:00:00")
    day.window.working.rescan()
    day.wait_until(lambda: len(day.shown_ids) == 13)

    assert day.shown_ids[0] != shown
    assert day.widgets.loupe.caption == caption
    assert day.window.selection.photo_ids() == [shown]


def test_the_photo_that_was_decided_stays_current_when_an_earlier_one_is_found(
    day: Day, photos: Path
) -> None:
    shown = day.shown_ids[0]
    assert day.window.selection.current == shown
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: set(day.states(shown).values()) == {TagState.CONFIRMED})

    save_jpeg(photos / "earlier.jpg", seed=99, taken_at="2026:06:01 09:00:00")
    day.window.working.rescan()
    day.wait_until(lambda: len(day.shown_ids) == 13)

    assert day.shown_ids[0] != shown
    assert day.window.selection.photo_ids() == [shown]


def test_the_photo_in_the_loupe_stays_when_others_take_it_out_of_the_search(day: Day) -> None:
    name = max(day.counts, key=lambda name: day.counts[name])
    day.click_class(name)
    first, second, *_ = shown = day.shown_ids
    day.go_to(0)
    day.press(Qt.Key.Key_Space)
    loupe = day.widgets.loupe
    caption = loupe.caption.split()[0]

    reject_shown(day.library, day.library.photo_rows([first]))
    day.wait_until(lambda: day.counts[name] == len(shown) - 1)
    assert loupe.caption.startswith(caption)
    assert day.window.selection.photo_ids() == [first]

    day.press(Qt.Key.Key_Right, on=loupe)
    day.wait_until(lambda: day.shown_ids == shown[1:])
    assert day.window.selection.current == second
    day.press(Qt.Key.Key_X, on=loupe)
    day.wait_until(lambda: day.shown_ids == shown[2:])
    day.wait_until(lambda: day.window.selection.current not in {first, second})


def test_a_search_without_photos_leaves_nothing_to_look_at(looking_day: Day) -> None:
    day = looking_day
    inspector = day.widgets.inspector
    day.go_to(0)
    day.wait_until(lambda: inspector.preview.has_picture)

    day.search("rating:5")
    day.wait_until(lambda: not day.shown_ids)
    assert not inspector._content.isVisible()

    day.window.browsing.clear()
    day.wait_until(inspector._content.isVisible)


def test_the_inspector_never_shows_the_picture_of_the_photo_before(looking_day: Day) -> None:
    day, previews = looking_day, looking_day.session.previews
    inspector = day.widgets.inspector
    is_busy, may_go_on = threading.Event(), threading.Event()

    def read_slowly() -> Iterator[None]:
        is_busy.set()
        may_go_on.wait(10)
        yield None

    day.go_to(0)
    day.wait_until(lambda: inspector.preview.has_picture)
    before = inspector.preview._image
    previews._worker.ask(read_slowly)
    assert is_busy.wait(10)
    previews.forget(day.shown_ids)

    day.go_to(1)
    day.wait_until(lambda: inspector._name.text() == day.row(1).path.name)
    assert inspector.preview._image != before
    may_go_on.set()

    day.wait_until(lambda: inspector.preview.has_picture)


def test_a_photo_that_another_program_changed_is_shown_as_it_is_now(day: Day) -> None:
    photo, thumbnails = day.go_to(0), day.session.thumbnails
    inspector, loupe = day.widgets.inspector, day.widgets.loupe
    day.press(Qt.Key.Key_Space)
    day.wait_until(lambda: loupe.picture.has_picture and inspector.preview.has_picture)
    day.wait_until(lambda: thumbnails.pixmap(photo) is not None)

    row = day.row(0)
    save_jpeg(
        row.path, width=160, height=240, seed=99, taken_at=f"{row.taken_at:%Y:%m:%d %H:%M:%S}"
    )
    day.window.working.rescan()

    day.wait_until(lambda: _is_upright(inspector.preview._image))
    day.wait_until(lambda: _is_upright(loupe.picture._image))
    day.press(Qt.Key.Key_Space, on=loupe)
    day.wait_until(lambda: _is_upright(thumbnails.pixmap(photo)))
    assert day.shown_ids[0] == photo


def _is_upright(picture: QPixmap | QImage | None) -> bool:
    return picture is not None and picture.height() > picture.width()
