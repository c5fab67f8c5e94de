"""The menus of the window, the menu of a photo, and the sheet of all keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMenu

from tagger.gui.actions import make_class_action, rating_title
from tagger.gui.dialogs.shortcuts import ShortcutSheet
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMainWindow

    from tagger.core.tag import Tag
    from tagger.gui.actions import Actions
    from tagger.gui.selection import Selection
    from tagger.gui.widgets import Widgets

_CHOSEN_MS = 50
"""So long after a menu has closed its action is surely done: systems call it after that."""
_OF_A_PHOTO = ("loupe", "compare", "heat", "", "confirm", "reject", "none")


class Menus(QObject):
    """Made from the actions, so that every action can be found without its key.

    While one is open the photos stay where they are: what is chosen is about those that were seen.

    Args:
        toggle: puts the class of this name on the photos, or takes it away.
    """

    def __init__(
        self,
        window: QMainWindow,
        widgets: Widgets,
        actions: Actions,
        selection: Selection,
        toggle: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._widgets = widgets
        self._actions = actions
        self._selection = selection
        self._toggle = toggle
        self._open_count = 0
        self._closing = QTimer(self, singleShot=True, interval=_CHOSEN_MS)
        self._closing.timeout.connect(self._selection.let_go)
        self._tags: Sequence[Tag] = ()
        self._class_actions: list[QAction] = []
        self._class_menu = QMenu(self.tr("&Toggle class"), window)
        self._watch(self._class_menu)
        self._bar_menus: dict[str, QMenu] = {}
        self._fill_menu_bar()
        widgets.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        widgets.grid.customContextMenuRequested.connect(self._open_photo_menu)

    def show_classes(self, tags: Sequence[Tag]) -> None:
        """Offer these classes, the first nine with the keys 1 to 9."""
        if tags == self._tags:
            return
        self._tags = tags
        for action in self._class_actions:
            self._widgets.pages.removeAction(action)
            action.deleteLater()
        self._class_actions = [
            make_class_action(self, place, class_title(tag.name), partial(self._toggle, tag.name))
            for place, tag in enumerate(tags)
        ]
        self._class_menu.clear()
        for action in self._class_actions:
            self._widgets.pages.addAction(action)
            self._class_menu.addAction(action)

    def show_keys(self) -> ShortcutSheet:
        """Open the sheet of keys."""
        groups = {
            title.replace("&", ""): [action for action in actions if action is not None]
            for title, actions in self._actions.groups.items()
        }
        others = {
            self.tr("Classes"): [
                (str(place + 1), class_title(tag.name)) for place, tag in enumerate(self._tags[:9])
            ],
            self.tr("Click on a class"): [
                (self.tr("Click"), self.tr("Only this class")),
                (self.tr("Ctrl"), self.tr("This one as well")),
                (self.tr("Shift"), self.tr("This one or the others")),
                (self.tr("Alt"), self.tr("Everything but this")),
            ],
        }
        others[self.tr("Hours of the shoot")] = [
            (self.tr("Drag, or Space"), self.tr("Select the photos of these hours")),
            (self.tr("With Ctrl"), self.tr("Show only these hours")),
            (self.tr("Click, or Enter"), self.tr("Only the class of this colour")),
        ]
        sheet = ShortcutSheet(groups, others, self._window)
        sheet.show()
        return sheet

    def _fill_menu_bar(self) -> None:
        for title, actions in self._actions.groups.items():
            menu = self._bar_menus[title] = self._window.menuBar().addMenu(title)
            self._watch(menu)
            for action in actions:
                if action is None:
                    menu.addSeparator()
                else:
                    menu.addAction(action)
            if self._actions["none"] in actions:
                menu.addMenu(self._class_menu)

    def _open_photo_menu(self, place: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._watch(menu)
        for name in _OF_A_PHOTO:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        menu.addMenu(self._class_menu)
        menu.addMenu(self._bar_menus[rating_title()])
        menu.addSeparator()
        menu.addAction(self._actions["export"])
        menu.popup(self._widgets.grid.viewport().mapToGlobal(place))

    def _watch(self, menu: QMenu) -> None:
        menu.aboutToShow.connect(lambda: self._count_open(1))
        menu.aboutToHide.connect(lambda: self._count_open(-1))

    def _count_open(self, step: int) -> None:
        self._open_count += step
        if self._open_count:
            self._closing.stop()
            self._selection.hold()
        else:
            self._closing.start()
