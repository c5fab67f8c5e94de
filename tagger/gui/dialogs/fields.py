"""Fields with arrows: numbers, days, times."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QAbstractSpinBox

_Field = TypeVar("_Field", bound=QAbstractSpinBox)

_LEFT_PX = 7
"""As much as other fields have."""


def with_room(field: _Field) -> _Field:
    """The same field, its text off the border: Qt's style sheets can't move it."""
    field.lineEdit().setTextMargins(_LEFT_PX, 0, 0, 0)
    return field
