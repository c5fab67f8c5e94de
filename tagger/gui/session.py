"""Everything behind one window: the library, the threads, and their end in the right order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from PySide6.QtCore import QObject

from tagger.gui.pictures.previews import Previews
from tagger.gui.pictures.thumbnails import Thumbnails
from tagger.gui.work.ending import Joinable, join_all
from tagger.gui.work.feed import ChangesFeed
from tagger.gui.work.jobs import JobKind, Jobs
from tagger.gui.work.latest import LatestWins
from tagger.gui.work.search import Search
from tagger.gui.work.worker import Worker
from tagger.services.picturing import PictureSource
from tagger.services.publishing import PublishingLibrary
from tagger.services.running import run_tagging
from tagger.services.workspace import Workspace, core_count, make_home

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.changes import Changes
    from tagger.gui.work.jobs import TagRun
    from tagger.services.reporting import Report
    from tagger.services.tagging import TagResult

CLOSE_WITHIN_S = 2.0


class _Part(Joinable, Protocol):
    def close(self) -> None: ...


def tag_on_best_device(workspace: Workspace, cancel: CancelToken, report: Report) -> TagResult:
    """Tag with the classifier in use, on whatever computes fastest here."""
    return run_tagging(workspace, "auto", cancel, report)


class Session(QObject):
    """One open library with all that works on it.

    Attributes:
        workspace: the library and its home.
        feed: tells what changed, whoever changed it.
        thumbnails, previews, closeups: pictures for the grid, the inspector and the loupe.
        search: the photos on screen.
        details: what is known of the current photo.
        decisions: corrections, one after the other.
        jobs: the long work.
    """

    def __init__(
        self,
        workspace: Workspace,
        library: PublishingLibrary,
        tag: TagRun = tag_on_best_device,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.feed = ChangesFeed(self)
        library.listener = self.feed.publish
        self._source = PictureSource(workspace)
        self.thumbnails = Thumbnails(self._source, max(1, core_count() - 1), self)
        self.previews = Previews("preview", self._source, self)
        self.closeups = Previews("loupe", self._source, self)
        self.search = Search(workspace, self)
        self.details = LatestWins("details", self)
        self.decisions = Worker("decisions", self)
        self.jobs = Jobs(workspace, tag, self)
        self.feed.changed.connect(self._on_changed)

    @classmethod
    def open(cls, home: Path, tag: TagRun = tag_on_best_device) -> Self:
        """Open the library in `home`, or make a new one.

        Raises:
            LibraryError: it is damaged, from a newer program, or its disk refuses.
        """
        make_home(home)
        library = PublishingLibrary.open(home)
        return cls(Workspace(home, library), library, tag)

    def close(self) -> bool:
        """Stop everything, in the reverse order of its start.

        Returns:
            Whether all threads ended in time. If not, the library stays open for the one that has
            not, and is closed by the system: what was stored stays stored.
        """
        parts: list[_Part] = [
            self.jobs,
            self.decisions,
            self.details,
            self.search,
            self.closeups,
            self.previews,
            self.thumbnails,
        ]
        for part in parts:
            part.close()
        self.feed.close()
        has_ended = join_all(parts, CLOSE_WITHIN_S)
        if has_ended:
            self._source.close()
            self.workspace.library.close()
        return has_ended

    def _on_changed(self, changes: Changes) -> None:
        if not changes.tags:
            self.thumbnails.forget(changes.photo_ids)
            self.previews.forget(changes.photo_ids)
            self.closeups.forget(changes.photo_ids)
        if changes.membership:
            self.jobs.nudge(JobKind.TAG)
