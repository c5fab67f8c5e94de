"""Between the page of classes and the services: rename, merge, retire, split, another keyword."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.gui.teach.split_dialog import SplitDialog
from tagger.gui.text import class_title
from tagger.services.lessons.tidying import merge_classes
from tagger.services.models.class_changes import rename_class, retire_class, revive_class
from tagger.services.models.class_list import list_classes
from tagger.services.models.splitting import SplitProposal, propose_split, split_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.gui.session import Session
    from tagger.gui.teach.classes_page import ClassesPage
    from tagger.gui.work.worker import Outcome

_LIST, _CHANGE, _GROUP, _SPLIT = "list classes", "change classes", "group class", "split class"


class ClassChanging(QObject):
    """Each change is short and has a way back.

    Signals:
        said(str): what was done.
        troubled(str): why it can't be done, in one sentence; empty takes it away.
        changed(): the classes are others now.
    """

    said = Signal(str)
    troubled = Signal(str)
    changed = Signal()

    def __init__(self, session: Session, page: ClassesPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = page
        self.dialog: SplitDialog | None = None
        page.keyword_wanted.connect(self._choose_keyword)
        page.merge_wanted.connect(self._merge)
        page.rename_wanted.connect(self._rename)
        page.retirement_wanted.connect(self._retire)
        page.split_wanted.connect(self._group)
        session.decisions.finished.connect(self._on_finished)

    def refresh(self) -> None:
        """Read the classes."""
        workspace = self._session.workspace
        self._session.decisions.start(_LIST, lambda *_: list_classes(workspace))

    def _choose_keyword(self, name: str, path: tuple[str, ...]) -> None:
        library = self._session.workspace.library
        words = self.tr("{title} is written as {path}; files with it wait for writing (Ctrl+S).")

        def choose() -> str:
            tag, _ = library.choose_keyword(name, path)
            return words.format(title=class_title(tag.name), path=" | ".join(tag.keyword_path))

        self._change(choose)

    def _merge(self, name: str, into: str) -> None:
        library = self._session.workspace.library
        words = self.tr("{old} became {new} on all photos you confirmed. Ctrl+Z takes it back.")

        def merge() -> str:
            merge_classes(library, name, into)
            return words.format(old=class_title(name), new=class_title(into))

        self._change(merge)

    def _rename(self, name: str, new_name: str) -> None:
        workspace = self._session.workspace
        words = self.tr("{old} is {new} now, written as {path}. Renaming it back is the way back.")
        waiting = self.tr("Ctrl+S shows what would be written to {count} files.")

        def rename() -> str:
            done = rename_class(workspace, name, new_name)
            sentence = words.format(
                old=class_title(done.before),
                new=class_title(done.name),
                path=" | ".join(done.keyword_path),
            )
            return f"{sentence} {waiting.format(count=done.files)}" if done.files else sentence

        self._change(rename)

    def _retire(self, name: str, is_retired: bool) -> None:
        workspace = self._session.workspace
        words = (
            self.tr("{title} is retired: nobody is asked about it. Bring back is on its line.")
            if is_retired
            else self.tr("{title} is back.")
        )

        def retire() -> str:
            (retire_class if is_retired else revive_class)(workspace, name)
            return words.format(title=class_title(name))

        self._change(retire)

    def _group(self, name: str, groups: int | None = None) -> None:
        library = self._session.workspace.library
        self.troubled.emit("")
        self._session.decisions.start(_GROUP, lambda *_: propose_split(library, name, groups))

    def _split(self, proposal: SplitProposal, names: dict[int, str]) -> None:
        library = self._session.workspace.library
        words = self.tr("New classes: {names}. Ctrl+Z takes it back; a lesson teaches them.")

        def split() -> str:
            taken, _ = split_class(library, proposal, names)
            return words.format(names=", ".join(class_title(name) for name in taken))

        self._session.decisions.start(_SPLIT, lambda *_: split())

    def _change(self, do: Callable[[], str]) -> None:
        self.troubled.emit("")
        self._session.decisions.start(_CHANGE, lambda *_: do())

    def _show_groups(self, proposal: SplitProposal) -> None:
        dialog = self.dialog
        if dialog is None:
            dialog = SplitDialog(self._page.look, self._session.thumbnails, self._page.window())
            dialog.regrouped.connect(self._group)
            dialog.accepted_names.connect(self._split)
            dialog.destroyed.connect(self._forget_dialog)
            self.dialog = dialog
            dialog.show()
        dialog.show_proposal(proposal)

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name == _LIST and isinstance(outcome.result, list):
            self._page.show_classes(outcome.result)
        if name == _GROUP and isinstance(outcome.result, SplitProposal):
            self._show_groups(outcome.result)
        if name == _SPLIT and self.dialog is not None:
            self.dialog.complain(outcome.error or "")
            if outcome.error is None:
                self.dialog.close()
        if name in {_CHANGE, _GROUP} and outcome.error is not None:
            self.troubled.emit(outcome.error)
        if name in {_CHANGE, _SPLIT} and isinstance(outcome.result, str):
            self.said.emit(outcome.result)
            self.changed.emit()
            self.refresh()
