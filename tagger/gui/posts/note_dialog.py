"""Where and when photos were posted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.dialogs.fields import with_room
from tagger.services.posts.ledger import PLATFORMS, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_MOST_REPEATS = 4
_CAPTION_LINES = 4


class NoteDialog(QDialog):
    """Asks for platform, account, day and caption, and warns of what was posted before.

    Signals:
        chosen(Place): note it so.

    Args:
        photos: how many are noted; 0 for an import, which knows its photos later.
        usual: what is most likely.
        repeats: a sentence for each photo that was posted before.
    """

    chosen = Signal(object)

    def __init__(
        self, photos: int, usual: Place, repeats: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Note as posted"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.platform = QComboBox()
        self.platform.setEditable(True)
        self.platform.addItems(PLATFORMS)
        self.platform.setCurrentText(usual.platform)
        self.account = QLineEdit(usual.account)
        self.account.setPlaceholderText(self.tr("whose page it was; may stay empty"))
        self.day = with_room(QDateEdit(_to_qdate(usual.posted_on)))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("d MMMM yyyy")
        self.caption = QPlainTextEdit(usual.caption)
        self.caption.setPlaceholderText(self.tr("may stay empty"))
        self.caption.setTabChangesFocus(True)
        self.caption.setFixedHeight(self.fontMetrics().lineSpacing() * (_CAPTION_LINES + 1))
        self.warning = QLabel(self._warn(repeats))
        self.warning.setWordWrap(True)
        self.warning.setTextFormat(Qt.TextFormat.PlainText)
        self.warning.setProperty("role", "warning")
        self.warning.setVisible(bool(repeats))
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self._lay_out(photos)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.platform.editTextChanged.connect(self._check)
        self.resize(460, self.sizeHint().height())

    @property
    def place(self) -> Place:
        """What the fields say."""
        day = self.day.date().toPython()
        return Place(
            self.platform.currentText().strip(),
            self.account.text().strip(),
            day,  # type: ignore[arg-type]  # the stubs call it an object
            self.caption.toPlainText().strip(),
        )

    def accept(self) -> None:
        """Tell what was chosen, and close."""
        self.chosen.emit(self.place)
        super().accept()

    def _warn(self, repeats: Sequence[str]) -> str:
        lines = list(repeats[:_MOST_REPEATS])
        if len(repeats) > _MOST_REPEATS:
            lines.append(self.tr("And %Ln more.", "", len(repeats) - _MOST_REPEATS))
        return "\n".join(lines)

    def _check(self) -> None:
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(bool(self.platform.currentText().strip()))

    def _lay_out(self, photos: int) -> None:
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(
            self.tr("Note %Ln photo(s)", "", photos) if photos else self.tr("Choose the file…")
        )
        ok.setProperty("role", "primary")
        form = QFormLayout()
        for words, field in (
            (self.tr("&Platform"), self.platform),
            (self.tr("&Account"), self.account),
            (self.tr("&Day"), self.day),
            (self.tr("&Caption"), self.caption),
        ):
            field.setAccessibleName(words.replace("&", ""))
            form.addRow(words, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(14)
        column.addWidget(self.warning)
        column.addLayout(form)
        column.addWidget(self.buttons)


def _to_qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
