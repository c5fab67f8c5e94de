"""What stands in the file, whether it agrees, and what other programs show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tagger.gui.inspector.programs import ProgramTable
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_inspector_says_what_is_not_in_the_file_yet(day: Day) -> None:
    photo = day.go_to(0)
    [name] = day.standing(photo)
    shown = day.widgets.inspector._file

    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: f"Not in the file yet: {class_title(name)}" in shown.text())
    day.press(Qt.Key.Key_S, _CTRL)

    day.wait_until(lambda: "In step" in shown.text() and "Not in the file" not in shown.text())
    assert name.title() in shown.text()


def test_ctrl_i_shows_what_other_programs_make_of_the_photo(day: Day) -> None:
    day.go_to(0)

    day.press(Qt.Key.Key_I, _CTRL)

    day.wait_until(lambda: bool(day.window.findChildren(ProgramTable)))
    [table] = day.window.findChildren(ProgramTable)
    programs = [table.table.topLevelItem(n) for n in range(table.table.topLevelItemCount())]
    names = [item.text(0) for item in programs if item is not None]
    assert any("Lightroom" in name for name in names)
    assert len(names) >= 5
    assert "agree" in table.verdict.text()
    table.close()
