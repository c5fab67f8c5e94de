"""Folders and what was found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import folders, mounts, scanning
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from tagger.core.changes import Changes
    from tagger.core.ids import ContentId, FolderId
    from tagger.core.photo import ScannedPhoto, Stamp
    from tagger.library.records import Folder


class IndexingPart(Part):
    """The folders that are watched, and the files in them."""

    def add_folder(self, path: Path) -> Folder:
        """Watch a folder. One that was removed comes back with its photos and decisions.

        Raises:
            WrongUseError: it lies inside a folder of the library or around one.
        """
        with self._store.writing() as db:
            return folders.add_folder(db, path, self._now())

    def relocate_folder(self, folder_id: FolderId, path: Path) -> Changes:
        """The same folder is found at another path now; its photos keep everything.

        Raises:
            WrongUseError: the path lies inside another folder of the library, around one, or was
                one.
        """
        with self._store.writing() as db:
            return folders.relocate_folder(db, folder_id, path)

    def remove_folder(self, folder_id: FolderId) -> Changes:
        """Hide a folder and its photos. Nothing is deleted; every decision is kept."""
        with self._store.writing() as db:
            return folders.remove_folder(db, folder_id, self._now())

    def folders(self) -> list[Folder]:
        """The folders that are watched, in the order of their paths."""
        with self._store.reading() as db:
            return folders.list_folders(db)

    def mounted_dirs(self, folder_id: FolderId) -> set[str]:
        """Where drives were below a folder when it was last looked through."""
        with self._store.reading() as db:
            return mounts.read_mounts(db, folder_id)

    def store_mounted_dirs(self, folder_id: FolderId, dirs: Collection[str]) -> None:
        """Note where drives are below a folder, in place of what was noted before."""
        with self._store.writing() as db:
            mounts.store_mounts(db, folder_id, dirs)

    def known_files(self, folder_id: FolderId) -> dict[str, Stamp]:
        """Relative path and stamp of each file that is not missing."""
        with self._store.reading() as db:
            return scanning.list_known_files(db, folder_id)

    def known_sidecars(self, folder_id: FolderId) -> dict[str, str]:
        """Relative path and sidecar stamps of each present file that had sidecars when read."""
        with self._store.reading() as db:
            return scanning.list_known_sidecars(db, folder_id)

    def present_files(self, contents: Collection[ContentId]) -> dict[FolderId, list[str]]:
        """Relative paths of the files that show these pictures and are not missing, by folder."""
        with self._store.reading() as db:
            return scanning.list_present_files(db, contents)

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
