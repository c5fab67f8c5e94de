"""What Enter does in a dialog that has no answer to be accepted."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget


def keep_enter_from_buttons(dialog: QWidget) -> None:
    """Enter belongs to what has the focus: Qt gives it to the first button, whatever that does."""
    for button in dialog.findChildren(QPushButton):
        button.setAutoDefault(False)
