"""Everything a person can do, with its key; menus and the sheet of keys are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from tagger.gui.text import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look

_REPEATED = frozenset({"undo", "redo", "zoom_in", "zoom_out"})
"""While their key is held down; all others are done once, for a class would come and go."""


@dataclass(frozen=True)
class ActionSpec:
    """One thing a person can do.

    Attributes:
        keys: the first is the one that menus show.
        is_on_photos: its keys count only where photos have the focus, so that they can be typed
            into the search box.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str | None = None
    is_on_photos: bool = False


def action_groups() -> Mapping[str, Sequence[ActionSpec]]:
    """All actions by menu, in order. An empty name is a separator."""
    line = ActionSpec("", "")
    return {
        translate("&File"): (
            ActionSpec("add_folder", translate("&Add folder…"), ("Ctrl+O",), "add-folder"),
            ActionSpec("rescan", translate("&Look for changes"), ("F5",), "retry"),
            line,
            ActionSpec("write", translate("&Write keywords to files"), ("Ctrl+S",), "write"),
            ActionSpec("export", translate("&Export selection…"), ("Ctrl+E",), "export"),
            ActionSpec("post", translate("&Build a post…"), ("Ctrl+B",), "photo"),
            ActionSpec("posted", translate("W&hat was posted…"), ("Ctrl+Shift+B",)),
            ActionSpec("coverage", translate("Shooting lis&t…"), ("Ctrl+L",), "check"),
            ActionSpec("writings", translate("What was wr&itten…"), ("Ctrl+Shift+S",), "undo"),
            ActionSpec("problems", translate("Show &problems"), ("Ctrl+P",), "warning"),
            line,
            ActionSpec("settings", translate("&Settings"), ("Ctrl+,",), "theme"),
            ActionSpec("quit", translate("&Quit"), ("Ctrl+Q",)),
        ),
        translate("&Edit"): (
            ActionSpec("undo", translate("&Undo"), ("Ctrl+Z",), "undo"),
            ActionSpec("redo", translate("&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
            line,
            ActionSpec(
                "select_all", translate("Select &all"), ("Ctrl+A",), None, is_on_photos=True
            ),
            ActionSpec("find", translate("&Find…"), ("Ctrl+F",), "search"),
            ActionSpec("clear", translate("&Show all photos"), ("Ctrl+Shift+F",), "close"),
            ActionSpec("save_search", translate("&Name this search"), ("Ctrl+D",), "star"),
        ),
        translate("&Photo"): (
            ActionSpec(
                "confirm",
                translate("&Confirm what is shown"),
                ("Return", "Enter"),
                "confirm",
                is_on_photos=True,
            ),
            ActionSpec(
                "reject", translate("&Reject what is shown"), ("X",), "reject", is_on_photos=True
            ),
            ActionSpec(
                "none", translate("&None of the classes"), ("0",), "none", is_on_photos=True
            ),
            ActionSpec("new_class", translate("New class &from these photos…"), ("Ctrl+N",)),
            ActionSpec("programs", translate("What &other programs show"), ("Ctrl+I",)),
            ActionSpec(
                "review", translate("Re&view what is unsure"), ("R",), "help", is_on_photos=True
            ),
            ActionSpec(
                "similar", translate("&Similar photos that are offered"), ("S",), is_on_photos=True
            ),
        ),
        rating_title(): _rating_specs(),
        translate("&View"): (
            ActionSpec("loupe", translate("&Closer look"), ("Space",), "loupe", is_on_photos=True),
            ActionSpec(
                "heat", translate("What the &network looked at"), ("H",), "heat", is_on_photos=True
            ),
            ActionSpec("compare", translate("Side &by side"), ("C",), "compare", is_on_photos=True),
            ActionSpec("scores", translate("Sc&ores below photos"), ("P",), is_on_photos=True),
            ActionSpec("zoom_in", translate("&Larger photos"), ("Ctrl++", "Ctrl+=")),
            ActionSpec("zoom_out", translate("&Smaller photos"), ("Ctrl+-",)),
            line,
            ActionSpec("teach", translate("&Teach"), ("Ctrl+T",), "help"),
            line,
            ActionSpec("left", translate("Classes and &folders"), ("F7",)),
            ActionSpec("right", translate("&Inspector"), ("F8",)),
            line,
            ActionSpec("dark", translate("&Dark"), ()),
            ActionSpec("light", translate("Li&ght"), ()),
            ActionSpec("system", translate("As the s&ystem"), ()),
        ),
        translate("&Help"): (ActionSpec("keys", translate("&Keys"), ("?", "F1"), "keyboard"),),
    }


def rating_title() -> str:
    """Of the menu with stars and labels, which stands in the menu of a photo too."""
    return translate("&Rating")


def _rating_specs() -> tuple[ActionSpec, ...]:
    """Stars and labels. The numbers alone belong to the classes, so these take Ctrl and Alt."""
    stars = [translate("No &stars"), *("★" * count for count in range(1, 6))]
    labels = {
        "": (translate("No &label"), "0"),
        "Red": (translate("&Red"), "6"),
        "Yellow": (translate("&Yellow"), "7"),
        "Green": (translate("&Green"), "8"),
        "Blue": (translate("&Blue"), "9"),
        "Purple": (translate("&Purple"), "5"),
    }
    return (
        *(
            ActionSpec(f"rate_{count}", text, (f"Ctrl+{count}",), is_on_photos=True)
            for count, text in enumerate(stars)
        ),
        ActionSpec("", ""),
        *(
            ActionSpec(f"label_{color}", text, (f"Alt+{key}",), is_on_photos=True)
            for color, (text, key) in labels.items()
        ),
    )


class Actions:
    """The actions of one window, by name.

    Args:
        photo_widget: where keys of actions on photos count.
        calls: what each action does.
    """

    def __init__(
        self,
        window: QWidget,
        photo_widget: QWidget,
        look: Look,
        calls: Mapping[str, Callable[[], object]],
    ) -> None:
        self._by_name: dict[str, QAction] = {}
        self.groups: dict[str, list[QAction | None]] = {}
        for title, specs in action_groups().items():
            self.groups[title] = [
                self._make(spec, window, photo_widget, look, calls) if spec.name else None
                for spec in specs
            ]

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def _make(
        self,
        spec: ActionSpec,
        window: QWidget,
        photo_widget: QWidget,
        look: Look,
        calls: Mapping[str, Callable[[], object]],
    ) -> QAction:
        action = QAction(spec.text, window)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setAutoRepeat(spec.name in _REPEATED)
        if spec.icon is not None:
            look.dress(action, spec.icon)
        call = calls[spec.name]
        action.triggered.connect(lambda _=False: call())
        if spec.is_on_photos:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            photo_widget.addAction(action)
        else:
            window.addAction(action)
        self._by_name[spec.name] = action
        return action


def make_class_action(
    parent: QObject, place: int, title: str, call: Callable[[], object]
) -> QAction:
    """Toggling the class at this place, with the keys 1 to 9 for the first nine."""
    action = QAction(title.replace("&", "&&"), parent)
    if place < 9:
        action.setShortcut(QKeySequence(str(place + 1)))
    action.setAutoRepeat(False)
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda _=False: call())
    return action
