"""Between the search and what shows it: box, chips, classes, folders, grid. All are one query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.errors import QueryError
from tagger.gui.panels.filter_row import Choice
from tagger.services import narrowing
from tagger.services.listing import Listing
from tagger.services.searching import format_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.core.query import Query, Sort
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets
    from tagger.services.listing import Counts, Overview

_BY_CHOICE = {
    Choice.ONLY: narrowing.select_only,
    Choice.AND: narrowing.require,
    Choice.OR: narrowing.offer,
    Choice.NOT: narrowing.exclude,
}


class Browsing(QObject):
    """Asks and shows.

    Signals:
        surveyed(Overview): the library as a whole has been counted.
        troubled(str): the library can't be read; one sentence.
        left_photos(): the grid shows a search again, not photos that were picked.
    """

    surveyed = Signal(object)
    troubled = Signal(str)
    left_photos = Signal()

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = session.search
        self._widgets = widgets
        self._selection = selection
        self._query: Query | None = None
        self._shown: tuple[str, Sort] | None = None
        self._picked: Listing | None = None
        self._search.listed.connect(self._on_listed)
        self._search.counted.connect(self._on_counted)
        self._search.surveyed.connect(self._on_surveyed)
        self._search.refused.connect(self._on_refused)
        session.feed.changed.connect(self._on_changed)
        session.thumbnails.loaded.connect(widgets.grid.update_photos)
        widgets.search.asked.connect(self.ask)
        widgets.chips.dropped.connect(
            lambda place: self.narrow(narrowing.drop_part(self._query, place))
        )
        widgets.chips.cleared.connect(self.clear)
        widgets.side.chosen.connect(
            lambda query, choice: self.narrow(_BY_CHOICE[choice](self._query, query))
        )
        widgets.places.chosen.connect(
            lambda place: self.narrow(narrowing.choose_place(self._query, place))
        )

    @property
    def query(self) -> Query | None:
        """What is being looked for; None for all photos, and while picked ones are shown."""
        return self._query

    @property
    def shows_all(self) -> bool:
        """Whether every photo of the library is on screen."""
        return self._query is None and self._picked is None

    def narrow(self, query: Query | None) -> None:
        """Search for this."""
        self._query = query
        self.ask("" if query is None else format_query(query))

    def clear(self) -> None:
        """Show everything."""
        self.narrow(None)

    def show_photos(self, photo_ids: Sequence[PhotoId]) -> None:
        """Show these photos, in this order, until something is looked for."""
        self._widgets.sort.setEnabled(False)
        self._picked = Listing(ids=list(photo_ids)).prepare()
        self._selection.replace_listing(self._picked, keep=False)
        self._query = None
        self._widgets.search.drop_typed()
        self._widgets.search.show_text("")
        self._widgets.search.show_problem(None)
        self._widgets.chips.show_picked(len(self._picked.ids))
        self._widgets.side.show_query(None)

    def ask(self, text: str) -> None:
        """Search for this text, whatever is being typed or was picked."""
        self._widgets.search.drop_typed()
        if self._picked is not None:
            self._picked = self._shown = None
            self._widgets.sort.setEnabled(True)
            self.left_photos.emit()
        self._search.ask(text)

    def _on_listed(self, listing: Listing) -> None:
        if self._picked is not None:
            return
        shown = (listing.text, listing.sort)
        widgets = self._widgets
        self._selection.replace_listing(listing, keep=shown == self._shown)
        self._shown, self._query = shown, listing.query
        if not self._search.is_refused:
            widgets.search.show_text(listing.text)
            widgets.search.show_problem(None)
        widgets.chips.show_query(listing.query, len(listing.ids))
        widgets.side.show_query(listing.query)
        empty = self.tr("No photo fits this search.") if listing.text else ""
        widgets.grid.set_empty_message(empty)

    def _on_counted(self, counts: Counts) -> None:
        self._widgets.side.show_counts(counts)

    def _on_surveyed(self, overview: Overview) -> None:
        widgets = self._widgets
        names = [tag.name for tag in overview.classes]
        widgets.classes.show_classes(overview.classes)
        widgets.search.set_classes(names)
        widgets.grid.set_classes(names)
        widgets.grid.set_offline({place.folder_id for place in overview.places if place.is_offline})
        widgets.places.show_places(overview)
        widgets.side.show_query(self._query)
        self.surveyed.emit(overview)

    def _on_refused(self, error: Exception) -> None:
        if isinstance(error, QueryError):
            self._widgets.search.show_problem(error)
        else:
            self.troubled.emit(str(error))

    def _on_changed(self, changes: Changes) -> None:
        self._widgets.grid.photos.refresh(changes)
        self._search.refresh(changes)
