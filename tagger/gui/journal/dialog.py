"""What was written to files: the runs, and of the chosen one each file as it stands now."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.dialogs.buttons import keep_enter_from_buttons
from tagger.gui.dialogs.lists import make_list
from tagger.gui.text import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.services.journal import RunFile, WriteRun

_RUN = Qt.ItemDataRole.UserRole
_MOST = 500
"""Lines that are made at once; the sentence above counts all files."""


class WriteHistory(QDialog):
    """The runs on the left; what taking one back would do, before it is done, on the right.

    Signals:
        run_chosen(int): look at the files of this run.
        undo_wanted(int): take this run back.
    """

    run_chosen = Signal(int)
    undo_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What was written"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(920, 520)
        self.runs = make_list(self.tr("Runs"), [self.tr("When"), self.tr("What")], [190])
        self.runs.currentItemChanged.connect(self._on_current_changed)
        self.files = make_list(self.tr("Files"), [self.tr("File"), self.tr("Now")], [250])
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.undo_button = QPushButton(self.tr("&Take this run back"))
        self.undo_button.setEnabled(False)
        self.undo_button.clicked.connect(lambda: self.undo_wanted.emit(self.current_run or 0))
        self._lay_out()

    @property
    def current_run(self) -> int | None:
        """The number of the chosen run."""
        item = self.runs.currentItem()
        return None if item is None else item.data(0, _RUN)

    def show_runs(self, runs: Sequence[WriteRun]) -> None:
        """The newest first. The one that was chosen stays so; at first it is the newest."""
        chosen = self.current_run
        self.runs.blockSignals(True)
        self.runs.clear()
        for run in runs:
            photos = self.tr("%Ln photo(s)", "", run.photos)
            words = self.tr("{photos} written") if run.undoes is None else self.tr("{photos} back")
            item = QTreeWidgetItem([moment(run.started_at.astimezone()), ""])
            item.setText(1, words.format(photos=photos))
            item.setData(0, _RUN, run.run)
            self.runs.addTopLevelItem(item)
            if run.run == chosen:
                self.runs.setCurrentItem(item)
        newest = self.runs.topLevelItem(0)
        if self.runs.currentItem() is None and newest is not None:
            self.runs.setCurrentItem(newest)
        self.runs.blockSignals(False)
        self._on_current_changed()
        if not runs:
            self.verdict.setText(self.tr("Nothing was written to your photos yet."))

    def show_files(self, run: int, files: Sequence[RunFile]) -> None:
        """Every file of a run as it stands now, if that run is still the chosen one."""
        if run != self.current_run:
            return
        words = self._words()
        self.files.clear()
        # Those first that would stay as they are: what a person has to know before.
        for file in sorted(files, key=lambda file: file.state == "as-written")[:_MOST]:
            item = QTreeWidgetItem([file.path.name, words[file.state]])
            item.setToolTip(0, str(file.path))
            self.files.addTopLevelItem(item)
        states = Counter(file.state for file in files)
        self.verdict.setText(self._judge(states))
        self.undo_button.setEnabled(states["as-written"] > 0)

    def say(self, sentence: str) -> None:
        """What happens, or went wrong."""
        self.verdict.setText(sentence)
        self.undo_button.setEnabled(False)

    def _words(self) -> dict[str, str]:
        return {
            "as-written": self.tr("as written; goes back"),
            "as-before": self.tr("as before the run already"),
            "changed": self.tr("changed since; stays"),
            "gone": self.tr("no longer there"),
            "away": self.tr("on a drive that is away; stays"),
        }

    def _judge(self, states: Counter[str]) -> str:
        kept = states["changed"] + states["gone"] + states["away"]
        sentences = [
            self.tr(
                "%Ln file(s) would be again, byte for byte, what the run found.",
                "",
                states["as-written"],
            )
        ]
        if kept:
            sentences.append(
                self.tr("%Ln file(s) somebody changed or moved away since; they stay.", "", kept)
            )
        sentences.append(self.tr("Tags stay as you decided; stars and labels go back."))
        return " ".join(sentences)

    def _on_current_changed(self) -> None:
        self.files.clear()
        self.undo_button.setEnabled(False)
        if self.current_run is not None:
            self.verdict.setText(self.tr("Looking at the files…"))
            self.run_chosen.emit(self.current_run)

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.verdict)
        column.addWidget(self.files, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.runs)
        splitter.addWidget(right)
        splitter.setSizes([380, 520])
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.undo_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.addWidget(splitter, 1)
        rows.addLayout(buttons)
        keep_enter_from_buttons(self)
