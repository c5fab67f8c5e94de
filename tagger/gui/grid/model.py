"""The photos of the current search as a Qt model: ids alone, rows when they are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tagger.core.photo import FileState
from tagger.core.tag import TagState
from tagger.gui.grid.rows import RowPages
from tagger.gui.text import class_title
from tagger.services.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.library import PhotoRow

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PhotoModel(QAbstractListModel):
    """Photos in the order of a listing.

    Attributes:
        listing: what is shown: ids and sections.
    """

    def __init__(
        self,
        fetch: Callable[[Sequence[PhotoId]], list[PhotoRow]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.listing = Listing()
        self._rows = RowPages(fetch)

    def show_listing(self, listing: Listing) -> None:
        """Replace everything; costs the same for one photo and for a million."""
        self.beginResetModel()
        self.listing = listing
        self._rows.reset(listing.ids)
        self.endResetModel()

    def refresh(self, changes: Changes) -> None:
        """Rows changed; what is on screen is fetched again when it is painted."""
        self._rows.forget(changes.photo_ids)
        if self.listing.ids:
            last = len(self.listing.ids) - 1
            self.dataChanged.emit(self.index(0), self.index(last))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many photos there are."""
        return 0 if parent.isValid() else len(self.listing.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The file's name, and a sentence for screen readers and tool tips."""
        if not self.checkIndex(index, QAbstractListModel.CheckIndexOption.IndexIsValid):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            photo = self.photo_at(index.row())
            return photo.path.name if photo else ""
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            photo = self.photo_at(index.row())
            return self.describe(photo) if photo else self.tr("This photo is gone.")
        return None

    def photo_at(self, row: int) -> PhotoRow | None:
        """Everything shown of a photo; reads a page of the library when it isn't there yet."""
        return self._rows.row(row)

    def id_at(self, row: int) -> PhotoId:
        """The photo at this place."""
        return self.listing.ids[row]

    def describe(self, photo: PhotoRow) -> str:
        """One photo in words: name, tags with their states, and what is wrong with it."""
        words = {
            TagState.PREDICTED: self.tr("predicted"),
            TagState.CONFIRMED: self.tr("confirmed"),
            TagState.CORRECTED: self.tr("corrected"),
        }
        tags = [
            f"{class_title(tag.name)} ({words[tag.state]})"
            for tag in photo.tags
            if tag.state in words
        ]
        parts = [photo.path.name, ", ".join(tags) or self.tr("no tags")]
        if photo.rating and photo.rating > 0:
            parts.append(self.tr("%Ln star(s)", "", photo.rating))
        if photo.label:
            parts.append(self.tr("label {label}").format(label=photo.label))
        if photo.error:
            parts.append(photo.error)
        if photo.file_state is FileState.PENDING:
            parts.append(self.tr("keywords wait to be written"))
        if photo.write_error:
            parts.append(photo.write_error)
        return ". ".join(parts)
