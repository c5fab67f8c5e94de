"""Between the page of classifiers and the services: hand out, take in, remove, try."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.services.classifying import Classification
from tagger.services.lessons.trying import try_picture
from tagger.services.models.adopting import remove_model
from tagger.services.models.exchanging import export_model, import_model
from tagger.services.models.listing import list_models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.gui.session import Session
    from tagger.gui.teach.models_page import ModelsPage
    from tagger.gui.work.worker import Outcome

_LIST, _KEEP, _TRY = "list classifiers", "keep classifiers", "try picture"


class Keeping(QObject):
    """Reads and copies in a thread; the list is read again after each change.

    Signals:
        said(str): what was done.
        troubled(str): why it can't be done, in one sentence; empty takes it away.
    """

    said = Signal(str)
    troubled = Signal(str)

    def __init__(self, session: Session, page: ModelsPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = page
        page.exported.connect(self._export)
        page.imported.connect(self._import)
        page.removed.connect(self._remove)
        page.picture_tried.connect(self._try)
        session.decisions.finished.connect(self._on_kept)
        session.lessons.finished.connect(self._on_tried)

    def refresh(self) -> None:
        """Read which classifiers there are."""
        home = self._session.workspace.home
        self._session.decisions.start(_LIST, lambda *_: list_models(home))

    def _export(self, name: str, target: Path) -> None:
        home = self._session.workspace.home
        words = self.tr("{name} is written to {path}.")
        self._keep(lambda: words.format(name=name, path=export_model(home, name, target)))

    def _import(self, source: Path) -> None:
        home = self._session.workspace.home
        words = self.tr("{name} is here now. See what it would change before you use it.")
        self._keep(lambda: words.format(name=import_model(home, source).info.name))

    def _remove(self, name: str) -> None:
        workspace = self._session.workspace
        words = self.tr("{name} is removed.")

        def remove() -> str:
            remove_model(workspace, name)
            return words.format(name=name)

        self._keep(remove)

    def _keep(self, do: Callable[[], str]) -> None:
        self.troubled.emit("")
        self._session.decisions.start(_KEEP, lambda *_: do())

    def _try(self, path: Path) -> None:
        if self._session.lessons.is_busy:
            self.troubled.emit(self.tr("Something is being learned now. Wait until it is done."))
            return
        self.troubled.emit("")
        self._page.answer.setText(self.tr("Looking at {name}…").format(name=path.name))
        task = partial(try_picture, path=path)
        self._session.lessons.start(_TRY, self._session.work_on(task))

    def _on_kept(self, name: str, outcome: Outcome) -> None:
        if name == _LIST and isinstance(outcome.result, list):
            self._page.show_models(outcome.result)
        if name == _KEEP:
            self.troubled.emit(outcome.error or "")
            if isinstance(outcome.result, str):
                self.said.emit(outcome.result)
            self.refresh()

    def _on_tried(self, name: str, outcome: Outcome) -> None:
        if name != _TRY:
            return
        self._page.answer.setText("")
        self.troubled.emit(outcome.error or "")
        if isinstance(outcome.result, Classification):
            self._page.show_trial(outcome.result)
