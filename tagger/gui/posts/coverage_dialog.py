"""Every wedding against the shooting list, before it is delivered."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QFileDialog,
    QPushButton,
    QTreeWidgetItem,
    QWidget,
)

from tagger.core.query import HasTag, InShoot, all_of
from tagger.gui.dialogs.asking import AskingDialog
from tagger.gui.dialogs.lists import make_list
from tagger.gui.text import class_title, number
from tagger.services.coverage import Coverage, hold_against_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look
    from tagger.gui.session import Session

_QUERY = Qt.ItemDataRole.UserRole
_OPEN_AT_FIRST = 5
"""So few weddings are shown with their classes; more are opened one by one."""


class CoverageDialog(AskingDialog):
    """What each wedding has of what it should have; a line shows its photos in the grid.

    Signals:
        photos_wanted(Query): look for these photos.
    """

    photos_wanted = Signal(object)

    def __init__(self, session: Session, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(session, "coverage", parent)
        self._look = look
        self._shown: Sequence[Coverage] = ()
        self.setWindowTitle(self.tr("Shooting list"))
        headings = [self.tr("Wedding"), self.tr("Photos"), self.tr("Should be"), ""]
        self.weddings = make_list(self.tr("Weddings"), headings, [250, 80, 90])
        self.weddings.setRootIsDecorated(True)
        self.weddings.setAllColumnsShowFocus(True)
        heading = self.weddings.headerItem()
        for column in (1, 2):
            heading.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        self.list_button = QPushButton(self.tr("&Another list…"))
        self.show_button = QPushButton(self.tr("&Show in the grid"))
        self.stack([self.message, self.weddings], [self.show_button, self.list_button])
        self._connect()
        self.resize(860, 560)
        self.hold_against(None)

    def hold_against(self, path: Path | None) -> None:
        """Use the list in this file; None for the one that comes along."""
        self.message.setText(self.tr("Counting…"))
        self.ask_here(partial(hold_against_list, path=path))

    def show_answer(self, answer: object) -> None:
        """The weddings, by name."""
        assert isinstance(answer, list)
        self._shown = answer
        self._show_weddings()

    def _show_weddings(self) -> None:
        weddings = self._shown
        self.weddings.clear()
        missing = sum(bool(wedding.missing) for wedding in weddings)
        for wedding in weddings:
            self.weddings.addTopLevelItem(self._make_wedding(wedding))
        if len(weddings) <= _OPEN_AT_FIRST:
            self.weddings.expandAll()
        if not weddings:
            text = self.tr("There are no photos yet.")
        elif missing:
            text = self.tr("%Ln wedding(s) lack something of the list.", "", missing)
        else:
            text = self.tr("Every wedding has all that is on the list.")
        self.message.setText(text)
        self.weddings.setCurrentIndex(self.weddings.model().index(0, 0))

    def _make_wedding(self, wedding: Coverage) -> QTreeWidgetItem:
        missing = ", ".join(class_title(one.name) for one in wedding.missing)
        note = self.tr("missing: {classes}").format(classes=missing) if missing else ""
        name = wedding.shoot or self.tr("Without a date")
        item = self._make_line([name, number(wedding.photos), "", note], bool(missing))
        place: Query | None = InShoot(wedding.shoot) if wedding.shoot else None
        item.setData(0, _QUERY, place)
        for one in wedding.classes:
            words = [class_title(one.name), number(one.photos), number(one.at_least)]
            note = self.tr("missing") if one.is_missing else self.tr("enough")
            line = self._make_line([*words, note], one.is_missing)
            tag = HasTag(one.name)
            line.setData(0, _QUERY, tag if place is None else all_of(place, tag))
            item.addChild(line)
        return item

    def _make_line(self, words: list[str], is_missing: bool) -> QTreeWidgetItem:
        item = QTreeWidgetItem(words)
        item.setToolTip(3, words[3])
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        if is_missing:
            item.setForeground(3, QBrush(self._look.colors.danger))
        return item

    def _choose_list(self) -> None:
        chooser = QFileDialog(self, self.tr("Shooting list"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("Shooting lists (*.json)"))
        chooser.fileSelected.connect(lambda path: self.hold_against(Path(path)))
        chooser.open()

    def _show(self) -> None:
        item = self.weddings.currentItem()
        query = None if item is None else item.data(0, _QUERY)
        if query is not None:
            self.photos_wanted.emit(query)

    def _connect(self) -> None:
        self.list_button.clicked.connect(self._choose_list)
        self.show_button.clicked.connect(self._show)
        self.weddings.itemActivated.connect(self._show)
        self._look.changed.connect(self._show_weddings)
