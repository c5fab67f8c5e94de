"""Building a post in the window: wish, swap, lock, order, export."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate, Qt

from tagger.gui.dialogs.export import ExportDialog
from tagger.gui.posts.builder import PostBuilder
from tagger.gui.posts.note_dialog import NoteDialog
from tagger.services.classifiers import IN_USE
from tagger.services.posts.draft import find_draft
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from tests.gui.day import Day


@pytest.fixture
def builder(day: Day) -> PostBuilder:
    """The builder with a post of three slides of one class."""
    day.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier, on=day.window)
    [builder] = day.window.findChildren(PostBuilder)
    counts = day.library.count_by_class()
    most = max(counts, key=lambda name: counts[name])
    assert not builder.build_button.isEnabled()
    builder.form.counts[most].setValue(3)
    for box in (builder.form.alike, builder.form.blurred):
        box.setChecked(True)
    builder.build_button.click()
    day.wait_until(lambda: builder.draft is not None)
    return builder


def test_a_wish_becomes_slides_that_are_kept(day: Day, builder: PostBuilder) -> None:
    draft = builder.draft
    assert draft is not None
    assert builder.slides.count() == 3
    assert len(set(draft.photo_ids)) == len(draft.photo_ids) > 1
    assert find_draft(day.library, "Post") == draft
    assert "kept as" in builder.message.text()


def test_the_next_post_takes_the_place_of_none_before(day: Day, builder: PostBuilder) -> None:
    first = builder.draft
    builder.close()
    day.wait_until(lambda: not day.window.findChildren(PostBuilder))

    another = day.window.posting.open_builder()

    assert another.form.name.text() == "Post 2"
    next(iter(another.form.counts.values())).setValue(1)
    another.build()
    day.wait_until(lambda: another.draft is not None)
    assert find_draft(day.library, "Post") == first
    assert another.draft is not None
    assert another.draft.name == "Post 2"


def test_swap_lock_and_another_order(day: Day, builder: PostBuilder) -> None:
    first = builder.draft
    assert first is not None
    builder.slides.setCurrentRow(0)
    builder.lock_button.click()
    day.wait_until(lambda: builder.draft is not None and builder.draft.slots[0].is_locked)
    builder.swap_button.click()
    day.wait_until(lambda: "locked" in builder.message.text())

    builder.slides.move_slide(0, 1)
    day.wait_until(lambda: builder.draft is not None and builder.draft.slots[1].is_locked)
    assert builder.draft is not None
    assert builder.draft.photo_ids[:2] == first.photo_ids[1::-1]
    day.wait_until(lambda: find_draft(day.library, "Post") == builder.draft)


def test_slides_are_put_into_order_by_keyboard(day: Day, builder: PostBuilder) -> None:
    assert builder.draft is not None
    before = list(builder.draft.slots)
    builder.slides.setCurrentRow(0)

    for _ in range(2):  # the second before the first has been kept
        day.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier, on=builder.slides)
    assert builder.slides.currentRow() == 2
    day.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, on=builder.slides)
    day.press(Qt.Key.Key_Right, on=builder.slides)
    assert list(builder.draft.slots) == [before[1], before[0], before[2]]
    day.wait_until(lambda: find_draft(day.library, "Post") == builder.draft)


def test_what_is_done_while_something_else_is_done_counts_as_well(
    day: Day, builder: PostBuilder
) -> None:
    first = builder.draft
    assert first is not None
    may_go_on = threading.Event()
    builder.queue(lambda *_: may_go_on.wait(10) and builder._newest)

    for place in (0, 2):
        builder.slides.setCurrentRow(place)
        builder.lock_button.click()
    builder.slides.setCurrentRow(1)
    builder.swap_button.click()
    builder.note_button.click()
    [note] = builder.findChildren(NoteDialog)
    day.press(Qt.Key.Key_Return, on=note.account)
    builder.slides.move_slide(0, 1)
    may_go_on.set()
    day.wait_until(lambda: not builder.is_waiting)

    assert builder.draft is not None
    assert [slot.is_locked for slot in builder.draft.slots] == [False, True, True]
    assert builder.draft.slots[1].photo_id == first.slots[0].photo_id
    assert first.slots[1].photo_id in builder.draft.slots[0].passed
    assert find_draft(day.library, "Post") == builder.draft
    assert {post.photo_id for post in day.library.posts()} == set(first.photo_ids)


def test_what_was_noted_right_before_the_end_is_kept(day: Day, builder: PostBuilder) -> None:
    may_go_on = threading.Event()
    builder.queue(lambda *_: may_go_on.wait(10) and builder._newest)
    builder.note_button.click()
    [note] = builder.findChildren(NoteDialog)
    day.press(Qt.Key.Key_Return, on=note.account)

    day.window.close()
    may_go_on.set()
    assert day.session.close()

    with Workspace.open(day.session.workspace.home) as workspace:
        assert len(workspace.library.posts()) == builder.slides.count()


def test_its_slides_are_exported_in_their_order(day: Day, builder: PostBuilder) -> None:
    day.library.change_setting(IN_USE, "none")  # loading the network takes long; detail does here
    builder.export_button.click()
    [dialog] = day.window.findChildren(ExportDialog)
    assert builder.draft is not None
    assert dialog.presets.currentData().name == "instagram-landscape"
    assert list(dialog.request().windows) == []
    dialog.reject()


def test_what_was_posted_is_noted_and_told(day: Day, builder: PostBuilder) -> None:
    builder.note_button.click()
    [note] = builder.findChildren(NoteDialog)
    assert note.warning.isHidden()
    note.account.setText("ana.and.luis")
    note.day.setDate(QDate(2026, 7, 1))
    note.caption.setPlainText("Summer")
    day.press(Qt.Key.Key_Return, on=note.account)
    day.wait_until(lambda: "was posted before: Instagram, 2026-07-01" in builder.message.text())
    assert builder.draft is not None
    posts = day.library.posts()
    assert {post.photo_id for post in posts} == set(builder.draft.photo_ids)
    assert {(post.account, post.caption) for post in posts} == {("ana.and.luis", "Summer")}
