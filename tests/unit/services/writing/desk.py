"""A library with small real photos on a real disk, decided and written without a classifier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.core.rating import NO_RATING_CHANGE, RatingChange
from tagger.core.tag import Verdict
from tagger.library import ClassRecord, DecisionRequest, ModelRecord, PhotoRow
from tagger.metadata import KeywordChange, find_sidecars, plan_edits, read_metadata
from tagger.services.indexing import ScanResult, scan_library
from tagger.services.journal_undo import UndoResult, undo_run
from tagger.services.writing.running import WriteResult, write_pending

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import ModelId
    from tagger.core.progress import Progress
    from tagger.services.workspace import Workspace

_TICKS = count()
CLASSES = ("bride", "bouquet", "cake")


def ignore(_: Progress) -> None:
    """Nobody looks at the progress."""


@dataclass
class Desk:
    """What a photographer does, in few words."""

    workspace: Workspace
    folder: Path
    waits: list[float] = field(default_factory=list)
    model_id: ModelId = field(init=False)

    def __post_init__(self) -> None:
        self.workspace.library.add_folder(self.folder)
        classes = tuple(ClassRecord(name, ("Wedding", name.title()), 0.5) for name in CLASSES)
        self.model_id = self.workspace.library.register_model(ModelRecord("m", "f", "b", classes))

    def scan(self) -> ScanResult:
        return scan_library(self.workspace, CancelToken(), ignore)

    def decide(self, path: Path, verdict: Verdict | None, name: str = "bride") -> None:
        library = self.workspace.library
        request = DecisionRequest(self.row(path).id, library.find_tag(name).id, verdict)
        library.decide([request], label=f"{name} {verdict}")

    def confirm(self, path: Path, *names: str) -> None:
        for name in names or ("bride",):
            self.decide(path, Verdict.CONFIRMED, name)

    def write(self) -> WriteResult:
        return write_pending(self.workspace, CancelToken(), ignore, wait=self.waits.append)

    def undo_run(self, run: int | None) -> UndoResult:
        assert run is not None
        return undo_run(self.workspace, run, CancelToken(), ignore)

    def row(self, path: Path) -> PhotoRow:
        return self.workspace.library.find_photo(path)

    def pending(self) -> int:
        folders = [folder.id for folder in self.workspace.library.folders()]
        return self.workspace.library.count_unwritten(folders)


def keywords(path: Path) -> set[str]:
    """Full paths and flat keywords that are no last name of one."""
    held = read_metadata(path, sidecars=find_sidecars(path))
    leaves = {names[-1] for names in held.paths}
    return {"|".join(names) for names in held.paths} | (set(held.keywords) - leaves)


def edit_outside(
    path: Path,
    *,
    add: tuple[str, ...] = (),
    remove: tuple[str, ...] = (),
    rating: RatingChange = NO_RATING_CHANGE,
) -> None:
    """Another program changes keywords, stars or label, without any care."""
    change = KeywordChange(
        add=tuple(tuple(text.split("|")) for text in add),
        remove=tuple(tuple(text.split("|")) for text in remove),
        rating=rating,
    )
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_TICKS))
    for edit in plan_edits(path, change, now=now):
        edit.path.write_bytes(edit.after)
