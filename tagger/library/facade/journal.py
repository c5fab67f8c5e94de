"""The journal of writing: runs, what they did to files, and what is left of a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.library import journal, left_alone, recovering, written_keywords
from tagger.library.effective import bump_revision, settle_files
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from tagger.core.ids import PhotoId, RunId
    from tagger.library.journal_records import CrashFinding, JournalLine, PlannedPhoto, RunRow


class JournalPart(Part):
    """What was written to files, so that it can be taken back."""

    def begin_run(self, *, undoes: RunId | None = None) -> RunId:
        """A new run of writing. Runs older than a year, or beyond 256 MB in all, are forgotten."""
        with self._store.writing() as db:
            return journal.begin_run(db, self._now(), undoes)

    def store_planned(self, run_id: RunId, photos: Sequence[PlannedPhoto]) -> None:
        """Note what is about to be written; on the disk when this returns."""
        with self._store.writing() as db:
            journal.add_lines(db, run_id, photos)

    def write_runs(self) -> list[RunRow]:
        """The runs that the journal keeps, the newest first."""
        with self._store.reading() as db:
            return journal.list_runs(db)

    def run_lines(self, run_id: RunId) -> list[JournalLine]:
        """Every file that a run wrote, in the order of writing."""
        with self._store.reading() as db:
            return journal.list_lines(db, run_id)

    def planned_lines(self) -> list[JournalLine]:
        """What was about to be written when the program ended."""
        with self._store.reading() as db:
            return journal.list_planned(db)

    def settle_lines(self, finding: CrashFinding) -> None:
        """Close lines of a crash as the files were found."""
        with self._store.writing() as db:
            renamed = recovering.settle_lines(db, finding)
        self._features.carry_over(renamed)

    def follow_pictures(self, photo_ids: Collection[PhotoId]) -> None:
        """What is known of these pictures stays known, though their files were written just now.

        Call it before what the files hold is stored (`store_scan`), which takes a file of another
        content for another picture.
        """
        with self._store.writing() as db:
            renamed = recovering.follow_pictures(db, photo_ids)
        self._features.carry_over(renamed)

    def store_undone(self, lines: Sequence[JournalLine]) -> Changes:
        """Photos' files are as they were before a run, and stay so for now; one line a photo.

        Call it when what the files hold is stored (`store_scan`). What was decided since a line
        was noted counts.
        """
        with self._store.writing() as db:
            for line in lines:
                recovering.store_undone(db, line)
        return Changes(frozenset(line.photo_id for line in lines), tags=True)

    def our_keywords(self, photo_id: PhotoId) -> tuple[str, ...]:
        """Keywords in the photo's files that we put there."""
        with self._store.reading() as db:
            return written_keywords.read_ours(db, photo_id)

    def replace_ours(self, ours: Mapping[PhotoId, Iterable[str]]) -> None:
        """Exactly these keywords in the photos' files are ours."""
        with self._store.writing() as db:
            for photo_id, keywords in ours.items():
                written_keywords.replace_ours(db, photo_id, keywords)

    def write_again(self, photo_ids: Collection[PhotoId]) -> Changes:
        """What undoing a run left alone in these files waits for writing again."""
        with self._store.writing() as db:
            again = left_alone.write_again(db, photo_ids)
            bump_revision(db, again)
            settle_files(db, again)
        return Changes(frozenset(again))
