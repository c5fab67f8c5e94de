"""What goes into the library and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.photo import FileState
from tagger.core.rating import NO_RATING_CHANGE, RatingChange

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tagger.core.changes import Changes
    from tagger.core.ids import ContentId, FolderId, ModelId, PhotoId, TagId
    from tagger.core.photo import Stamp
    from tagger.core.tag import PhotoTag, Source, Verdict


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that the library watches, with everything below it.

    Attributes:
        has_photos: the library knows photos in it, so an empty folder means an absent drive.
    """

    id: FolderId
    path: Path
    has_photos: bool = False


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """A class of a classifier. `threshold` 0..1: from this score on a prediction is a tag."""

    name: str
    keyword_path: tuple[str, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A classifier about to be used.

    Attributes:
        fingerprint: differs whenever the same photo could get other scores.
        backbone: differs whenever the same photo could get another feature vector.
    """

    name: str
    fingerprint: str
    backbone: str
    classes: tuple[ClassRecord, ...]


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A classifier that the library knows."""

    id: ModelId
    name: str
    fingerprint: str
    backbone: str
    added_at: datetime
    is_in_use: bool


@dataclass(frozen=True, slots=True)
class PhotoToTag:
    """A photo that waits for the classifier. `path` is absolute."""

    id: PhotoId
    path: Path
    content_id: ContentId


@dataclass(frozen=True, slots=True)
class ScoredPhoto:
    """What the classifier says of one photo.

    Attributes:
        scores: 0..1 for each class of the model.
        feature: float16 feature vector as bytes, little-endian; None to store none.
        content_id: of the picture that was scored (`PhotoToTag.content_id`). When the file has
            become another picture meanwhile, the photo stays in the queue.
    """

    photo_id: PhotoId
    scores: Mapping[TagId, float]
    feature: bytes | None = None
    content_id: ContentId | None = None


@dataclass(frozen=True, slots=True)
class DecidedPhoto:
    """A photo that somebody decided on.

    Attributes:
        path: absolute; the file may be gone.
        shoot: the same text for photos of one shoot; empty where none is known.
        has_tag: class name to whether the photo has it; classes nobody decided on are not there.
    """

    id: PhotoId
    path: Path
    content_id: ContentId
    shoot: str
    has_tag: dict[str, bool]


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """One decision to store. `verdict` None takes an earlier decision back."""

    photo_id: PhotoId
    tag_id: TagId
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class FileKeyword:
    """A keyword that other programs put into files.

    Attributes:
        key: what its spellings have in common.
        text: as most files spell it, a path with `|`.
        photos: how many have it.
    """

    key: str
    text: str
    photos: int


@dataclass(frozen=True, slots=True)
class UndoneBatch:
    """What undo or redo did: the label of the batch and what it changed."""

    label: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One decision on one photo, as it was made.

    Attributes:
        verdict: None where a decision was taken back.
        score: of the model in use at that moment, None where it had none.
        is_undone: undo took it back, so it no longer counts.
    """

    decided_at: datetime
    label: str
    source: Source
    tag: str
    verdict: Verdict | None
    score: float | None
    is_undone: bool


@dataclass(frozen=True, slots=True)
class RatingLine:
    """Stars or a label that a person gave one photo, as it was.

    Attributes:
        label: of the step, in words: `4 stars`.
        is_undone: undo took it back, so it no longer counts.
    """

    rated_at: datetime
    label: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo with all that a grid, a panel or a command shows.

    Attributes:
        path: absolute.
        file_state, write_error: of the file that is worst off, the companions included.
        tags: effective tags and rejected ones, best score first.
        companions: RAW files of the same exposure; they share the tags.
    """

    id: PhotoId
    path: Path
    folder_id: FolderId
    taken_at: datetime | None
    camera: str | None
    width: int | None
    height: int | None
    rating: int | None
    label: str | None
    shoot: str
    error: str | None
    is_missing: bool
    needs_tags: bool
    file_state: FileState = FileState.IN_STEP
    write_error: str | None = None
    tags: tuple[PhotoTag, ...] = ()
    companions: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What a file holds after writing.

    Attributes:
        tag_rev: `PendingWrite.tag_rev` as it was planned.
        stamp, sidecars: of the photo and its sidecars, as the next scan sees them; of a photo that
            another program changed since the last scan the stamp of then, so that it is read whole.
        keywords_before: what the files held right before.
        keywords: what they hold now.
        ours: all keywords in them that we put there, now or earlier.
        rating: what they say now of stars and label, in the fields that were planned.
        in_file: what they say of stars and label in all fields; another program may have said it.
        content_id: of the file now, None where writing did not change it.
    """

    photo_id: PhotoId
    tag_rev: int
    stamp: Stamp
    keywords_before: tuple[str, ...]
    keywords: tuple[str, ...]
    ours: tuple[str, ...]
    rating: RatingChange = NO_RATING_CHANGE
    in_file: RatingChange = NO_RATING_CHANGE
    sidecars: str = ""
    content_id: ContentId | None = None


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """The library in numbers.

    Attributes:
        photos: photos present; a RAW and JPEG of one exposure are one.
        tagged: photos that the model in use has gone over.
        failed: files that could not be read or written.
        pending_writes: files that wait for their keywords.
        offline: photos whose drive is away.
    """

    photos: int
    tagged: int
    failed: int
    pending_writes: int
    offline: int


@dataclass(frozen=True)
class Doubt:
    """A class on a photo that nobody has decided on.

    Attributes:
        score, threshold: 0..1; near each other the classifier is unsure.
    """

    photo_id: PhotoId
    name: str
    score: float
    threshold: float


@dataclass(frozen=True)
class BlindChecks:
    """Sure predictions that people decided on without knowing that they were sure ones."""

    right: int
    decided: int
