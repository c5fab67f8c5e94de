"""Every short sequence of write, outside edit, crash and undo, on real files: nothing is lost.

Each sequence lives in a folder of its own. A step plugs in the folders whose turn it is and leaves
all others away, so the real services run on all of them at once.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.photo import FileState
from tagger.core.tag import TagState, Verdict
from tagger.images import read_content_id
from tagger.library import DecisionRequest
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, edit_outside, keywords

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.library import Folder, Library

BRIDE = "Wedding|Bride"
ACTIONS = (
    "confirm",
    "reject",
    "write",
    "scan",
    "add outside",
    "remove outside",
    "undo run",
    "crash before",
    "crash after",
)


@dataclass(frozen=True)
class PluggedWorkspace(Workspace):
    """A workspace whose folders are there only while they are plugged in."""

    plugged: set[Path] = field(default_factory=set)

    def online_folders(self) -> list[Folder]:
        return [folder for folder in self.library.folders() if folder.path in self.plugged]

    def offline_folders(self) -> list[Folder]:
        return [folder for folder in self.library.folders() if folder.path not in self.plugged]


@dataclass
class Story:
    """One photo, what was done to it, and who spoke last.

    Attributes:
        looked: whether the keyword was there when we last looked.
        unseen: who had spoken last before others changed it, as long as we did not look again.
    """

    photo: Path
    actions: tuple[str, ...]
    photo_id: PhotoId | None = None
    verdict: Verdict | None = None
    last: str = ""
    looked: bool = False
    unseen: str | None = None
    is_held_by_undo: bool = False
    seen: set[str] = field(default_factory=set)

    def speak(self, action: str) -> None:
        self.last = action
        self.seen.add(action)

    def change_outside(self, action: str) -> None:
        """Nobody can know of a change that was taken back before anybody looked."""
        before = self.last if self.unseen is None else self.unseen
        self.speak(action)
        self.unseen = before
        if self.has_bride is self.looked:
            self.last, self.unseen = before, None

    @property
    def has_bride(self) -> bool:
        return BRIDE in keywords(self.photo)


class Theatre:
    """Plays all stories at once, step by step."""

    def __init__(self, home: Path, folder: Path, scripts: Iterable[tuple[str, ...]]) -> None:
        self.workspace = PluggedWorkspace.open(home)
        self.library: Library = self.workspace.library
        original = save_jpeg(folder / "original.jpg", width=16, height=8)
        edit_outside(original, add=("Ana",))
        self.content_id = read_content_id(original)
        data = original.read_bytes()
        self.stories = []
        for number, script in enumerate(scripts):
            photo = folder / f"{number:05}" / "a.jpg"
            photo.parent.mkdir()
            photo.write_bytes(data)
            self.stories.append(Story(photo, script))
        self.desk = Desk(self.workspace, self.stories[0].photo.parent)
        for story in self.stories[1:]:
            self.library.add_folder(story.photo.parent)
        self._plug(self.stories)
        self.desk.scan()
        for story in self.stories:
            story.photo_id = self.desk.row(story.photo).id

    def play(self, prologue: Sequence[str]) -> None:
        for action in prologue:
            self.act(action, self.stories)
        for step in range(max(len(story.actions) for story in self.stories)):
            for action in ACTIONS:
                turn = [one for one in self.stories if one.actions[step : step + 1] == (action,)]
                if turn:
                    self.act(action, turn)
        for action in ("scan", "write", "scan"):
            self.act(action, self.stories)

    def act(self, action: str, stories: Sequence[Story]) -> None:
        self._plug(stories)
        getattr(self, "_" + action.replace(" ", "_"))(stories)

    def _plug(self, stories: Iterable[Story]) -> None:
        self.workspace.plugged.clear()
        self.workspace.plugged.update(story.photo.parent for story in stories)

    def _confirm(self, stories: Sequence[Story]) -> None:
        self._decide(stories, Verdict.CONFIRMED, "confirm")

    def _reject(self, stories: Sequence[Story]) -> None:
        self._decide(stories, Verdict.REJECTED, "reject")

    def _decide(self, stories: Sequence[Story], verdict: Verdict, action: str) -> None:
        bride = self.library.find_tag("bride").id
        ids = [story.photo_id for story in stories if story.photo_id is not None]
        requests = [DecisionRequest(one, bride, verdict) for one in ids]
        self.library.decide(requests, label=action)
        for story in stories:
            story.verdict = verdict
            story.speak(action)
            story.unseen = None if story.unseen is None else action

    def _write(self, stories: Sequence[Story]) -> None:
        folders = [folder.id for folder in self.workspace.online_folders()]
        waiting = {one.photo_id for one in self.library.next_unwritten(folders, len(stories))}
        assert self.desk.write().failed == []
        self._look([story for story in stories if story.photo_id in waiting])

    def _scan(self, stories: Sequence[Story]) -> None:
        self.desk.scan()
        self._look(stories)

    @staticmethod
    def _look(stories: Sequence[Story]) -> None:
        for story in stories:
            story.looked, story.unseen = story.has_bride, None

    def _add_outside(self, stories: Sequence[Story]) -> None:
        for story in stories:
            if not story.has_bride:
                edit_outside(story.photo, add=(BRIDE,))
                story.change_outside("add outside")

    def _remove_outside(self, stories: Sequence[Story]) -> None:
        for story in stories:
            if story.has_bride:
                edit_outside(story.photo, remove=(BRIDE,))
                story.change_outside("remove outside")

    def _undo_run(self, stories: Sequence[Story]) -> None:
        by_run: dict[int, list[Story]] = defaultdict(list)
        newest = self._newest_runs()
        for story in stories:
            if story.photo_id in newest:
                by_run[newest[story.photo_id]].append(story)
        for run, concerned in by_run.items():
            self._plug(concerned)
            before = {story.photo: story.photo.read_bytes() for story in concerned}
            with suppress(WrongUseError):  # nothing of the run was ever written
                self.desk.undo_run(run)
            for story in concerned:
                if story.photo.read_bytes() != before[story.photo]:
                    story.speak("undo run")
                    story.is_held_by_undo = story.has_bride
                    self._look([story])

    def _newest_runs(self) -> dict[PhotoId | None, int]:
        runs = sorted(run.id for run in self.library.write_runs())
        return {line.photo_id: int(run) for run in runs for line in self.library.run_lines(run)}

    def _crash_before(self, _: Sequence[Story]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tagger.services.writing.jobs.place_change", lambda *_, **__: None)
            self._die_before_storing(patch)

    def _crash_after(self, _: Sequence[Story]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            self._die_before_storing(patch)

    def _die_before_storing(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(type(self.library), "store_written", lambda *_: None)
        self.desk.write()

    def check(self) -> None:
        lost = [(story.actions, why) for story in self.stories for why in self._judge(story)]
        assert lost == []
        assert self.library.check() == "ok"
        assert self.library.planned_lines() == []

    def _judge(self, story: Story) -> list[str]:
        row = self.desk.row(story.photo)
        end = _End(
            story=story,
            has_bride=story.has_bride,
            is_shown=row.file_state is FileState.CONFLICT,
            state={tag.name: tag.state for tag in row.tags}.get("bride"),
        )
        rules = {
            "the picture changed": read_content_id(story.photo) == self.content_id,
            "a keyword of somebody else is gone": "Ana" in keywords(story.photo),
            "something was left behind": len(list(story.photo.parent.iterdir())) == 1,
            "the decision is lost": end.keeps_decision,
            f"not what was said last: {story.last}": end.follows_last_word,
        }
        return [sentence for sentence, is_kept in rules.items() if not is_kept]


@dataclass(frozen=True)
class _End:
    """How a story ended: in the file, on the screen and in the library."""

    story: Story
    has_bride: bool
    is_shown: bool
    state: TagState | None

    @property
    def keeps_decision(self) -> bool:
        wanted = {Verdict.CONFIRMED: TagState.CONFIRMED, Verdict.REJECTED: TagState.REJECTED}
        return self.story.verdict is None or self.state is wanted[self.story.verdict]

    @property
    def follows_last_word(self) -> bool:
        """Whoever spoke last has his way, or a conflict is shown and both sides are kept."""
        story = self.story
        may_ask = self.is_shown and "remove outside" in story.seen
        theirs = "add outside" in story.seen
        is_confirmed = story.verdict is Verdict.CONFIRMED
        return {
            "": not self.has_bride,
            "confirm": self.has_bride or may_ask,
            "reject": not self.has_bride or theirs or self.is_shown,
            "add outside": self.has_bride,
            "remove outside": not self.has_bride and (self.is_shown or not is_confirmed),
            "undo run": self.has_bride is story.is_held_by_undo,
        }[story.last]


ACTS_AFTER = {
    (): ("confirm", "reject", "add outside"),
    ("confirm", "write"): ("reject", "remove outside", "undo run"),
}
"""After each prologue, the first actions that change anything."""
PROLOGUES = list(ACTS_AFTER)
LONGER = {
    (): [("confirm", "crash before", "reject", "add outside")],
    ("confirm", "write"): [("remove outside", "write", "reject", "add outside")],
}
"""What the short ones don't reach and went wrong once."""


def play_all(tmp_path: Path, depth: int, prologue: tuple[str, ...]) -> None:
    """Sequences that end with what the epilogue does anyway are left out."""
    scripts = [
        (first, *rest)
        for first in ACTS_AFTER[prologue]
        for rest in product(ACTIONS, repeat=depth - 1)
        if rest[-1] not in {"scan", "write", "crash before", "crash after"}
        and not any(one == two for one, two in pairwise((first, *rest)))
    ]
    scripts += LONGER[prologue] if depth < 4 else []
    theatre = Theatre(tmp_path / "home", tmp_path / "photos", scripts)
    try:
        theatre.play(prologue)
        theatre.check()
    finally:
        theatre.workspace.library.close()


@pytest.mark.parametrize("prologue", PROLOGUES)
def test_no_short_sequence_loses_a_decision(tmp_path: Path, prologue: tuple[str, ...]) -> None:
    play_all(tmp_path, 3, prologue)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("prologue", PROLOGUES)
def test_no_longer_sequence_loses_a_decision(tmp_path: Path, prologue: tuple[str, ...]) -> None:
    play_all(tmp_path, 4, prologue)
