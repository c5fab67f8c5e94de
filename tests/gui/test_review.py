"""The review queue: one key each, counter and end in sight."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tagger.core.tag import TagState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.services.review_queue import Question
    from tests.gui.day import Day

_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def review(day: Day) -> Day:
    """A round of questions has begun."""
    day.go_to(0)
    day.press(Qt.Key.Key_R)
    day.wait_until(day.widgets.review.isVisible)
    day.wait_until(lambda: day.widgets.review.picture.has_picture)
    return day


def test_enter_says_yes_x_says_no_and_the_next_question_comes(review: Day) -> None:
    page, questions = review.widgets.review, _questions(review)
    assert page.counter == f"1 of {len(questions)}"
    assert page.question.lower() == f"{questions[0].name}?"

    review.press(Qt.Key.Key_Return, on=page)
    assert page.counter == f"2 of {len(questions)}"
    review.press(Qt.Key.Key_X, on=page)

    review.wait_until(lambda: _state(review, questions[0]) is TagState.CONFIRMED)
    review.wait_until(lambda: _state(review, questions[1]) is TagState.REJECTED)
    others = review.states(questions[0].photo_id).items()
    assert all(s is TagState.PREDICTED for name, s in others if name != questions[0].name)


def test_a_key_that_is_held_down_answers_one_question(review: Day) -> None:
    page, count = review.widgets.review, len(_questions(review))
    press = QEvent.Type.KeyPress
    review.press(Qt.Key.Key_X, on=page)

    for _ in range(3):
        held = QKeyEvent(press, Qt.Key.Key_X, _NONE, "x", autorep=True)
        QApplication.sendEvent(page, held)

    assert page.counter == f"2 of {count}"


def test_a_question_is_never_asked_over_the_picture_of_the_one_before(review: Day) -> None:
    page, closeups = review.widgets.review, review.session.closeups
    is_busy, may_go_on = threading.Event(), threading.Event()

    def read_slowly() -> Iterator[None]:
        is_busy.set()
        may_go_on.wait(10)
        yield None

    closeups._worker.ask(read_slowly)
    assert is_busy.wait(10)
    closeups.forget(review.shown_ids)

    review.press(Qt.Key.Key_Space, on=page)
    assert page.counter.startswith("2 of")
    assert not page.picture.has_picture
    may_go_on.set()

    review.wait_until(lambda: page.picture.has_picture)


def test_skipping_going_back_and_undo(review: Day) -> None:
    page, questions = review.widgets.review, _questions(review)
    review.press(Qt.Key.Key_Space, on=page)
    assert page.counter.startswith("2 of")
    review.press(Qt.Key.Key_Left, on=page)
    assert page.counter.startswith("1 of")

    review.press(Qt.Key.Key_Return, on=page)
    review.wait_until(lambda: _state(review, questions[0]) is TagState.CONFIRMED)
    review.press(Qt.Key.Key_Z, _CTRL, on=page)
    review.wait_until(lambda: _state(review, questions[0]) is not TagState.CONFIRMED)


def test_a_number_toggles_another_class_of_the_photo_that_is_asked_for(review: Day) -> None:
    page, questions = review.widgets.review, _questions(review)
    name = next(t.name for t in review.library.tags() if t.name != questions[0].name)
    place = [tag.name for tag in review.library.tags()].index(name)
    before = _state_of(review, questions[0], name)

    review.press(Qt.Key(Qt.Key.Key_1 + place), on=page)

    review.wait_until(lambda: _state_of(review, questions[0], name) is not before)


def test_the_end_says_how_often_the_sure_ones_were_right(review: Day) -> None:
    page, questions = review.widgets.review, _questions(review)
    for _ in questions:
        review.press(Qt.Key.Key_Return, on=page)

    review.wait_until(lambda: "were right" in page.counter)
    assert page.question == "Done."
    assert not page.yes.isVisible()
    review.press(Qt.Key.Key_Escape, on=page)
    assert review.widgets.grid.isVisible()
    assert review.window.selection.photo_ids() == review.shown_ids[:1]


def test_at_the_end_keys_decide_on_no_photo_that_is_not_shown(review: Day) -> None:
    page, questions = review.widgets.review, _questions(review)
    for _ in questions:
        review.press(Qt.Key.Key_Space, on=page)
    assert not page.yes.isVisible()
    before = {photo: review.states(photo) for photo in review.shown_ids}

    for key, modifier in ((Qt.Key.Key_2, _NONE), (Qt.Key.Key_0, _NONE), (Qt.Key.Key_5, _CTRL)):
        review.press(key, modifier, on=page)
    review.wait_until(lambda: not review.session.decisions.is_busy)

    assert {photo: review.states(photo) for photo in review.shown_ids} == before
    assert not review.row(0).rating
    review.press(Qt.Key.Key_Escape, on=page)
    assert review.window.selection.photo_ids() == review.shown_ids[:1]


def test_a_closer_look_is_at_the_photo_that_is_asked_about(review: Day) -> None:
    page, loupe = review.widgets.review, review.widgets.loupe
    first = review.shown_ids[0]
    asked = next(place for place, one in enumerate(_questions(review)) if one.photo_id != first)
    for _ in range(asked):
        review.press(Qt.Key.Key_Space, on=page)
    assert not review.widgets.right.isVisible()

    review.press(Qt.Key.Key_H, on=page)
    assert loupe.isVisible()
    assert review.widgets.right.isVisible()
    photo_id = _questions(review)[asked].photo_id
    assert loupe.caption.startswith(review.library.photo_rows([photo_id])[0].path.name)
    review.press(Qt.Key.Key_Space, on=loupe)

    assert review.widgets.grid.isVisible()
    assert review.window.selection.photo_ids() == [photo_id]


def test_another_page_leaves_panels_and_selection_as_they_were(review: Day) -> None:
    review.press(Qt.Key.Key_C, on=review.widgets.review)  # one photo: there is nothing to compare
    review.window.reviewing.close()

    assert review.widgets.right.isVisible()
    assert review.window.selection.photo_ids() == review.shown_ids[:1]


def test_the_key_pressed_twice_opens_one_round_and_brings_the_inspector_back(day: Day) -> None:
    day.go_to(0)
    day.press(Qt.Key.Key_R)
    day.press(Qt.Key.Key_R)
    day.wait_until(lambda: day.widgets.review.isVisible() and not day.session.decisions.is_busy)

    day.press(Qt.Key.Key_Escape, on=day.widgets.review)

    assert day.widgets.right.isVisible()


def test_of_photos_that_were_picked_these_alone_are_asked_about(day: Day) -> None:
    picked = day.shown_ids[3:6]
    day.window.browsing.show_photos(picked)
    day.go_to(0)

    day.press(Qt.Key.Key_R)

    day.wait_until(day.widgets.review.isVisible)
    assert {question.photo_id for question in _questions(day)} <= set(picked)


def test_a_round_that_comes_late_takes_no_key_from_who_went_on(day: Day) -> None:
    line, page = day.widgets.search.line, day.widgets.review
    for key, modifier in (
        (Qt.Key.Key_F, _CTRL),
        (Qt.Key.Key_Right, _NONE),
        (Qt.Key.Key_Space, _NONE),
    ):
        day.go_to(0)
        may_go_on = threading.Event()
        day.session.decisions.start("a long one", lambda *_, wait=may_go_on.wait: wait(10))
        day.press(Qt.Key.Key_R)
        day.press(key, modifier)
        may_go_on.set()
        day.wait_until(lambda: not day.session.decisions.is_busy)
        assert not page.isVisible()
    day.press(Qt.Key.Key_Escape, on=day.widgets.loupe)
    assert not line.text()


def test_a_round_asked_for_twice_stays_at_the_question_it_is_at(day: Day) -> None:
    page, events = day.widgets.review, (threading.Event(), threading.Event())
    day.go_to(0)
    for may_go_on in events:
        day.session.decisions.start("a long one", lambda *_, wait=may_go_on.wait: wait(10))
        day.press(Qt.Key.Key_R)
    events[0].set()
    day.wait_until(page.isVisible)
    day.press(Qt.Key.Key_Return, on=page)
    events[1].set()
    day.wait_until(lambda: not day.session.decisions.is_busy)

    assert page.counter.startswith("2 of")


def _questions(day: Day) -> list[Question]:
    return day.window.reviewing._queue


def _state(day: Day, question: Question) -> TagState | None:
    return _state_of(day, question, question.name)


def _state_of(day: Day, question: Question, name: str) -> TagState | None:
    return day.states(question.photo_id).get(name)
