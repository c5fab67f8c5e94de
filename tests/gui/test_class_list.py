from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import TagId
from tagger.core.query import HasTag
from tagger.core.tag import Tag
from tagger.gui.panels.class_list import ClassList, ClassRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tagger.gui.appearance.look import Look


def test_counts_that_come_before_their_classes_are_not_lost(qtbot: QtBot, look: Look) -> None:
    classes = ClassList(look)
    qtbot.addWidget(classes)

    classes.show_counts({HasTag("bride"): 7})
    classes.show_classes([Tag(TagId(1), "bride", ("Bride",), 0.5)])

    [row] = classes.findChildren(ClassRow)
    assert row.accessibleName() == "Bride, 7 photos"
