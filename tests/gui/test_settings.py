"""The settings count at once, say what is refused, and are reached by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tagger.core.changes import Changes
from tagger.core.keywords import class_key
from tagger.gui.appearance.colors import Theme, contrast, load_colors
from tagger.gui.settings.dialog import SettingsDialog
from tagger.services.classifiers import bundle_in_use
from tagger.services.settings import THUMBNAILS_GB, current_settings, thumbnails_limit

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QTreeWidget

    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(day: Day) -> SettingsDialog:
    day.press(Qt.Key.Key_Comma, _CTRL, on=day.window)
    [dialog] = day.window.findChildren(SettingsDialog)
    day.wait_until(lambda: dialog.classes.list.topLevelItemCount() == 5)
    return dialog


def _value(day: Day, key: str) -> str:
    return current_settings(day.library)[key]


def _place_of_current(tree: QTreeWidget) -> int:
    current = tree.currentItem()
    return -1 if current is None else tree.indexOfTopLevelItem(current)


def test_it_stays_beside_the_window_and_opens_once(day: Day, dialog: SettingsDialog) -> None:
    assert not dialog.isModal()
    assert day.window.configuring.open() is dialog
    assert [page.title for page in dialog.pages] == [
        dialog.list.item(row).text() for row in range(dialog.list.count())
    ]


def test_classes_move_and_take_their_keys_along(day: Day, dialog: SettingsDialog) -> None:
    page = dialog.classes
    dialog.list.setCurrentRow(1)
    first = [row.text() for row in day.widgets.classes.rows]
    item = page.list.topLevelItem(1)
    assert item is not None
    page.list.setCurrentItem(item)

    page.up_button.click()

    day.wait_until(
        lambda: [row.text() for row in day.widgets.classes.rows][:2] == [first[1], first[0]]
    )
    actions = day.window.menus._class_menu.actions()
    assert [action.text() for action in actions[:2]] == [first[1], first[0]]
    assert actions[0].shortcut().toString() == "1"
    day.wait_until(lambda: _place_of_current(page.list) == 0)


def test_a_class_that_was_seen_too_rarely_says_so(day: Day, dialog: SettingsDialog) -> None:
    info = bundle_in_use(day.session.workspace.home).info
    promised = {one.name for one in info.classes if one.precise_threshold is not None}
    for row in range(dialog.classes.list.topLevelItemCount()):
        item = dialog.classes.list.topLevelItem(row)
        assert item is not None
        is_promised = item.data(0, Qt.ItemDataRole.UserRole) in promised
        assert item.text(4) == ("" if is_promised else "too few photos")


def test_what_is_written_is_chosen_by_keys(day: Day, dialog: SettingsDialog) -> None:
    dialog.list.setCurrentRow(2)
    page = dialog.writing
    page.predictions.setFocus()
    QTest.keyClick(page.predictions, Qt.Key.Key_Space)
    day.wait_until(lambda: _value(day, "write.predictions_from") == "0.9")
    day.wait_until(page.score.isEnabled)

    assert not page.exiftool.isChecked()
    QTest.keyClick(page.exiftool, Qt.Key.Key_Space)
    day.wait_until(lambda: _value(day, "write.exiftool") == "on")

    other = page.profile.itemData(1)
    page.profile.setCurrentIndex(1)
    page.profile.activated.emit(1)
    day.wait_until(lambda: _value(day, "write.profile") == other)


def test_a_folder_that_was_moved_is_found_again(
    day: Day, dialog: SettingsDialog, photos: Path, tmp_path: Path
) -> None:
    page = dialog.folders
    day.wait_until(lambda: page.list.topLevelItemCount() == 1)
    item = page.list.topLevelItem(0)
    assert item is not None
    page.list.setCurrentItem(item)
    assert page.relocate_button.isEnabled()
    [folder] = day.library.folders()
    photos.rename(tmp_path / "moved")

    page.relocate(folder.id, str(tmp_path))
    day.wait_until(lambda: "None of the photos" in dialog._message.text())
    page.relocate(folder.id, str(tmp_path / "moved"))

    day.wait_until(lambda: [f.path for f in day.library.folders()] == [tmp_path / "moved"])
    day.wait_until(lambda: not dialog._message.isVisible())


def test_a_folder_is_removed_and_no_file_is_touched(
    day: Day, dialog: SettingsDialog, photos: Path
) -> None:
    page = dialog.folders
    item = page.list.topLevelItem(0)
    assert item is not None
    page.list.setCurrentItem(item)

    page.remove_button.click()

    day.wait_until(lambda: day.library.folders() == [])
    assert len(list(photos.rglob("*.jpg"))) == 12
    day.wait_until(day.widgets.welcome.isVisible)


def test_a_class_gets_another_keyword_and_a_colour(day: Day, dialog: SettingsDialog) -> None:
    page = dialog.classes
    item = page.list.topLevelItem(2)
    assert item is not None
    name = item.data(0, Qt.ItemDataRole.UserRole)
    assert not page.color_button.isEnabled()
    page.list.setCurrentItem(item)

    item.setText(2, "Weddings | Best")
    day.wait_until(lambda: day.library.find_tag(name).keyword_path == ("Weddings", "Best"))
    page.color_current("#ff8800")

    day.wait_until(lambda: _value(day, "classes.colors") == f"{class_key(name)}=#ff8800")
    day.wait_until(lambda: day.window._look.colors.of_class(2) == "#ff8800")
    day.wait_until(page.theme_button.isEnabled)
    page.theme_button.click()
    usual = load_colors(Theme.DARK).of_class(2)
    day.wait_until(lambda: day.window._look.colors.of_class(2) == usual)


def test_a_colour_that_nobody_could_see_is_made_visible() -> None:
    for theme in ("dark", "light"):
        colors = load_colors(theme)
        own = colors.with_class_colors([colors.canvas, "", colors.canvas])
        assert contrast(own.of_class(0), colors.canvas) >= 3
        assert own.of_class(1) == colors.of_class(1)
        assert len(own.classes) == len(colors.classes)


def test_device_cache_and_theme(day: Day, dialog: SettingsDialog) -> None:
    page = dialog.computer
    page.device.setCurrentIndex(4)
    page.device.activated.emit(4)
    day.wait_until(lambda: _value(day, "tag.device") == "cpu")
    assert "thumbnails.db" in page._place.text()
    page.empty_button.click()
    day.wait_until(lambda: day.session.decisions.is_busy is False)

    dialog.appearance.theme.setCurrentIndex(1)
    dialog.appearance.theme.activated.emit(1)
    assert day.window.palette().window().color().name() == load_colors(Theme.LIGHT).window
    day.wait_until(lambda: _value(day, "window.theme") == "light")
    page.limit.setValue(1.5)
    page.limit.editingFinished.emit()
    day.wait_until(lambda: _value(day, "thumbnails.limit_gb") == "1.5")
    assert thumbnails_limit(day.library) == 1_500_000_000


def test_what_is_being_chosen_or_typed_stays_while_photos_are_found(
    day: Day, dialog: SettingsDialog
) -> None:
    folders, classes, computer = dialog.folders.list, dialog.classes.list, dialog.computer
    folder, item = folders.topLevelItem(0), classes.topLevelItem(2)
    assert folder is not None
    assert item is not None
    folders.setCurrentItem(folder)
    dialog.list.setCurrentRow(1)
    classes.setCurrentItem(item)
    dialog.classes.keyword_button.click()
    editor = classes.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Wedding › Half")  # noqa: RUF001  as it is shown

    day.session.feed.publish(Changes(membership=True))
    day.wait_until(lambda: day.session.decisions.is_busy)
    day.wait_until(lambda: not day.session.decisions.is_busy)

    assert classes.findChild(QLineEdit) is editor
    assert [item.text(0) for item in folders.selectedItems()] == [str(day.row(0).path.parents[1])]
    QTest.keyClick(editor, Qt.Key.Key_Return)
    day.wait_until(lambda: day.library.find_tag("newlyweds").keyword_path == ("Wedding", "Half"))

    dialog.list.setCurrentRow(3)
    computer.limit.setFocus()
    line = computer.limit.findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, "7")
    day.session.feed.publish(Changes(membership=True))
    day.wait_until(lambda: day.session.decisions.is_busy)
    day.wait_until(lambda: not day.session.decisions.is_busy)
    QTest.keyClick(computer.limit, Qt.Key.Key_Tab)
    day.wait_until(lambda: _value(day, THUMBNAILS_GB) == "7")
