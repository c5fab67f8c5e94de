"""The post builder: wish, slides, and what is done with them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout

from tagger.gui.dialogs.asking import AskingDialog
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
    from PySide6.QtWidgets import QWidget

    from tagger.gui.session import Session
    from tagger.services.posts.draft import Draft


class PostBuilder(AskingDialog):
    """Stays beside the window. Every change is kept at once under the post's name.

    Signals:
        export_wanted(list, str): these photos in this order, with the preset of this name.
    """

    export_wanted = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, "post", parent)
        self._built: BuiltPost | None = None
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
        self._check()
        self.resize(1040, 640)

    @property
    def draft(self) -> Draft | None:
        """The post on screen."""
        return None if self._built is None else self._built.draft

    def build(self) -> None:
        """Choose photos for every slide that is not locked."""
        name, wish = self.form.name.text().strip(), self.form.wish
        draft = self.draft
        if draft is None or draft.name != name or draft.wish.quotas != wish.quotas:
            draft = new_draft(name, wish)
        draft = draft.model_copy(update={"wish": wish})
        self.message.setText(self.tr("Choosing…"))
        self.ask(partial(build_and_keep, draft=draft))

    def swap(self) -> None:
        """Take the next best photo for the chosen slide."""
        draft, place = self.draft, self.slides.currentRow()
        if draft is not None and place >= 0:
            self.ask(partial(swap_and_keep, draft=draft, place=place))

    def toggle_lock(self) -> None:
        """Keep the chosen slide as it is, or let it go."""
        draft, place = self.draft, self.slides.currentRow()
        if draft is not None and place >= 0:
            is_locked = not draft.slots[place].is_locked
            self.ask(partial(keep_as_it_is, draft=lock_slot(draft, place, is_locked=is_locked)))

    def show_answer(self, answer: object) -> None:
        """A post that was built, or changed."""
        assert isinstance(answer, BuiltPost)
        built = self._built = answer
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
        """At once: a second slide may be moved before the first move has been kept."""
        if self._built is not None:
            slots = tuple(self._built.draft.slots[place] for place in order)
            draft = self._built.draft.model_copy(update={"slots": slots})
            self._built = replace(self._built, draft=draft)
            self.slides.show_draft(draft)
            self.ask(partial(keep_as_it_is, draft=draft))

    def _note(self) -> None:
        if self._built is not None:
            draft, built = self._built.draft, self._built
            dialog = NoteDialog(len(draft.photo_ids), built.usual, built.repeats, self)
            dialog.chosen.connect(
                lambda place: self.ask(partial(note_and_keep, draft=draft, place=place))
            )
            dialog.open()

    def _export(self) -> None:
        if self._built is not None:
            self.export_wanted.emit(self._built.draft.photo_ids, self._built.preset)

    def _open_kept(self, row: int) -> None:
        draft = self.kept.itemData(row)
        if draft is not None:
            self.form.show_wish(draft.name, draft.wish)
            self.ask(partial(keep_as_it_is, draft=draft))

    def _list_kept(self) -> None:
        self.kept.clear()
        self.kept.addItem(self.tr("Posts in the making…"), None)
        for draft in list_drafts(self._session.workspace.library):
            self.kept.addItem(draft.name, draft)

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
        self.keep_enter_from_buttons()
