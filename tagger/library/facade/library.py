"""Opening and closing the library, and all its parts as one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from tagger.library.facade.collecting import CollectingPart
from tagger.library.facade.deciding import DecidingPart
from tagger.library.facade.indexing import IndexingPart
from tagger.library.facade.journal import JournalPart
from tagger.library.facade.preparing import PreparingPart
from tagger.library.facade.reading import ReadingPart
from tagger.library.facade.rescoring import RescoringPart
from tagger.library.facade.searching import SearchingPart
from tagger.library.facade.tagging import TaggingPart
from tagger.library.facade.upkeep import UpkeepPart
from tagger.library.facade.writing import WritingPart
from tagger.library.features import FeatureStore
from tagger.library.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType


_PATIENCE_MS = 120_000
"""How long to wait for another program. Putting a classifier in use stores the scores of the whole
library in one go, which takes a minute for 200,000 photos; a decision made meanwhile must wait for
that and not fail."""


def _read_clock() -> datetime:
    return datetime.now(UTC)


class Library(
    IndexingPart,
    TaggingPart,
    RescoringPart,
    DecidingPart,
    ReadingPart,
    WritingPart,
    JournalPart,
    SearchingPart,
    CollectingPart,
    PreparingPart,
    UpkeepPart,
):
    """The index of photos, tags and decisions in one home folder.

    Safe to use from any thread; writers wait for each other. Every method raises `LibraryError`
    when the index can't be used: damaged, locked by another program, or on a full disk.
    """

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        now: Callable[[], datetime] = _read_clock,
        busy_timeout_ms: int = _PATIENCE_MS,
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
