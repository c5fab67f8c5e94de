"""Which photos an action is about, and keeping them when the listing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QTimer,
    Signal,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tagger.core.ids import PhotoId
    from tagger.gui.grid.view import GridView
    from tagger.library import PhotoRow
    from tagger.services.listing import Listing

_MOST_KEPT = 5_000
"""A larger selection is let go when the photos under it change: nobody can see what it held."""

_MOST_SEEN = 200
"""Of more photos than that nobody has looked at each."""

_FLAG = QItemSelectionModel.SelectionFlag


class Selection(QObject):
    """The current photo and the selected ones, by id.

    Signals:
        current_changed(): another photo is current, or none.
        changed(int): actions are about so many photos.
    """

    current_changed = Signal()
    changed = Signal(int)

    def __init__(self, grid: GridView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._is_replacing = False
        self._is_chosen = False
        self._alone: tuple[PhotoId, ...] | None = None
        self._is_at_one = False
        self._is_held = False
        self._postponed: Listing | None = None
        self._acted_on: PhotoId | None = None
        # Not at once: Qt is in the middle of going to another photo when it tells that it does.
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._show_postponed)
        model = grid.selectionModel()
        model.currentChanged.connect(self._on_current_changed)
        model.selectionChanged.connect(self._on_selection_changed)

    @property
    def current(self) -> PhotoId | None:
        """The photo with the focus, or the one that actions are narrowed to."""
        return self._focused if self._alone is None else next(iter(self._alone), None)

    @property
    def current_row(self) -> int:
        """Its place in the listing, -1 for none."""
        return self._grid.currentIndex().row()

    @property
    def count(self) -> int:
        """How many photos are selected."""
        selection = self._grid.selectionModel().selection()
        return sum(selection.at(place).height() for place in range(selection.count()))

    def photo_ids(self) -> list[PhotoId]:
        """What an action is about: the selected photos, else the current one."""
        self._is_chosen = True  # who acts on a photo wants to keep it, whatever is found meanwhile
        self._acted_on = self._focused
        if self._alone is not None:
            return list(self._alone)
        chosen = [] if self._is_at_one else self.selected_ids()
        if chosen or self.current is None:
            return chosen
        return [self.current]

    def seen_rows(self, photo_ids: Sequence[PhotoId]) -> list[PhotoRow] | None:
        """These photos as they stand in the grid; None where they do not, or are too many."""
        if len(photo_ids) > _MOST_SEEN:
            return None
        photos = self._grid.photos
        places = photos.listing.rows_of(photo_ids)
        rows = [row for row in map(photos.photo_at, places) if row is not None]
        return rows if len(rows) == len(photo_ids) else None

    def selected_ids(self) -> list[PhotoId]:
        """The selected photos in the order of the listing, whatever actions are narrowed to."""
        ids = self._grid.photos.listing.ids
        return [photo for rows in self._ranges() for photo in ids[rows.start : rows.stop]]

    def narrow_to(self, *photo_ids: PhotoId) -> None:
        """Until `widen`, actions are about these photos alone, whatever is selected."""
        if photo_ids != self._alone:
            self._narrow(photo_ids)

    def widen(self) -> None:
        """Actions are about what is selected again."""
        if self._alone is not None:
            self._narrow(None)

    def look_at_one(self, is_at_one: bool) -> None:
        """While one photo is looked at, actions are about the current one, whichever that is."""
        self._is_at_one = is_at_one
        self._is_chosen |= is_at_one
        self._settling.start()
        self.changed.emit(self._acted_count)

    def focus(self, photo_id: PhotoId) -> None:
        """Make this photo the current one, if it is listed; the same are selected as before."""
        for row in self._grid.photos.listing.rows_of([photo_id]):
            index = self._grid.photos.index(row)
            self._grid.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)

    def move_to(self, row: int) -> None:
        """Make the photo at this place the only selected one."""
        last = len(self._grid.photos.listing.ids) - 1
        if last >= 0:
            self._grid.go_to(max(0, min(row, last)))

    def select_photos(self, photo_ids: Collection[PhotoId]) -> bool:
        """Select those of these that are listed and go to the first; whether there is any."""
        rows = self._grid.photos.listing.rows_of(photo_ids)
        if not rows:
            return False
        self._select(rows)
        self.focus(self._grid.photos.id_at(rows[0]))
        return True

    def hold(self) -> None:
        """A menu is open: what it will act on is what is seen now, until `let_go`."""
        self._is_held = True

    def let_go(self) -> None:
        """Photos may come and go again; those that did meanwhile do so now."""
        self._is_held = False
        self._show_postponed()

    def replace_listing(self, listing: Listing, *, keep: bool) -> None:
        """Show another listing. `keep`: of the same search, so that nothing seems to move.

        The one photo that is looked at stays until the person has decided on it or gone on, also
        when it left the search by what others did: the next key is meant for it.
        """
        old = self._grid.photos.listing
        is_same = keep and (listing.ids, listing.sections) == (old.ids, old.sections)
        waits = keep and not is_same and (self._is_held or self._would_take_away(listing))
        self._postponed = listing if waits else None
        if is_same or self._postponed is not None:
            return
        if not keep:
            self._grid.photos.show_listing(listing)
            self.move_to(0)
            self._is_chosen = False
            if not listing.ids:
                # Qt does not tell that with the last photo the current one went away.
                self.current_changed.emit()
                self.changed.emit(0)
            return
        # While nobody has chosen a photo, the first one is current, whichever that is now.
        current, row = (self._focused, self.current_row) if self._is_chosen else (None, 0)
        is_kept = self._is_chosen and self.count <= _MOST_KEPT
        selected = self.selected_ids() if is_kept else []
        held = self._grid.hold()
        self._is_replacing = True
        self._grid.photos.show_listing(listing)
        self._grid.restore(held)
        self._select(listing.rows_of(selected))
        self._set_current(listing, current, row)
        self._is_replacing = False
        self.current_changed.emit()
        self.changed.emit(self._acted_count)

    @property
    def _acted_count(self) -> int:
        if self._alone is not None:
            return len(self._alone)
        return min(1, self.count) if self._is_at_one else self.count

    def _narrow(self, photo_ids: tuple[PhotoId, ...] | None) -> None:
        self._alone = photo_ids
        self.current_changed.emit()
        self.changed.emit(self._acted_count)

    @property
    def _focused(self) -> PhotoId | None:
        row = self._grid.currentIndex().row()
        return self._grid.photos.id_at(row) if row >= 0 else None

    def _select(self, rows: Sequence[int]) -> None:
        selection = QItemSelection()
        for run in _runs(rows):
            model = self._grid.photos
            selection.select(model.index(run.start), model.index(run.stop - 1))
        self._grid.selectionModel().select(selection, _FLAG.ClearAndSelect)

    def _set_current(self, listing: Listing, current: PhotoId | None, row: int) -> None:
        """The same photo, else the one that took its place; at first the first."""
        if not listing.ids:
            return
        rows = [] if current is None else listing.rows_of([current])
        place = rows[0] if rows else max(0, min(row, len(listing.ids) - 1))
        flag = _FLAG.NoUpdate if self.count else _FLAG.ClearAndSelect
        # Qt would scroll to it, although nothing is to move.
        self._grid.setAutoScroll(False)
        self._grid.selectionModel().setCurrentIndex(self._grid.photos.index(place), flag)
        self._grid.setAutoScroll(True)

    def _ranges(self) -> Iterator[range]:
        selection = self._grid.selectionModel().selection()
        parts = (selection.at(place) for place in range(selection.count()))
        yield from sorted(
            (range(part.top(), part.bottom() + 1) for part in parts), key=lambda rows: rows.start
        )

    def _would_take_away(self, listing: Listing) -> bool:
        current = self._focused if self._is_at_one else None
        return current is not None and current != self._acted_on and not listing.rows_of([current])

    def _show_postponed(self) -> None:
        if self._postponed is not None:
            self.replace_listing(self._postponed, keep=True)

    def _on_current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._is_replacing:
            self._is_chosen = True
            self._acted_on = None
            self._settling.start()
            self.current_changed.emit()

    def _on_selection_changed(self) -> None:
        if not self._is_replacing:
            self.changed.emit(self._acted_count)


def _runs(rows: Sequence[int]) -> Iterator[range]:
    """Rising numbers as stretches without gaps."""
    start = None
    for place, row in enumerate(rows):
        if start is None:
            start = row
        if place + 1 == len(rows) or rows[place + 1] != row + 1:
            yield range(start, row + 1)
            start = None
