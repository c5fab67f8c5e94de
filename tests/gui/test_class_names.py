"""Classes that come back, and those with long names or signs in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel

from tagger.core.changes import Changes
from tagger.core.query import HasTag
from tagger.core.tag import TagState, Verdict
from tagger.gui.inspector.panel import Inspector
from tagger.gui.inspector.score_row import ScoreRow
from tagger.gui.panels.filter_row import FilterRow
from tagger.services.inspecting import InspectedClass, inspect_photo
from tagger.services.lookalikes import Lookalike, Lookalikes
from tagger.services.models.class_changes import rename_class
from tagger.services.review_queue import Question

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from tagger.gui.appearance.look import Look
    from tests.gui.day import Day

_LONG = "the best man's speech and what the mother of the bride said about it"


def test_a_class_that_was_retired_comes_back_into_the_inspector(day: Day, look: Look) -> None:
    inspector = Inspector(look)
    day.qtbot.addWidget(inspector)
    whole = inspect_photo(day.session.workspace, day.go_to(0))
    assert whole is not None
    inspector.show_inspection(whole)

    inspector.show_inspection(replace(whole, classes=whole.classes[:-1]))
    assert inspector.rows[-1].isHidden()
    inspector.show_inspection(whole)

    assert not any(row.isHidden() for row in inspector.rows)


def test_a_long_name_is_cut_off_before_the_score(qtbot: QtBot, look: Look) -> None:
    long, short = (_draw_score(qtbot, look, name) for name in (_LONG, "cake"))
    score = QRect(long.width() - 40, 0, 40, 20)

    assert long.copy(score) == short.copy(score)
    assert long != short


def test_an_ampersand_in_a_name_is_read_as_one_and_takes_no_key(
    day: Day, qtbot: QtBot, look: Look
) -> None:
    day.library.add_tag("cake&flowers", ("Wedding", "Cake & flowers"))
    day.session.search.refresh(Changes(membership=True))
    day.wait_until(lambda: len(day.window.menus._class_actions) == 6)

    assert day.window.menus._class_actions[-1].text() == "Cake&&flowers"
    row = FilterRow(HasTag("cake&flowers"), "Cake&flowers", look)
    qtbot.addWidget(row)
    assert row.text() == "Cake&flowers"
    assert row.shortcut().isEmpty()


def test_angle_brackets_in_names_are_shown_and_make_nothing_bold(day: Day) -> None:
    widgets = day.widgets
    rename_class(day.session.workspace, "bride", "<b>veil")
    widgets.review.show_question(Question(day.go_to(0), "<b>veil"), 0, 1)
    lookalikes = (Lookalike(day.shown_ids[1], 0.9, is_sure=True),)
    widgets.offer.show_offer(Lookalikes("<b>veil", Verdict.CONFIRMED, lookalikes))
    path = day.row(0).path.with_name("<b>1.jpg")
    widgets.loupe.show_photo(replace(day.row(0), path=path))

    said = [label for label in day.window.findChildren(QLabel) if "<b>" in label.text()]
    assert len(said) == 3
    assert {label.textFormat() for label in said} == {Qt.TextFormat.PlainText}


def _draw_score(qtbot: QtBot, look: Look, name: str) -> QImage:
    row = ScoreRow(0, look)
    qtbot.addWidget(row)
    row.resize(240, row.sizeHint().height())
    row.show_class(InspectedClass(name, 0.9, 0.5, TagState.PREDICTED, None), None)
    return row.grab().toImage()
