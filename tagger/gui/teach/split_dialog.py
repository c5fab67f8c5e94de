"""A class that falls into groups: their pictures, and a name for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.dialogs.buttons import keep_enter_from_buttons
from tagger.gui.dialogs.fields import with_room
from tagger.gui.teach.section import make_button, make_label
from tagger.gui.teach.wall import PhotoWall, Tile
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.thumbnails import Thumbnails
    from tagger.services.models.splitting import SplitProposal

_MOST_SHOWN = 30
_MOST_GROUPS = 12
_SIZE_PX = (900, 640)


class SplitDialog(QDialog):
    """One strip of pictures a group, the most typical first.

    Signals:
        regrouped(str, int): the photos of this class in so many groups, please.
        accepted_names(SplitProposal, dict): the numbers of groups and their names.
    """

    regrouped = Signal(str, int)
    accepted_names = Signal(object, object)

    def __init__(self, look: Look, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._thumbnails = thumbnails
        self._proposal: SplitProposal | None = None
        self.fields: list[QLineEdit] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lead = make_label("lead")
        self.count = with_room(QSpinBox())
        self.count.setRange(2, _MOST_GROUPS)
        self.count.setAccessibleName(self.tr("Number of groups"))
        self.count_button = make_button(
            self.tr("&Group again"), self.tr("Part the photos into so many groups.")
        )
        self.split_button = make_button(
            self.tr("&Split"),
            self.tr("Groups with another name become classes, as one step that Ctrl+Z takes back."),
            is_primary=True,
        )
        self.message = make_label("error")
        self._groups = QScrollArea()
        self._groups.setWidgetResizable(True)
        self.count_button.clicked.connect(self._regroup)
        self.split_button.clicked.connect(self._accept)
        self._lay_out()
        self.resize(*_SIZE_PX)

    def show_proposal(self, proposal: SplitProposal) -> None:
        """Show these groups; names written for the same class are kept by their place."""
        is_same = self._proposal is not None and self._proposal.name == proposal.name
        written = [field.text() for field in self.fields] if is_same else []
        self._proposal = proposal
        title = class_title(proposal.name)
        self.setWindowTitle(self.tr("Split {title}").format(title=title))
        self.lead.setText(self._describe(proposal, title))
        self.count.setValue(max(2, len(proposal.groups)))
        self.fields = []
        inside = QWidget()
        column = QVBoxLayout(inside)
        for number, group in enumerate(proposal.groups):
            field = QLineEdit(written[number] if number < len(written) else title)
            words = self.tr("Name of group {number}").format(number=number + 1)
            field.setAccessibleName(words)
            self.fields.append(field)
            strip = PhotoWall(self._look, is_strip=True)
            strip.setAccessibleName(self.tr("Group {number}").format(number=number + 1))
            photos = self.tr("%Ln photo(s)", "", len(group.photo_ids))
            column.addWidget(make_label("muted", photos))
            column.addWidget(field)
            column.addWidget(strip)
            tiles = [Tile(photo_id, "") for photo_id in group.photo_ids[:_MOST_SHOWN]]
            strip.show_tiles(tiles, self._thumbnails)
        column.addStretch(1)
        self._groups.setWidget(inside)

    def complain(self, sentence: str) -> None:
        """Say why it can't be done."""
        self.message.setText(sentence)

    def _describe(self, proposal: SplitProposal, title: str) -> str:
        if len(proposal.groups) == 1:
            words = self.tr(
                "All photos of {title} look alike. Choose a number to split them still."
            )
        else:
            words = self.tr(
                "{title} falls into groups that look alike. Name those that are a class."
            )
        return words.format(title=title)

    def _regroup(self) -> None:
        if self._proposal is not None:
            self.regrouped.emit(self._proposal.name, self.count.value())

    def _accept(self) -> None:
        if self._proposal is not None:
            names = {number: field.text().strip() for number, field in enumerate(self.fields)}
            self.accepted_names.emit(self._proposal, names)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self.lead)
        column.addWidget(self._groups, 1)
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addWidget(self.count)
        row.addWidget(self.count_button)
        row.addStretch(1)
        row.addWidget(self.split_button)
        column.addLayout(row)
        keep_enter_from_buttons(self)
