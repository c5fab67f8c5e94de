"""The panel on the left: everything that a search can be narrowed by, in sections that fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from tagger.core.query import ByCamera, HasTag, InFolder, InShoot, Rated
from tagger.gui.panels.choice_list import ChoiceList
from tagger.gui.panels.class_list import ClassList
from tagger.gui.panels.date_tree import DateTree
from tagger.gui.panels.place_tree import PlaceTree
from tagger.gui.panels.saved_list import SavedList
from tagger.gui.panels.section import Section
from tagger.gui.query_text import query_title, rating_stars
from tagger.services.facets import RATINGS, STATES, Facet, facet_of, query_parts

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look
    from tagger.services.listing import Counts

_KEY = "sections/{name}"
_OPEN_AT_FIRST = {"classes", "saved", "places"}


class SidePanel(QScrollArea):
    """Sections from top to bottom.

    Signals:
        chosen(Query, Choice): a choice of any facet was clicked.
    """

    chosen = Signal(object, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.classes = ClassList(look)
        self.saved = SavedList(look)
        self.places = PlaceTree(look)
        self.dates = DateTree(look)
        self.ratings = ChoiceList(look)
        self.cameras = ChoiceList(look)
        self.states = ChoiceList(look)
        self.ratings.show_choices([(query, _title(query)) for query in RATINGS])
        self.states.show_choices([(query, query_title(query)) for query in STATES])
        for row, query in zip(self.ratings.rows, RATINGS, strict=True):
            row.set_spoken(query_title(query))
        self.sections = {
            "classes": Section(self.tr("Classes"), self.classes, look),
            "saved": Section(self.tr("Saved searches"), self.saved, look),
            "places": Section(self.tr("Folders"), self.places, look),
            "dates": Section(self.tr("Dates"), self.dates, look),
            "ratings": Section(self.tr("Rating"), self.ratings, look),
            "cameras": Section(self.tr("Camera"), self.cameras, look),
            "states": Section(self.tr("State"), self.states, look),
        }
        for source in (self.classes, self.dates, self.ratings, self.cameras, self.states):
            source.chosen.connect(self.chosen)
        self._lay_out()

    def restore(self, settings: QSettings) -> None:
        """Open the sections that were open, and remember from now on."""
        for name, section in self.sections.items():
            key = _KEY.format(name=name)
            is_open = settings.value(key, name in _OPEN_AT_FIRST, type=bool)
            section.set_open(bool(is_open))
            section.folded.connect(lambda folded, key=key: settings.setValue(key, not folded))

    def show_counts(self, counts: Counts) -> None:
        """What each choice would leave."""
        self.classes.show_counts({HasTag(name): n for name, n in counts.classes.items()})
        facets = counts.facets
        self.dates.show_counts(facets.days)
        cameras: dict[Query, int] = {ByCamera(name): n for name, n in facets.cameras.items()}
        self.cameras.show_choices([(query, query_title(query)) for query in cameras])
        self.cameras.show_counts(cameras)
        choices = dict(zip((*RATINGS, *STATES), facets.choices, strict=True))
        self.ratings.show_counts(choices)
        self.states.show_counts(choices)

    def show_query(self, query: Query | None) -> None:
        """Mark what the search speaks of."""
        for panel in (
            self.classes,
            self.saved,
            self.dates,
            self.ratings,
            self.cameras,
            self.states,
        ):
            panel.show_query(query)
        self.places.show_query(query)
        parts = query_parts(query)
        asked = {facet_of(part) for part in parts}
        for name, facet in _FACETS.items():
            self.sections[name].heading.show_filtering(facet in asked)
        is_placed = any(isinstance(part, InFolder | InShoot) for part in parts)
        self.sections["places"].heading.show_filtering(is_placed)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(8)
        for section in self.sections.values():
            column.addWidget(section)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)


_FACETS = {
    "classes": Facet.CLASS,
    "dates": Facet.DATE,
    "ratings": Facet.RATING,
    "cameras": Facet.CAMERA,
    "states": Facet.STATE,
}


def _title(query: Query) -> str:
    return rating_stars(query) if isinstance(query, Rated) else query_title(query)
