"""Keeping the library whole and small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import backups, keyword_owners, upkeep
from tagger.library.facade.part import Part
from tagger.library.migrations import read_first_day

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import PhotoId, TagId


class UpkeepPart(Part):
    """Checking, copying, making smaller, and what is needed to get decisions back."""

    @property
    def version(self) -> int:
        """The version of the library's format."""
        with self._store.reading() as db:
            return int(db.execute("PRAGMA user_version").fetchone()[0])

    def check(self) -> str:
        """`ok`, or what is wrong with the index, line by line. Takes seconds on a big one."""
        with self._store.reading() as db:
            return upkeep.check_database(db)

    def back_up(self) -> Path:
        """Copy the library to today's backup, in place of the one of this day, and check it."""
        with self._store.reading() as db:
            day = self._now().astimezone().date()
            return backups.back_up(db, self._store.path.parent, day)

    def back_up_when_due(self) -> None:
        """Make today's backup where there is none yet: the library may be open for days.

        On the day a library is made there is little to keep; the next time it is opened will do.
        """
        day = self._now().astimezone().date()
        if backups.has_backup_of(self._store.path.parent, day):
            return
        with self._store.reading() as db:
            if read_first_day(db) < day:
                backups.back_up(db, self._store.path.parent, day)

    def copy_to(self, target: Path) -> None:
        """Copy the library, as it is at this moment, to a file, and check the copy."""
        with self._store.reading() as db:
            backups.copy_library(db, target, self._store.path)

    def compact(self) -> None:
        """Give space back that nothing uses, and forget features of pictures it doesn't know."""
        with self._store.reading() as db:
            contents = upkeep.list_contents(db)
        self._features.keep_only(contents)
        with self._store.undisturbed() as db:
            upkeep.vacuum(db)

    def picture_keys(self) -> list[str]:
        """`PictureFile.key` of every photo that the library knows, on absent drives too."""
        with self._store.reading() as db:
            return upkeep.list_picture_keys(db)

    def keyword_tags(self, *, may_be_predicted: bool) -> set[tuple[PhotoId, TagId]]:
        """Photos and classes that a keyword in the photo's file names and that we did not write.

        Unless `may_be_predicted`, classes are left out that the settings let us write unasked,
        since nobody need have decided.
        """
        with self._store.reading() as db:
            return keyword_owners.list_keyword_tags(db, may_be_predicted=may_be_predicted)
