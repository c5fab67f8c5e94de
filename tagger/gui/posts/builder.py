"""The post builder: wish, slides, and what is done with them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, count
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout

from tagger.core.names import fold_name
from tagger.gui.dialogs.asking import AskingDialog
from tagger.gui.dialogs.buttons import keep_enter_from_buttons
from tagger.gui.posts.note_dialog import NoteDialog
from tagger.gui.posts.slides import SlideList
from tagger.gui.posts.wish_form import WishForm
from tagger.services.posts.building import lock_slot, new_draft
from tagger.services.posts.draft import list_drafts
from tagger.services.posts.tasks import (
    BuiltPost,
    build_and_keep,
    keep_as_it_is,
    note_and_keep,
    swap_and_keep,
)
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.gui.session import Session
    from tagger.services.backstage.messages import Task
    from tagger.services.posts.draft import Draft
    from tagger.services.posts.ledger import Place
    from tagger.services.reporting import Report


class PostBuilder(AskingDialog):
    """Stays beside the window. Every change is kept at once under the post's name.

    Signals:
        export_wanted(list, str): these photos in this order, with the preset of this name.
    """

    export_wanted = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, "post", parent)
        self._built: BuiltPost | None = None
        self._newest: BuiltPost | None = None
        self._kept: Draft | None = None  # in the thread: what the change before left
        self.setWindowTitle(self.tr("Build a post"))
        self.form = WishForm([tag.name for tag in shown_tags(session.workspace.library)])
        self.slides = SlideList(session.thumbnails)
        self.message.setText(self.tr("Say how many pictures of which class, then build."))
        self.kept = QComboBox()
        self.build_button = QPushButton(self.tr("Build"))
        self.swap_button = QPushButton(self.tr("&Swap"))
        self.lock_button = QPushButton(self.tr("&Lock"))
        self.export_button = QPushButton(self.tr("&Export…"))
        self.note_button = QPushButton(self.tr("Note as &posted…"))
        self._lay_out()
        self._connect()
        self._list_kept()
        self.form.name.setText(self._free_name())
        self._check()
        self.resize(1040, 640)

    @property
    def draft(self) -> Draft | None:
        """The post on screen."""
        return None if self._built is None else self._built.draft

    def build(self) -> None:
        """Choose photos for every slide that is not locked."""
        name, wish = self.form.name.text().strip(), self.form.wish

        def choose() -> Task:
            draft = self._kept
            if draft is None or draft.name != name or draft.wish.quotas != wish.quotas:
                draft = new_draft(name, wish)
            return partial(build_and_keep, draft=draft.model_copy(update={"wish": wish}))

        self.message.setText(self.tr("Choosing…"))
        self._queue_change(choose)

    def swap(self) -> None:
        """Take the next best photo for the chosen slide."""
        place = self.slides.currentRow()
        if self.draft is not None and place >= 0:
            self._change(lambda draft: partial(swap_and_keep, draft=draft, place=place))

    def toggle_lock(self) -> None:
        """Keep the chosen slide as it is, or let it go."""
        place = self.slides.currentRow()
        if self.draft is not None and 0 <= place < len(self.draft.slots):
            is_locked = not self.draft.slots[place].is_locked
            self._arrange(lambda draft: lock_slot(draft, place, is_locked=is_locked))

    def show_answer(self, answer: object) -> None:
        """A post that was built, or changed; while more is to be done to it, what is seen stays."""
        assert isinstance(answer, BuiltPost)
        self._newest = answer
        if not self.is_waiting:
            self._show(answer)

    def complain(self, sentence: str) -> None:
        """Say it over the post as it is kept."""
        if self._newest is not None:
            self._show(self._newest)
        super().complain(sentence)

    def _show(self, built: BuiltPost) -> None:
        self._built = built
        self.slides.show_draft(built.draft)
        found, wanted = len(built.draft.photo_ids), len(built.draft.slots)
        text = self.tr("{found} of {wanted} slides, kept as “{name}”.").format(
            found=found, wanted=wanted, name=built.draft.name
        )
        if found < wanted:
            text += " " + self.tr("Widen the search or allow more to fill the others.")
        self.message.setText(" ".join([text, *built.repeats[:3]]))
        self._list_kept()
        self._check()

    def _on_moved(self, order: list[int]) -> None:
        self._arrange(lambda draft: _put_in_order(draft, order))

    def _arrange(self, change: Callable[[Draft], Draft]) -> None:
        """At once: another slide may be moved or locked before this one has been kept."""
        if self._built is not None:
            draft = change(self._built.draft)
            self._built = replace(self._built, draft=draft)
            self.slides.show_draft(draft)
            self._change(lambda draft: partial(keep_as_it_is, draft=change(draft)), is_short=True)

    def _change(self, make: Callable[[Draft], Task], *, is_short: bool = False) -> None:
        """Do this with the post as the change before it leaves it, be it done or on its way."""

        def change_kept() -> Task:
            assert self._kept is not None  # the post on screen came from there
            return make(self._kept)

        self._queue_change(change_kept, is_short=is_short)

    def _queue_change(self, make: Callable[[], Task], *, is_short: bool = False) -> None:
        workspace, work_on = self._session.workspace, self._session.work_on

        def work(cancel: CancelToken, report: Report) -> object:
            task = make()
            do = partial(task, workspace) if is_short else work_on(task)
            built = do(cancel, report)
            assert isinstance(built, BuiltPost)
            self._kept = built.draft
            return built

        self.queue(work)

    def _note(self) -> None:
        if self._built is not None:
            draft, built = self._built.draft, self._built
            dialog = NoteDialog(len(draft.photo_ids), built.usual, built.repeats, self)
            dialog.chosen.connect(lambda place: self._note_at(place, draft.photo_ids))
            dialog.open()

    def _note_at(self, place: Place, photos: Sequence[PhotoId]) -> None:
        self._change(
            lambda draft: partial(note_and_keep, draft=draft, photos=photos, place=place),
            is_short=True,
        )

    def _export(self) -> None:
        if self._built is not None:
            self.export_wanted.emit(self._built.draft.photo_ids, self._built.preset)

    def _open_kept(self, row: int) -> None:
        draft = self.kept.itemData(row)
        if draft is not None:
            self.form.show_wish(draft.name, draft.wish)
            self._queue_change(lambda: partial(keep_as_it_is, draft=draft), is_short=True)

    def _list_kept(self) -> None:
        self.kept.clear()
        self.kept.addItem(self.tr("Posts in the making…"), None)
        for draft in list_drafts(self._session.workspace.library):
            self.kept.addItem(draft.name, draft)

    def _free_name(self) -> str:
        """A new post takes the place of no other one unless somebody gives it that name."""
        taken = {fold_name(self.kept.itemText(row)) for row in range(1, self.kept.count())}
        usual = self.tr("Post")
        names = chain([usual], (f"{usual} {number}" for number in count(2)))
        return next(name for name in names if fold_name(name) not in taken)

    def _check(self) -> None:
        self.build_button.setEnabled(self.form.is_complete)
        self.build_button.setText(self.tr("Build %Ln slide(s)", "", self.form.total))
        has_photos = self.draft is not None and bool(self.draft.photo_ids)
        for button in (self.swap_button, self.lock_button, self.export_button, self.note_button):
            button.setEnabled(has_photos)

    def _connect(self) -> None:
        self.form.changed.connect(self._check)
        self.slides.moved.connect(self._on_moved)
        self.kept.activated.connect(self._open_kept)
        self.build_button.clicked.connect(self.build)
        self.swap_button.clicked.connect(self.swap)
        self.lock_button.clicked.connect(self.toggle_lock)
        self.export_button.clicked.connect(self._export)
        self.note_button.clicked.connect(self._note)

    def _lay_out(self) -> None:
        self.build_button.setProperty("role", "primary")
        self.kept.setAccessibleName(self.tr("Posts in the making"))
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.kept)
        left.addWidget(self.form)
        left.addStretch(1)
        left.addWidget(self.build_button)
        below = QHBoxLayout()
        below.addWidget(self.swap_button)
        below.addWidget(self.lock_button)
        below.addStretch(1)
        below.addWidget(self.note_button)
        below.addWidget(self.export_button)
        right = QVBoxLayout()
        right.addWidget(self.slides, 1)
        right.addWidget(self.message)
        right.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 20, 22, 20)
        row.setSpacing(24)
        row.addLayout(left)
        row.addLayout(right, 1)
        keep_enter_from_buttons(self)


def _put_in_order(draft: Draft, order: Sequence[int]) -> Draft:
    """The slots of these former places; a post that was built anew meanwhile stays as it is."""
    if len(order) != len(draft.slots):
        return draft
    return draft.model_copy(update={"slots": tuple(draft.slots[place] for place in order)})
