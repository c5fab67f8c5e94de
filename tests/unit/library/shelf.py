"""A library with one folder and a classifier, spoken to in few words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.ids import ContentId, PhotoId
from tagger.core.keywords import keyword_key
from tagger.core.photo import Capture, ScannedPhoto, Stamp
from tagger.core.tag import Source, TagState, Verdict
from tagger.library import (
    ClassRecord,
    DecisionRequest,
    FileChange,
    Library,
    ModelRecord,
    PhotoRow,
    PlannedPhoto,
    ScoredPhoto,
    WrittenFile,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagger.core.changes import Changes
    from tagger.core.ids import FolderId, ModelId

NOON = datetime(2026, 6, 20, 12, tzinfo=UTC)
TAKEN = datetime(2026, 6, 20, 15, 4, 5)  # noqa: DTZ001 -- a camera's clock
ROOT = Path("/photos").absolute()
CHANGE = FileChange(ROOT / "1.jpg", "before", "after", b"delta")

MODEL = ModelRecord(
    name="first",
    fingerprint="f1",
    backbone="b1",
    classes=(
        ClassRecord("bride", ("Wedding", "Bride"), 0.5),
        ClassRecord("bouquet", ("Wedding", "Bouquet"), 0.5),
        ClassRecord("reception_room", ("Wedding", "Reception Room"), 0.7),
    ),
)


def picture(
    rel_path: str,
    content: str | None = None,
    *,
    taken_at: datetime | None = None,
    keywords: Iterable[str] = (),
    rating: int | None = None,
    camera: str | None = None,
    error: str | None = None,
    stamp: int = 1,
) -> ScannedPhoto:
    """A file as the scan reports it; its content is its name where nothing else is said."""
    content_id = None if error is not None else ContentId(content or rel_path)
    return ScannedPhoto(
        rel_path=rel_path,
        stamp=Stamp(stamp, stamp),
        content_id=content_id,
        capture=Capture(taken_at, camera),
        keywords=tuple(keywords),
        rating=rating,
        error=error,
    )


@dataclass
class Clock:
    """A clock that ticks a second each time somebody looks."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Shelf:
    """The library under test, with the folder `/photos`, which needs no disk."""

    library: Library
    folder_id: FolderId = field(init=False)
    model_id: ModelId = field(init=False)

    def __post_init__(self) -> None:
        self.folder_id = self.library.add_folder(ROOT).id
        self.model_id = self.library.register_model(MODEL)

    def scan(self, *found: ScannedPhoto, gone: Iterable[str] = ()) -> Changes:
        """What the service does: first what is gone, then what is there."""
        changes = self.library.mark_missing(self.folder_id, list(gone))
        return changes | self.library.store_scan(self.folder_id, found)

    def score(self, scores: Mapping[str, Mapping[str, float]]) -> Changes:
        """Scores by path and class."""
        tags = {tag.name: tag.id for tag in self.library.tags()}
        return self.library.store_scores(
            self.model_id,
            [
                ScoredPhoto(
                    self.row(path).id, {tags[name]: value for name, value in of_photo.items()}
                )
                for path, of_photo in scores.items()
            ],
        )

    def decide(
        self,
        rel_path: str,
        verdict: Verdict | None,
        name: str = "bride",
        source: Source = Source.USER,
    ) -> Changes:
        """One decision on the photo at a path."""
        request = DecisionRequest(self.row(rel_path).id, self.library.find_tag(name).id, verdict)
        return self.library.decide([request], label=f"{name} {verdict}", source=source)

    def row(self, rel_path: str) -> PhotoRow:
        """The photo at a path, or the one that leads it."""
        return self.library.find_photo(ROOT / rel_path)

    def states(self, rel_path: str) -> dict[str, TagState]:
        """Class to state of the photo at a path."""
        return {tag.name: tag.state for tag in self.row(rel_path).tags}

    def shown(self) -> list[str]:
        """Relative paths of all photos that are found, by name."""
        rows = self.library.photo_rows(self.library.find(None))
        return sorted(row.path.relative_to(ROOT).as_posix() for row in rows)

    def pending(self) -> list[str]:
        """Relative paths of the files that wait for writing, by name."""
        waiting = self.library.next_unwritten([self.folder_id], 1000)
        return sorted(write.path.relative_to(ROOT).as_posix() for write in waiting)

    def untagged(self) -> list[str]:
        """Relative paths of the photos that wait for the classifier, by name."""
        waiting = self.library.next_untagged([self.folder_id], 1000)
        assert self.library.count_untagged([self.folder_id]) == len(waiting)
        return sorted(photo.path.relative_to(ROOT).as_posix() for photo in waiting)

    def write(self, rel_path: str) -> None:
        """What the service does for one file: it now holds what was wanted."""
        for waiting in self.library.next_unwritten([self.folder_id], 1000):
            if waiting.path != ROOT / rel_path:
                continue
            wanted = {"|".join(path): path[-1] for path in waiting.wanted}
            unwanted = {
                text
                for path in waiting.ours
                if path not in wanted
                for text in (path, path.split("|")[-1])
            }
            kept = [text for text in waiting.base if text not in unwanted]
            held = set(map(keyword_key, waiting.base))
            ours = tuple(
                path
                for path, leaf in wanted.items()
                if path in waiting.ours or held.isdisjoint({keyword_key(path), keyword_key(leaf)})
            )
            self.library.store_planned(
                self.library.begin_run(),
                [PlannedPhoto(waiting.photo_id, waiting.path, (CHANGE,), ours)],
            )
            self.library.store_written(
                [
                    WrittenFile(
                        PhotoId(waiting.photo_id),
                        tag_rev=waiting.tag_rev,
                        stamp=Stamp(99, 99),
                        keywords_before=waiting.base,
                        keywords=(*kept, *wanted, *wanted.values()),
                        ours=ours,
                    )
                ]
            )
