"""Every key of the program on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QAction

_COLUMNS = 3


class ShortcutSheet(QDialog):
    """Made from the actions themselves, so that it is never out of date.

    Args:
        groups: title to actions.
        others: title to pairs of keys and words, for what is no action.
    """

    def __init__(
        self,
        groups: Mapping[str, Sequence[QAction]],
        others: Mapping[str, Sequence[tuple[str, str]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 24, 28, 24)
        row.setSpacing(52)
        sections = [(title, _keys_of(actions)) for title, actions in groups.items()]
        sections += [(title, list(pairs)) for title, pairs in others.items()]
        lengths = [0] * _COLUMNS
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        for title, pairs in sections:
            shortest = lengths.index(min(lengths))
            columns[shortest].addWidget(_make_section(title, pairs))
            columns[shortest].addSpacing(18)
            lengths[shortest] += len(pairs) + 2
        for column in columns:
            column.addStretch(1)
            row.addLayout(column)


def _keys_of(actions: Sequence[QAction]) -> list[tuple[str, str]]:
    shown = []
    for action in actions:
        native = QKeySequence.SequenceFormat.NativeText
        keys = " or ".join(key.toString(native) for key in action.shortcuts()[:2])
        if keys:
            shown.append((keys, action.text().replace("&", "").rstrip("…")))
    return shown


def _make_section(title: str, pairs: Sequence[tuple[str, str]]) -> QWidget:
    section = QWidget()
    section.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    heading = QLabel(title.upper())
    heading.setProperty("role", "heading")
    column.addWidget(heading)
    table = QGridLayout()
    table.setHorizontalSpacing(18)
    table.setVerticalSpacing(5)
    for row, (keys, words) in enumerate(pairs):
        key = QLabel(keys)
        key.setProperty("role", "title")
        table.addWidget(key, row, 0)
        table.addWidget(QLabel(words), row, 1)
    table.setColumnStretch(1, 1)
    column.addLayout(table)
    return section
