"""The one door to the library. The work is done in the modules by subject."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from tagger.core.query import Sort
from tagger.core.tag import Source
from tagger.library import (
    browsing,
    counting,
    deciding,
    folders,
    models,
    photos,
    scanning,
    searching,
    settings,
    tagging,
    tags,
    undoing,
    writing,
)
from tagger.library.features import FeatureStore
from tagger.library.found_ids import Scope
from tagger.library.opening import open_store
from tagger.library.upkeep import check_database

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from tagger.core.changes import Changes
    from tagger.core.ids import FolderId, ModelId, PhotoId
    from tagger.core.photo import FileState, ScannedPhoto, Stamp
    from tagger.core.query import Query
    from tagger.core.tag import Tag
    from tagger.library.browsing import PictureFile, ShootCount
    from tagger.library.records import (
        DecisionRequest,
        Folder,
        HistoryLine,
        LibrarySummary,
        ModelRecord,
        ModelRow,
        PendingWrite,
        PhotoRow,
        PhotoToTag,
        ScoredPhoto,
        UndoneBatch,
    )
    from tagger.library.store import Store


def _read_clock() -> datetime:
    return datetime.now(UTC)


class Library:
    """The index of photos, tags and decisions in one home folder.

    Safe to use from any thread; writers wait for each other. Every method raises `LibraryError`
    when the index can't be used: damaged, locked by another program, or on a full disk.
    """

    def __init__(self, store: Store, features: FeatureStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._features = features
        self._now = now

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        now: Callable[[], datetime] = _read_clock,
        busy_timeout_ms: int = 10_000,
    ) -> Self:
        """Open the library in `home`; create, migrate and back it up as needed.

        `busy_timeout_ms` is how long to wait for another program that is writing.

        Raises:
            LibraryError: damaged, from a newer version, locked, or the disk refuses.
        """
        store = open_store(home, now, busy_timeout_ms)
        return cls(store, FeatureStore(home / "features.db", busy_timeout_ms), now)

    def close(self) -> None:
        """Close every thread's connection, after running calls have ended. Safe to repeat."""
        self._store.close()
        self._features.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def version(self) -> int:
        """The version of the library's format."""
        with self._store.reading() as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])

    def check(self) -> str:
        """`ok`, or what is wrong with the index, line by line. Takes seconds on a big one."""
        with self._store.reading() as db:
            return check_database(db)

    # Folders

    def add_folder(self, path: Path) -> Folder:
        """Watch a folder. One that was removed comes back with its photos and decisions.

        Raises:
            WrongUseError: it lies inside a folder of the library or around one.
        """
        with self._store.writing() as db:
            return folders.add_folder(db, path, self._now())

    def remove_folder(self, folder_id: FolderId) -> Changes:
        """Hide a folder and its photos. Nothing is deleted; every decision is kept."""
        with self._store.writing() as db:
            return folders.remove_folder(db, folder_id, self._now())

    def folders(self) -> list[Folder]:
        """The folders that are watched, in the order of their paths."""
        with self._store.reading() as db:
            return folders.list_folders(db)

    # Scanning

    def known_files(self, folder_id: FolderId) -> dict[str, Stamp]:
        """Relative path and stamp of each file that is not missing."""
        with self._store.reading() as db:
            return scanning.list_known_files(db, folder_id)

    def store_scan(self, folder_id: FolderId, found: Sequence[ScannedPhoto]) -> Changes:
        """Store files that are new or changed.

        Report what has vanished first (`mark_missing`): a new path with the content of a missing
        file is that photo, moved, and keeps its decisions. A changed picture at a known path keeps
        its decisions too, unless its content or capture time shows that another photo took the
        name. Photos that change together (a renumbered folder) should come in one call.
        """
        return scanning.store_scan(self._store, folder_id, found, self._now())

    def mark_missing(self, folder_id: FolderId, rel_paths: Collection[str]) -> Changes:
        """These files are gone from a folder that is there. Their decisions are kept."""
        return scanning.mark_missing(self._store, folder_id, rel_paths, self._now())

    # Classifiers and classes

    def register_model(self, model: ModelRecord) -> ModelId:
        """Use this classifier from now on; create the classes that are missing.

        With a fingerprint other than before, photos wait for the classifier again.
        """
        with self._store.writing() as db:
            return models.register_model(db, model, self._now())

    def models(self) -> list[ModelRow]:
        """Every classifier that was ever in use, the newest first."""
        with self._store.reading() as db:
            return models.list_models(db)

    def tags(self) -> list[Tag]:
        """Every class, in the order in which they came."""
        with self._store.reading() as db:
            return tags.list_tags(db)

    def find_tag(self, name: str) -> Tag:
        """The class of this name, in any spelling.

        Raises:
            WrongUseError: there is none; the sentence offers near ones.
        """
        with self._store.reading() as db:
            return tags.find_tag(db, name)

    def add_tag(self, name: str, keyword_path: Sequence[str]) -> Tag:
        """Create a class; one of this name in any spelling is returned as it is."""
        with self._store.writing() as db:
            return tags.add_tag(db, name, keyword_path)

    # Tagging

    def count_untagged(self, folder_ids: Collection[FolderId]) -> int:
        """How many photos of these folders wait for the classifier."""
        with self._store.reading() as db:
            return tagging.count_untagged(db, folder_ids)

    def next_untagged(
        self, folder_ids: Collection[FolderId], limit: int, *, exclude: Collection[PhotoId] = ()
    ) -> list[PhotoToTag]:
        """Photos that wait for the classifier; `exclude` are those already on their way."""
        with self._store.reading() as db:
            return tagging.list_untagged(db, folder_ids, limit, exclude)

    def store_scores(self, model_id: ModelId, scored: Sequence[ScoredPhoto]) -> Changes:
        """Store scores and feature vectors; decisions are not touched."""
        return tagging.store_scores(self._store, self._features, model_id, scored)

    def load_features(self, backbone: str, photo_ids: Collection[PhotoId]) -> dict[PhotoId, bytes]:
        """The stored feature vectors of these photos, float16 as bytes."""
        return tagging.load_features(self._store, self._features, backbone, photo_ids)

    def store_error(self, photo_id: PhotoId, sentence: str) -> Changes:
        """This photo can't be read; it leaves the queue until it changes or errors are cleared."""
        with self._store.writing() as db:
            return tagging.store_error(db, photo_id, sentence)

    def clear_errors(self) -> int:
        """Forget every error, so that the next scan reads these files again. Returns how many."""
        with self._store.writing() as db:
            return tagging.clear_errors(db)

    # Deciding

    def decide(
        self, requests: Sequence[DecisionRequest], *, label: str, source: Source = Source.USER
    ) -> Changes:
        """Store decisions as one batch that undo takes back at once.

        Those that change nothing leave no trace. A decision holds for every file of the exposure.
        What was read from a file itself (`Source.FILE`) needs no writing to that file.

        Raises:
            WrongUseError: a photo or class that is not in the library.
        """
        with self._store.writing() as db:
            return deciding.decide(db, requests, label, source, self._now())

    def undo(self) -> UndoneBatch | None:
        """Take back the newest batch of the user that is not undone; None when there is none."""
        with self._store.writing() as db:
            return undoing.undo(db)

    def redo(self) -> UndoneBatch | None:
        """Bring back what undo took back last; None when there is nothing. A decision ends it."""
        with self._store.writing() as db:
            return undoing.redo(db)

    # Reading

    def find_photo(self, path: Path) -> PhotoRow:
        """The photo of this absolute path; for a RAW companion the photo that speaks for it.

        Raises:
            WrongUseError: it is not in the library.
        """
        with self._store.reading() as db:
            return photos.find_photo(db, path)

    def photo_rows(self, ids: Sequence[PhotoId]) -> list[PhotoRow]:
        """Rows in the order of `ids`; unknown ones are left out."""
        with self._store.reading() as db:
            return photos.read_photo_rows(db, ids)

    def scores(self, photo_id: PhotoId) -> dict[str, float]:
        """The score of each class, best first; empty before the classifier has seen the photo."""
        with self._store.reading() as db:
            return photos.read_scores(db, photo_id)

    def history(self, photo_id: PhotoId) -> list[HistoryLine]:
        """Every decision ever made on this exposure, the newest first."""
        with self._store.reading() as db:
            return photos.read_history(db, photo_id)

    def file_keywords(self, photo_id: PhotoId) -> tuple[str, ...]:
        """What the file held when it was last seen."""
        with self._store.reading() as db:
            return photos.read_file_keywords(db, photo_id)

    # Browsing

    def picture_files(self, ids: Sequence[PhotoId]) -> dict[PhotoId, PictureFile]:
        """The file behind each photo and the key of its picture; unknown ids are left out."""
        with self._store.reading() as db:
            return browsing.list_picture_files(db, ids)

    def number_shoots(self) -> tuple[list[int], list[str]]:
        """The shoot of every photo as a number, at the place of the photo's id; and their names."""
        with self._store.reading() as db:
            return browsing.number_shoots(db)

    def count_shoots(self) -> list[ShootCount]:
        """Every shoot in every folder with its number of photos, by name."""
        with self._store.reading() as db:
            return browsing.count_shoots(db)

    # Writing

    def count_unwritten(self, folder_ids: Collection[FolderId]) -> int:
        """How many files of these folders wait for their keywords."""
        with self._store.reading() as db:
            return writing.count_unwritten(db, folder_ids)

    def next_unwritten(
        self, folder_ids: Collection[FolderId], limit: int, *, after: PhotoId | None = None
    ) -> list[PendingWrite]:
        """Files to write now, by rising id from the one after `after`.

        Notes what may be added to each, so that it is known as ours even after a crash.
        """
        with self._store.writing() as db:
            writing.claim_unwritten(db, folder_ids, limit, after)
            return writing.list_unwritten(db, folder_ids, limit, after)

    def preview_unwritten(
        self, folder_ids: Collection[FolderId], limit: int, *, after: PhotoId | None = None
    ) -> list[PendingWrite]:
        """The same files for looking at alone: nothing is noted."""
        with self._store.reading() as db:
            return writing.list_unwritten(db, folder_ids, limit, after)

    def store_written(
        self,
        photo_id: PhotoId,
        *,
        tag_rev: int,
        stamp: Stamp,
        keywords_in_file: Iterable[str],
        ours: Iterable[str],
    ) -> None:
        """A file now holds what was planned as `PendingWrite.tag_rev`.

        Decisions made meanwhile keep the photo in the queue. `ours` are all keywords in the file
        that we put there, now or earlier.
        """
        with self._store.writing() as db:
            written = writing.WrittenFile(
                photo_id, tag_rev, stamp, tuple(keywords_in_file), tuple(ours)
            )
            writing.store_written(db, written)

    def store_write_problem(self, photo_id: PhotoId, state: FileState, sentence: str) -> Changes:
        """Writing did not work; the file stays in the queue and shows why."""
        with self._store.writing() as db:
            return writing.store_write_problem(db, photo_id, state, sentence)

    # Settings

    def setting(self, key: str) -> str | None:
        """A stored setting, None where it was never changed."""
        with self._store.reading() as db:
            return settings.read_setting(db, key)

    def change_setting(self, key: str, value: str | None) -> Changes:
        """Store a setting; None forgets it.

        `write.predictions_from` (a score, 0..1) makes predictions from that score on part of what
        is written to files; photos that this concerns wait for writing.

        Raises:
            WrongUseError: the value is none that this setting can have.
        """
        with self._store.writing() as db:
            return writing.change_setting(db, key, value)

    # Searching

    def find(
        self,
        query: Query | None,
        *,
        sort: Sort = Sort.TAKEN,
        limit: int | None = None,
        folder_ids: Collection[FolderId] | None = None,
        offline: Collection[FolderId] = (),
    ) -> list[PhotoId]:
        """Ids of the photos that fit; None finds all.

        Missing photos are found only by a search that asks for them (`is:missing`). `offline` are
        the folders whose drive is away, for `is:offline`.

        Raises:
            WrongUseError: a class or photo in the search is not in the library.
        """
        order = searching.Order(sort, limit)
        scope = Scope(folder_ids, offline, self._features)
        with self._store.reading() as db:
            return searching.find_photos(db, query, order, scope)

    def count_by_class(
        self,
        query: Query | None = None,
        *,
        folder_ids: Collection[FolderId] | None = None,
        offline: Collection[FolderId] = (),
    ) -> dict[str, int]:
        """For each class the number of photos that have it, of those that fit the search."""
        scope = Scope(folder_ids, offline, self._features)
        with self._store.reading() as db:
            return counting.count_by_class(db, query, scope)

    def summary(self, *, offline: Collection[FolderId] = ()) -> LibrarySummary:
        """The library in numbers; `offline` are the folders whose drive is away."""
        scope = Scope(None, offline, self._features)
        with self._store.reading() as db:
            return counting.summarize(db, scope)

    def failures(self) -> list[tuple[Path, str]]:
        """Each file that could not be read or written, with one sentence, by path."""
        with self._store.reading() as db:
            return counting.list_failures(db)
