"""Every part of the window, made and laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tagger.core.query import Sort
from tagger.gui.grid.model import PhotoModel
from tagger.gui.grid.view import MAX_CELL_PX, MIN_CELL_PX, GridView
from tagger.gui.inspector.compare import Compare
from tagger.gui.inspector.loupe import Loupe
from tagger.gui.inspector.panel import Inspector
from tagger.gui.panels.chips import ChipBar
from tagger.gui.panels.jobs_bar import JobsBar
from tagger.gui.panels.notice_bar import NoticeBar
from tagger.gui.panels.search_box import SearchBox
from tagger.gui.panels.side_panel import SidePanel
from tagger.gui.panels.welcome import Welcome
from tagger.gui.review.offer import OfferBar
from tagger.gui.review.page import ReviewPage
from tagger.gui.ribbon.strip import RibbonStrip
from tagger.gui.teach.cell_bar import CellBar
from tagger.gui.teach.page import TeachPage
from tagger.gui.text import translate

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.gui.session import Session

_LEFT_PX, _RIGHT_PX = 256, 292


class Widgets:
    """The parts of one window.

    Attributes:
        frame: holds all of them.
        notice: what a person should know once.
        pages: welcome, grid or loupe.
        left, right: the panels beside.
        side: what the left panel holds.
        top: search, order and zoom, with the chips and the hours of the shoot below.
    """

    def __init__(self, session: Session, look: Look, window: QWidget) -> None:
        self._look = look
        # From the outside in: Qt dresses all that is in a widget again when that gets a parent.
        self.frame = QWidget(window)
        splitter = QSplitter(Qt.Orientation.Horizontal, self.frame)
        splitter.setHandleWidth(1)
        self.left = _make_panel(splitter, "left")
        middle = QWidget(splitter)
        self.right = _make_panel(splitter, "right")
        self.pages = QStackedWidget(middle)
        # Else the widest page, which is not even shown, would take the panels' place.
        self.pages.setMinimumSize(320, 240)
        self._hidden_around: list[QWidget] = []
        self.top = QWidget(middle)
        self.top.setObjectName("toolbar")
        self.search = SearchBox(look, self.top)
        self.sort = self._make_sort()
        self.zoom = self._make_zoom()
        self.chips = ChipBar(look, self.top)
        self.ribbon = RibbonStrip(look, self.top)
        self.side = SidePanel(look, self.left)
        self.classes, self.places = self.side.classes, self.side.places
        self.grid = GridView(session.thumbnails, look, self.pages)
        self.grid.setModel(PhotoModel(session.workspace.library.photo_rows, self.grid))
        self.loupe = Loupe(look, self.pages)
        self.compare = Compare(look, self.pages)
        self.review = ReviewPage(look, self.pages)
        self.teach = TeachPage(look, self.pages)
        self.welcome = Welcome(look, self.pages)
        for page in (self.grid, self.loupe, self.compare, self.review, self.teach, self.welcome):
            self.pages.addWidget(page)
        self.cell_bar = CellBar(look, middle)
        self.inspector = Inspector(look, self.right)
        self.offer = OfferBar(look, middle)
        self.jobs = JobsBar(look, self.frame)
        self.notice = NoticeBar(look, self.frame)
        self._lay_out_top()
        _fill_panel(self.left, self.side)
        _fill_panel(self.right, self.inspector)
        self._lay_out_frame(splitter, middle)

    def show_browsing(self, is_browsing: bool) -> None:
        """Panels and search beside the grid; nothing of it beside the welcome."""
        # The page first: one that is left puts back what it had changed around itself.
        if is_browsing == (self.pages.currentWidget() is self.welcome):
            self.pages.setCurrentWidget(self.grid if is_browsing else self.welcome)
        for widget in (self.top, self.left, self.right):
            widget.setVisible(is_browsing)

    def show_around(self, is_wanted: bool) -> None:
        """What stands around the grid and speaks of its photos: search and panels."""
        if not is_wanted and not self._hidden_around:
            self._hidden_around = [w for w in (self.top, self.left, self.right) if not w.isHidden()]
            for widget in self._hidden_around:
                widget.hide()
        elif is_wanted:
            for widget in self._hidden_around:
                widget.show()
            self._hidden_around = []

    def _make_sort(self) -> QComboBox:
        box = QComboBox(self.top)
        titles = {
            Sort.TAKEN: translate("By time, in shoots"),
            Sort.NAME: translate("By name"),
            Sort.SCORE: translate("Best score first"),
            Sort.ADDED: translate("Newest in library first"),
        }
        for sort, title in titles.items():
            box.addItem(title, sort)
        box.setAccessibleName(translate("Order of the photos"))
        return box

    def _make_zoom(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self.top)
        slider.setRange(MIN_CELL_PX, MAX_CELL_PX)
        slider.setPageStep(40)
        slider.setFixedWidth(110)
        slider.setAccessibleName(translate("Size of the photos"))
        return slider

    def _lay_out_top(self) -> None:
        self.top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(10)
        row.addWidget(self.search, 1)
        row.addWidget(self.sort, 0, Qt.AlignmentFlag.AlignTop)
        sizes = QHBoxLayout()
        # As high as what stands beside it: a complaint below the search moves nothing.
        sizes.addStrut(self.sort.sizeHint().height())
        for widget in (self._make_icon("small-cells"), self.zoom, self._make_icon("large-cells")):
            sizes.addWidget(widget)
        row.addLayout(sizes)
        row.setAlignment(sizes, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self.top)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.chips)
        column.addWidget(self.ribbon)

    def _make_icon(self, name: str) -> QLabel:
        label = QLabel(self.top)

        def draw() -> None:
            label.setPixmap(self._look.icon(name, self._look.colors.muted).pixmap(QSize(16, 16)))

        draw()
        self._look.changed.connect(draw)
        return label

    def _lay_out_frame(self, splitter: QSplitter, middle: QWidget) -> None:
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.cell_bar)
        column.addWidget(self.pages, 1)
        column.addWidget(self.offer)
        splitter.setChildrenCollapsible(False)
        for widget in (self.left, middle, self.right):
            splitter.addWidget(widget)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_LEFT_PX, 800, _RIGHT_PX])
        rows = QVBoxLayout(self.frame)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.notice)
        rows.addWidget(splitter, 1)
        rows.addWidget(self.jobs)


def _make_panel(splitter: QSplitter, side: str) -> QFrame:
    """Named before it is filled: style sheets look at names when a widget gets its parent."""
    panel = QFrame(splitter)
    panel.setObjectName("panel")
    panel.setProperty("side", side)
    panel.setMinimumWidth(180 if side == "left" else 240)
    return panel


def _fill_panel(panel: QFrame, content: QWidget) -> None:
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(content)
