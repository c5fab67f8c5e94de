"""The current photo: preview, scores, file, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from tagger.core.photo import FileState
from tagger.core.tag import TagState
from tagger.gui.inspector.history_list import HistoryList
from tagger.gui.inspector.history_text import history_steps
from tagger.gui.inspector.picture_view import PictureView
from tagger.gui.inspector.score_row import ScoreRow
from tagger.gui.text import class_title, translate

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.previews import Preview
    from tagger.library import HistoryLine, PhotoRow
    from tagger.services.inspecting import Inspection

PREVIEW_PX = 900
_PREVIEW_HEIGHT_PX = 190


class Inspector(QScrollArea):
    """Everything known of one photo.

    Signals:
        toggled(str): a class was clicked.
        revert_wanted(PhotoId, tuple[HistoryLine, ...]): take these decisions on the photo back.
        closer_look_wanted(): the preview was double-clicked.
    """

    toggled = Signal(str)
    revert_wanted = Signal(int, object)
    closer_look_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: Inspection | None = None
        self._rows: list[ScoreRow] = []
        self.setAccessibleName(self.tr("The current photo"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview = PictureView(look, can_zoom=False)
        self.preview.setFixedHeight(_PREVIEW_HEIGHT_PX)
        self.preview.double_clicked.connect(self.closer_look_wanted)
        self._name = _label("title")
        self._capture = _label("muted")
        self._problem = _label("error")
        self._scores = QVBoxLayout()
        self._scores.setSpacing(0)
        self._scores_heading = _label("heading", self.tr("CLASSES"))
        self._file_heading = _label("heading", self.tr("IN THE FILE"))
        self._file = _label("muted")
        self._history_heading = _label("heading", self.tr("HISTORY"))
        self.history = HistoryList(look)
        self.history.revert_wanted.connect(self._on_revert_wanted)
        self._content = self._lay_out()
        self.setWidget(self._content)
        self.show_nothing()

    @property
    def rows(self) -> list[ScoreRow]:
        """One for each class, in the person's order."""
        return self._rows

    def show_nothing(self) -> None:
        """No photo is current."""
        self._content.setVisible(False)

    def show_selection(self, count: int) -> None:
        """Say on how many photos a key acts."""
        text = self.tr("CLASSES")
        if count > 1:
            text = self.tr("CLASSES · %Ln SELECTED", "", count)
        self._scores_heading.setText(text)

    def show_preview(self, preview: Preview) -> None:
        """The picture, rough at first."""
        self.preview.show_picture(preview.image, preview.problem or "")

    def show_inspection(self, shown: Inspection) -> None:
        """What the library knows; nothing is painted again when it is what is shown."""
        self._content.setVisible(True)
        if shown == self._shown:
            return
        self._shown = shown
        photo = shown.photo
        self._name.setText(photo.path.name)
        self._name.setToolTip(str(photo.path))
        self._capture.setText(_describe_capture(photo))
        problem = photo.error or photo.write_error or ""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._show_rows(shown)
        self._file.setText(self._describe_file(shown))
        steps = history_steps(shown.history, shown.ratings)
        self.history.show_steps(steps)
        self._history_heading.setVisible(bool(steps))

    def _lay_out(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(6)
        for widget in (self.preview, self._name, self._capture, self._problem):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self._scores_heading)
        column.addLayout(self._scores)
        parts: tuple[tuple[QLabel, QWidget], ...] = (
            (self._file_heading, self._file),
            (self._history_heading, self.history),
        )
        for heading, part in parts:
            column.addSpacing(8)
            column.addWidget(heading)
            column.addWidget(part)
        column.addStretch(1)
        return content

    def _on_revert_wanted(self, lines: tuple[HistoryLine, ...]) -> None:
        if self._shown is not None:
            self.revert_wanted.emit(self._shown.photo.id, lines)

    def _show_rows(self, shown: Inspection) -> None:
        while len(self._rows) < len(shown.classes):
            row = ScoreRow(len(self._rows), self._look)
            row.clicked.connect(lambda _=False, row=row: self.toggled.emit(row.class_name))
            self._scores.addWidget(row)
            self._rows.append(row)
        for row, inspected in zip(self._rows, shown.classes, strict=False):
            row.show_class(inspected, shown.model)
            row.show()
        for row in self._rows[len(shown.classes) :]:
            row.hide()

    def _describe_file(self, shown: Inspection) -> str:
        sentences = {
            FileState.IN_STEP: self.tr("In step with your decisions."),
            FileState.PENDING: self.tr("Keywords wait to be written."),
            FileState.FAILED: self.tr("The keywords could not be written."),
            FileState.CONFLICT: self.tr("Another program changed the file; try again."),
            FileState.READ_ONLY: self.tr("The file may not be changed."),
            FileState.OFFLINE: self.tr("The drive is away."),
        }
        keywords = ", ".join(shown.file_keywords) or self.tr("No keywords")
        lines = [keywords, sentences[shown.photo.file_state], *self._describe_differences(shown)]
        return "\n".join(lines)

    def _describe_differences(self, shown: Inspection) -> list[str]:
        """Where a person's decisions and the file say different things, by class."""
        decided = {TagState.CONFIRMED, TagState.CORRECTED}
        missing = [c.name for c in shown.classes if c.state in decided and not c.is_in_file]
        surplus = [c.name for c in shown.classes if c.state is TagState.REJECTED and c.is_in_file]
        lines = []
        if missing:
            titles = ", ".join(class_title(name) for name in missing)
            lines.append(self.tr("Not in the file yet: {titles}").format(titles=titles))
        if surplus:
            titles = ", ".join(class_title(name) for name in surplus)
            lines.append(self.tr("In the file, although rejected: {titles}").format(titles=titles))
        return lines


def _label(role: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    if role in {"title", "muted", "error"}:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _describe_capture(photo: PhotoRow) -> str:
    parts = []
    if photo.taken_at is not None:
        taken = photo.taken_at
        day = QDate(taken.year, taken.month, taken.day)
        text = QLocale().toString(day, QLocale.FormatType.LongFormat)
        parts.append(f"{text}, {taken:%H:%M}")
    if photo.camera:
        parts.append(photo.camera)
    if photo.width and photo.height:
        parts.append(f"{photo.width} × {photo.height}")  # noqa: RUF001  as cameras write it
    if photo.rating and photo.rating > 0:
        parts.append("★" * photo.rating)
    if photo.label:
        parts.append(translate("label {label}").format(label=photo.label))
    if photo.companions:
        names = ", ".join(path.name for path in photo.companions)
        parts.append(translate("with {names}").format(names=names))
    return " · ".join(parts)
