"""What a person does at the window, in words: for tests that read like a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tagger.core.tag import TagState
from tagger.gui.panels.class_list import ClassRow
from tagger.gui.work.jobs import JobKind, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from tagger.core.ids import PhotoId
    from tagger.gui.session import Session
    from tagger.gui.window import MainWindow
    from tagger.library import PhotoRow

_NONE = Qt.KeyboardModifier.NoModifier


class Day:
    """One window with hands and eyes."""

    def __init__(self, qtbot: QtBot, session: Session, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.session = session
        self.window = window
        self.widgets = window.widgets
        self.library = session.workspace.library

    def wait_until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=20_000)

    def wait_for_tags(self, count: int) -> None:
        """Wait until so many photos are on screen, with one tag each, and nothing runs."""
        self.wait_until(
            lambda: (
                len(self.shown_ids) == count
                and self.library.summary().tagged == count
                and self.is_idle
                and sum(self.counts.values()) == count
            )
        )

    @property
    def is_idle(self) -> bool:
        jobs = self.session.jobs
        return all(jobs.state(kind).status is Status.IDLE for kind in JobKind)

    @property
    def shown_ids(self) -> list[PhotoId]:
        return list(self.widgets.grid.photos.listing.ids)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers beside the classes, as screen readers get them."""
        rows = self.widgets.classes.findChildren(ClassRow)
        described = {row.tag.name: row.accessibleName().split(", ") for row in rows}
        return {name: int(parts[1].split(" ")[0]) for name, parts in described.items() if parts[1:]}

    def row(self, place: int = 0) -> PhotoRow:
        """The photo at this place, from the library."""
        return self.library.photo_rows([self.shown_ids[place]])[0]

    def states(self, photo_id: PhotoId) -> dict[str, TagState]:
        [row] = self.library.photo_rows([photo_id])
        return {tag.name: tag.state for tag in row.tags}

    def standing(self, photo_id: PhotoId) -> set[str]:
        return {n for n, state in self.states(photo_id).items() if state is not TagState.REJECTED}

    def press(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = _NONE,
        *,
        on: QWidget | None = None,
    ) -> None:
        QTest.keyClick(on or self.widgets.grid, key, modifier)

    def go_to(self, place: int) -> PhotoId:
        """Make this photo the current one."""
        self.window.selection.move_to(place)
        self.widgets.grid.setFocus()
        return self.shown_ids[place]

    def search(self, text: str) -> None:
        """Type into the search box and press Enter."""
        line = self.widgets.search.line
        line.setFocus()
        line.clear()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.wait_until(
            lambda: (
                self.widgets.grid.photos.listing.text == text or bool(self.widgets.search.complaint)
            )
        )

    def click_class(self, name: str, modifier: Qt.KeyboardModifier = _NONE) -> None:
        """Click on a class; with Qt's own key state, as a mouse does it."""
        rows = self.widgets.classes.findChildren(ClassRow)
        row = next(row for row in rows if row.tag.name == name)
        before = self.widgets.grid.photos.listing
        QTest.mouseClick(row, Qt.MouseButton.LeftButton, modifier)
        self.wait_until(lambda: self.widgets.grid.photos.listing is not before)
