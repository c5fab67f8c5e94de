"""Lists of lines in dialogs, to be looked at and not edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView, QTreeWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_list(name: str, headings: Sequence[str], widths_px: Sequence[int]) -> QTreeWidget:
    """A flat list; `name` is for screen readers, `widths_px` of its first columns."""
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setHeaderLabels(headings)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    for column, width in enumerate(widths_px):
        tree.setColumnWidth(column, width)
    return tree
