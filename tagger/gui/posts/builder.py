"""The post builder: wish, slides, and what is done with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from tagger.core.cancel import CancelToken
from tagger.core.errors import TaggerError
from tagger.gui.posts.slides import SlideList
from tagger.gui.posts.wish_form import WishForm
from tagger.gui.work.latest import LatestWins
from tagger.services.posts.building import lock_slot, new_draft
from tagger.services.posts.draft import list_drafts
from tagger.services.posts.ledger import Place
from tagger.services.posts.tasks import (
    BuiltPost,
    build_and_keep,
    keep_as_it_is,
    note_and_keep,
    swap_and_keep,
)
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from tagger.gui.session import Session
    from tagger.services.backstage.messages import Task
    from tagger.services.posts.draft import Draft

_PLATFORMS = ("Instagram", "Facebook", "Pinterest", "TikTok", "Website")


class PostBuilder(QDialog):
    """Stays beside the window. Every change is kept at once under the post's name.

    Signals:
        export_wanted(list, str): these photos in this order, with the preset of this name.
    """

    export_wanted = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._built: BuiltPost | None = None
        self._worker = LatestWins("post", self)
        self._worker.answered.connect(self._on_built)
        self._worker.failed.connect(self._complain)
        self.setWindowTitle(self.tr("Build a post"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = WishForm([tag.name for tag in shown_tags(session.workspace.library)])
        self.slides = SlideList(session.thumbnails)
        self.message = QLabel(self.tr("Say how many pictures of which class, then build."))
        self.message.setWordWrap(True)
        self.message.setProperty("role", "muted")
        self.kept = QComboBox()
        self.platform = QComboBox()
        self.build_button = QPushButton(self.tr("Build"))
        self.swap_button = QPushButton(self.tr("&Swap"))
        self.lock_button = QPushButton(self.tr("&Lock"))
        self.export_button = QPushButton(self.tr("&Export…"))
        self.note_button = QPushButton(self.tr("Note as &posted"))
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
        self._ask(partial(build_and_keep, draft=draft))

    def swap(self) -> None:
        """Take the next best photo for the chosen slide."""
        draft, place = self.draft, self.slides.currentRow()
        if draft is not None and place >= 0:
            self._ask(partial(swap_and_keep, draft=draft, place=place))

    def toggle_lock(self) -> None:
        """Keep the chosen slide as it is, or let it go."""
        draft, place = self.draft, self.slides.currentRow()
        if draft is not None and place >= 0:
            is_locked = not draft.slots[place].is_locked
            self._ask(partial(keep_as_it_is, draft=lock_slot(draft, place, is_locked=is_locked)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window goes, and this with it."""
        if event.type() is QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)

    def done(self, result: int) -> None:
        """End the thread with the dialog."""
        self._worker.close()
        super().done(result)

    def _ask(self, task: Task) -> None:
        work = self._session.work_on(task)

        def answer() -> Iterator[object]:
            yield work(CancelToken(), lambda _: None)

        self._worker.ask(answer)

    def _on_built(self, built: object) -> None:
        if not isinstance(built, BuiltPost):
            return
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

    def _complain(self, error: object) -> None:
        text = str(error) if isinstance(error, TaggerError) else self.tr("That did not work.")
        self.message.setText(text)

    def _on_moved(self, order: list[int]) -> None:
        draft = self.draft
        if draft is not None:
            slots = tuple(draft.slots[place] for place in order)
            self._ask(partial(keep_as_it_is, draft=draft.model_copy(update={"slots": slots})))

    def _note(self) -> None:
        if self.draft is not None:
            place = Place(self.platform.currentText().strip() or _PLATFORMS[0])
            self._ask(partial(note_and_keep, draft=self.draft, place=place))

    def _export(self) -> None:
        if self._built is not None:
            self.export_wanted.emit(self._built.draft.photo_ids, self._built.preset)

    def _open_kept(self, row: int) -> None:
        draft = self.kept.itemData(row)
        if draft is not None:
            self.form.show_wish(draft.name, draft.wish)
            self._ask(partial(keep_as_it_is, draft=draft))

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
        parent = self.parent()
        if parent is not None:
            parent.installEventFilter(self)

    def _lay_out(self) -> None:
        self.build_button.setProperty("role", "primary")
        self.platform.addItems(_PLATFORMS)
        self.platform.setEditable(True)
        self.platform.setAccessibleName(self.tr("Platform"))
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
        below.addWidget(self.platform)
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
        for button in (self.swap_button, self.lock_button, self.export_button, self.note_button):
            button.setAutoDefault(False)
