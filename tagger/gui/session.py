"""Everything behind one window: the library, the threads, and their end in the right order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from PySide6.QtCore import QObject

from tagger.core.cancel import CancelToken
from tagger.core.changes import Changes
from tagger.gui.pictures.previews import Previews
from tagger.gui.pictures.thumbnails import Thumbnails
from tagger.gui.work.ending import Joinable, join_all
from tagger.gui.work.feed import ChangesFeed
from tagger.gui.work.jobs import JobKind, Jobs
from tagger.gui.work.latest import LatestWins
from tagger.gui.work.search import Search
from tagger.gui.work.steps import steps_apart, steps_here, tag_on_best_device
from tagger.gui.work.watching import Arriving, Watching
from tagger.gui.work.worker import Worker
from tagger.services.attention import Attention, attend_to_photo
from tagger.services.backstage import Backstage
from tagger.services.picturing import PictureSource
from tagger.services.publishing import PublishingLibrary
from tagger.services.workspace import Workspace, core_count, make_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.gui.work.steps import TagRun
    from tagger.gui.work.worker import Work
    from tagger.services.backstage.messages import Task

CLOSE_WITHIN_S = 2.0
DECIDE_WITHIN_S = 300.0
"""So long the end waits for what a person decided on many photos right before it: what is not done
then is lost, and twelve classes on 50,000 photos take a minute."""
_ASKED = "The person asked for it."


class _Part(Joinable, Protocol):
    def close(self) -> None: ...


class Session(QObject):
    """One open library with all that works on it.

    Attributes:
        workspace: the library and its home.
        feed: tells what changed, whoever changed it.
        pictures: where all pictures come from.
        thumbnails, previews, closeups: pictures for the grid, the inspector and the loupe.
        search: the photos on screen.
        details: what is known of the current photo.
        ribbons: what its shoot shows over the hours.
        similar: photos that look like the one just corrected.
        attention: what the network looked at.
        programs: what other programs show.
        journal: what was written to files.
        take_back: the work that takes a run of writing back.
        attend: asks the network, in the process where all long work is done.
        decisions: corrections, one after the other.
        lessons: teaching and comparing classifiers, one after the other.
        work_on: gives long work its place: the other process, or a thread of this one.
        jobs: the long work.
        watching: notices what arrives in the folders.

    Args:
        tag_here: tag with this, and do all other work too in threads of this process.
        tag_apart: tag with this in the process where all long work is done otherwise.
    """

    def __init__(
        self,
        workspace: Workspace,
        library: PublishingLibrary,
        tag_here: TagRun | None = None,
        tag_apart: TagRun = tag_on_best_device,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.feed = ChangesFeed(self)
        library.listener = self.feed.publish
        self.pictures = PictureSource(workspace)
        self.thumbnails = Thumbnails(self.pictures, max(1, core_count() - 1), self)
        self.previews = Previews("preview", self.pictures, self)
        self.closeups = Previews("loupe", self.pictures, self)
        self.search = Search(workspace, self)
        self.details = LatestWins("details", self)
        self.similar = LatestWins("similar", self)
        self.ribbons = LatestWins("ribbon", self)
        self.attention = LatestWins("attention", self)
        self.programs = LatestWins("programs", self)
        self.journal = LatestWins("journal", self)
        self.decisions = Worker("decisions", self, finishes=True)
        self.lessons = Worker("lessons", self)
        self._awaited: list[Worker] = [self.decisions]
        self._backstage = Backstage(workspace.home, self.feed.publish)
        self.attend: Callable[[PhotoId], Attention] = self._attend
        steps = (
            steps_apart(self._backstage, tag_apart)
            if tag_here is None
            else steps_here(workspace, tag_here)
        )
        self.work_on: Callable[[Task], Work] = (
            (lambda task: partial(self._backstage.run, task))
            if tag_here is None
            else (lambda task: partial(task, workspace))
        )
        self.take_back = steps.undo
        self._arriving = Arriving(steps.scan, steps.index)
        self.jobs = Jobs(workspace, replace(steps, scan=self._arriving.run), self)
        self.watching = Watching(workspace, self.jobs, self._arriving, self)
        self.watching.drives_changed.connect(self._on_drives_changed)
        self.feed.changed.connect(self._on_changed)

    @classmethod
    def open(
        cls,
        home: Path,
        tag_here: TagRun | None = None,
        *,
        tag_apart: TagRun = tag_on_best_device,
    ) -> Self:
        """Open the library in `home`, or make a new one.

        Raises:
            LibraryError: it is damaged, from a newer program, or its disk refuses.
        """
        make_home(home)
        library = PublishingLibrary.open(home)
        return cls(Workspace(home, library), library, tag_here, tag_apart)

    def rescan(self) -> None:
        """Look through all folders, whatever else is waiting."""
        self._arriving.add(_ASKED)
        self.jobs.start(JobKind.INDEX)

    def tag_again(self) -> None:
        """Look at the photos that the classifier in use has not seen."""
        self.jobs.nudge(JobKind.TAG)

    def wait_for(self, worker: Worker) -> None:
        """The end waits for this one as it does for decisions; who made it closes it."""
        self._awaited = [one for one in self._awaited if not one.join(0)]
        self._awaited.append(worker)

    def close(self) -> bool:
        """Stop everything, in the reverse order of its start, but for decisions: those are made.

        Returns:
            Whether all threads ended in time. If not, the library stays open for the one that has
            not, and is closed by the system: what was stored stays stored.
        """
        parts: list[_Part] = [
            self.watching,
            self._backstage,
            self.jobs,
            self.decisions,
            self.lessons,
            self.details,
            self.similar,
            self.ribbons,
            self.attention,
            self.programs,
            self.journal,
            self.search,
            self.closeups,
            self.previews,
            self.thumbnails,
        ]
        for part in parts:
            part.close()
        self.feed.close()
        join_all(self._awaited, DECIDE_WITHIN_S)
        has_ended = join_all(parts, CLOSE_WITHIN_S)
        if has_ended:
            self.pictures.close()
            self.workspace.library.close()
        return has_ended

    def _attend(self, photo_id: PhotoId) -> Attention:
        attend = partial(attend_to_photo, photo_id=photo_id)
        attention = self._backstage.run(attend, CancelToken(), lambda _: None)
        assert isinstance(attention, Attention)
        return attention

    def _on_drives_changed(self) -> None:
        """Nothing is stored of it; what is shown of any photo may be another, and be read again."""
        self.thumbnails.retry()
        self.feed.publish(Changes(tags=True))

    def _on_changed(self, changes: Changes) -> None:
        if changes.read_again:
            self.thumbnails.forget(changes.read_again)
            self.previews.forget(changes.read_again)
            self.closeups.forget(changes.read_again)
        if changes.membership:
            self.jobs.nudge(JobKind.TAG)
